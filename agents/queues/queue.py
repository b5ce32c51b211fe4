"""A named queue as its owner sets it, checked. Pure."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field, fields, replace
from typing import Any, Final

from agents.queues.settings import (
    flag,
    know,
    number,
    numbers,
    one_of,
    opening,
    seconds,
    text,
    texts,
    words,
)
from values import BadInputError

TARGET: Final = "queue"
"""Before the dot of a flow's target: `transfer: queue.care`."""
LANGUAGES: Final = ("it", "en", "ru")
RESERVED: Final = frozenset({"live", "stats", "waiting", "definitions"})
"""What the REST API's paths mean by themselves."""
_NAME: Final = re.compile(r"[a-z][a-z0-9_]{0,39}")
_OVERFLOWS: Final = ("", "queue", "flow", "call_back", "message")


@dataclass(frozen=True, slots=True, kw_only=True)
class Queue:
    """Callers who wait for agents who know something, and how they are treated. Times are in seconds."""

    name: str
    title: str = ""
    skill: str = ""
    """What an agent must know; '' anybody will do."""
    languages: Sequence[str] = LANGUAGES
    """Those it is served in, the usual one first."""
    language_must: bool = False
    """Whether only who speaks the caller's language will do; otherwise they go first."""
    target_seconds: float = 20.0
    """Answered within so long counts as in time (the service level)."""
    short_seconds: float = 5.0
    """Who hangs up sooner is a short abandon."""
    longest_wait: float = 600.0
    """Then the caller goes back to the flow."""
    points: Mapping[str, float] = field(default_factory=dict)
    """Points that a customer brings along, by tier (`gold`), and `known` for every customer that we know."""
    points_per_minute: float = 10.0
    """Points for each minute of waiting; so nobody is overtaken without end."""
    longest_head_start: float = 600.0
    """No customer's points are worth more seconds of waiting than this."""
    announce_first: float = 8.0
    """When place and estimated wait are told first."""
    announce_every: float = 45.0
    """And how often after that; 0 never again."""
    tell_position: bool = True
    tell_estimate: bool = True
    music: str = "default"
    call_back: bool = True
    """Whether callers may be called back instead of waiting."""
    call_back_after: float = 60.0
    """Offered after so long,"""
    call_back_estimate: float = 180.0
    """or as soon as the estimated wait is longer than this."""
    call_back_tries: int = 2
    """How often a customer who does not answer is called back."""
    call_back_again: float = 600.0
    """How long after a call that was not answered."""
    overflow: str = ""
    """Where who has waited for `overflow_after` goes: `queue`, `flow`, `call_back`, `message`; '' nowhere."""
    overflow_after: float = 300.0
    overflow_to: str = ""
    """The other queue, or the message in words of its own by `messages`."""
    wrap_seconds: float = 30.0
    record: bool = False
    zone: str = "Europe/Rome"
    hours: Mapping[str, Sequence[str]] = field(default_factory=dict)
    """Half-open windows by day, as in flows: `{mon: ["08:00-22:00"]}`; nothing at all: always open."""
    holidays: str = ""
    """The country whose public holidays are closed."""
    closed_days: Sequence[str] = ()
    """Further days that are closed: `2026-12-24`."""
    messages: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    """Words of its own by language, for `closed` and `overflow`."""
    dispositions: Sequence[Mapping[str, Any]] = field(default_factory=list)
    """How an agent may say that a talk ended; `[{name, title}]`."""
    script: str = ""
    """The agents' script."""
    active: bool = True

    def told(self) -> dict[str, Any]:
        """As JSON has it."""
        return asdict(self)

    @property
    def settings(self) -> dict[str, Any]:
        """All but the name."""
        shown = self.told()
        del shown["name"]
        return shown


SETTINGS: Final = tuple(each.name for each in fields(Queue) if each.name != "name")


def queue_of(name: str, settings: Mapping[str, Any], *, like: Queue | None = None) -> Queue:
    """A queue of checked settings; what is left out is as in `like`, or as usual.

    Raises `BadInputError` naming the field.
    """
    if not _NAME.fullmatch(name):
        raise BadInputError("small letters, digits and _, a letter first, at most 40", field="name")
    if name in RESERVED:
        raise BadInputError("is a word with a meaning of its own; take another", field="name")
    know(settings, SETTINGS)
    made = replace(
        like or Queue(name=name),
        name=name,
        **{key: _READ[key](key, value) for key, value in settings.items()},
    )
    if made.overflow == "queue" and (not made.overflow_to or made.overflow_to == name):
        raise BadInputError("name the other queue", field="overflow_to")
    if not made.languages:
        raise BadInputError("name at least one", field="languages")
    if made.short_seconds > made.target_seconds:
        raise BadInputError("is not more than target_seconds", field="short_seconds")
    return replace(made, title=made.title or name)


def queue_named(target: str) -> str | None:
    """The queue that a flow's target means; None when it is something else."""
    kind, _, name = target.partition(".")
    return name if kind == TARGET and name else None


def _messages(key: str, value: object) -> dict[str, dict[str, str]]:
    if not isinstance(value, Mapping) or set(value) - {"closed", "overflow"}:
        raise BadInputError("write {closed: {it: …}, overflow: {it: …}}", field=key)
    found: dict[str, dict[str, str]] = {}
    for kind, said in value.items():
        if not isinstance(said, Mapping) or set(said) - set(LANGUAGES):
            raise BadInputError(f"write each by language, out of {', '.join(LANGUAGES)}", field=key)
        found[kind] = {language: text(500)(key, each) for language, each in said.items()}
    return found


def _dispositions(key: str, value: object) -> list[dict[str, str]]:
    if not isinstance(value, list | tuple):
        raise BadInputError("write a list of {name, title}", field=key)
    found = []
    for each in value:
        if not isinstance(each, Mapping) or set(each) - {"name", "title"} or not each.get("name"):
            raise BadInputError("each is {name, title}", field=key)
        name = text(40, pattern=r"[a-z][a-z0-9_]*")(key, each["name"])
        found.append({"name": name, "title": text(120)(key, each.get("title") or name)})
    return found


_READ: Final = {
    "title": text(120),
    "skill": text(40, pattern=r"[A-Za-z0-9][A-Za-z0-9._-]*"),
    "languages": words(LANGUAGES),
    "language_must": flag,
    "target_seconds": seconds(1, 3600),
    "short_seconds": seconds(0, 60),
    "longest_wait": seconds(5, 14_400),
    "points": numbers(0, 1000),
    "points_per_minute": number(0.1, 1000),
    "longest_head_start": seconds(0, 3600),
    "announce_first": seconds(0, 3600),
    "announce_every": seconds(0, 3600),
    "tell_position": flag,
    "tell_estimate": flag,
    "music": text(40, pattern=r"[A-Za-z0-9_-]+"),
    "call_back": flag,
    "call_back_after": seconds(0, 14_400),
    "call_back_estimate": seconds(0, 14_400),
    "call_back_tries": lambda key, value: int(number(1, 5)(key, value)),
    "call_back_again": seconds(1, 86_400),
    "overflow": one_of(_OVERFLOWS),
    "overflow_after": seconds(1, 14_400),
    "overflow_to": text(40, pattern=r"[a-z][a-z0-9_]*"),
    "wrap_seconds": seconds(0, 3600),
    "record": flag,
    "zone": text(60),
    "hours": opening,
    "holidays": text(2, pattern=r"[A-Z]{2}"),
    "closed_days": texts(r"\d{4}-\d{2}-\d{2}"),
    "messages": _messages,
    "dispositions": _dispositions,
    "script": text(80),
    "active": flag,
}
