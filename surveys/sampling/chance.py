"""Drawing by chance that can be done again: the same seed, the same people, whatever their order. Pure.

Each person has a number that seed and id alone decide (BLAKE2b, evenly spread); the lowest of each stratum
are drawn. That is simple random sampling without replacement within strata, by permanent random numbers (K.
Brewer, 1972).
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from hashlib import blake2b
from typing import Final

_BYTES: Final = 8
_ALL: Final = 1 << 8 * _BYTES


@dataclass(frozen=True, slots=True, order=True)
class Candidate:
    """Somebody who may be drawn."""

    customer_id: str
    stratum: str = ""
    """`voice|Roma`; '' without strata."""


@dataclass(frozen=True, slots=True)
class Drawn:
    """Somebody who was."""

    customer_id: str
    stratum: str
    weight: float
    """How many of the stratum's people they stand for: its size ÷ those drawn of it."""


def by_stratum(frame: Iterable[Candidate]) -> Mapping[str, Sequence[str]]:
    """The frame's people by stratum, in the order of their ids; one in two strata counts in the first."""
    strata: dict[str, list[str]] = defaultdict(list)
    seen: set[str] = set()
    for each in sorted(set(frame)):
        if each.customer_id not in seen:
            seen.add(each.customer_id)
            strata[each.stratum].append(each.customer_id)
    return strata


def drawn(strata: Mapping[str, Sequence[str]], wanted: Mapping[str, int], seed: str) -> Sequence[Drawn]:
    """So many of each stratum, ordered by stratum and chance."""
    return first_of(ranked(strata, seed), wanted)


def ranked(strata: Mapping[str, Sequence[str]], seed: str) -> Mapping[str, Sequence[str]]:
    """The strata, each in the order of chance."""
    return {
        stratum: sorted(people, key=lambda person: (number(seed, person), person))
        for stratum, people in strata.items()
    }


def first_of(strata: Mapping[str, Sequence[str]], wanted: Mapping[str, int]) -> Sequence[Drawn]:
    """The first so many of each stratum, as they lie."""
    found: list[Drawn] = []
    for stratum in sorted(strata):
        people = strata[stratum]
        chosen = people[: wanted.get(stratum, 0)]
        found += [Drawn(person, stratum, len(people) / len(chosen)) for person in chosen]
    return found


def spread(people: Sequence[Drawn], seed: str) -> Sequence[tuple[Drawn, float]]:
    """In the order in which to ring them, each with its place from 0 to below 1.

    Strata are mixed: whenever one stops, each has had about the same share of its own. By seed and id alone.
    """
    strata: dict[str, list[Drawn]] = defaultdict(list)
    for each in people:
        strata[each.stratum].append(each)
    found = [
        (each, (turn + number(f"turns of {seed}", each.customer_id) / _ALL) / len(inside))
        for inside in strata.values()
        for turn, each in enumerate(inside)
    ]
    return sorted(found, key=lambda pair: (pair[1], pair[0].customer_id))


def by_chance(seed: str, key: str, share: float) -> bool:
    """Whether one falls to a share of all: for calls, one at a time, before anybody has talked.

    Seed and key decide alone: asked again, also after a restart, it is the same.
    """
    return number(seed, key) < share * _ALL


def number(seed: str, key: str) -> int:
    """The key's number, evenly spread over 64 bits."""
    return int.from_bytes(blake2b(key.encode(), digest_size=_BYTES, key=_short(seed)).digest())


def digest(strata: Mapping[str, Sequence[str]]) -> str:
    """A fingerprint of a frame: whether it is the same one, without keeping who is in it."""
    hashed = blake2b(digest_size=16)
    for stratum in sorted(strata):
        for person in sorted(strata[stratum]):
            hashed.update(f"{len(stratum)}:{stratum}{len(person)}:{person}".encode())
    return hashed.hexdigest()


def _short(seed: str) -> bytes:
    """A seed of any length as a key of BLAKE2b, which takes 64 bytes."""
    return blake2b(seed.encode(), digest_size=32).digest()
