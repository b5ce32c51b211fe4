"""Which column is what: by what the plan says, else by the header's own words."""

import re
import unicodedata
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from values import BadInputError

NUMBER, CUSTOMER, ZONE, PRIORITY, SCORE = "number", "customer_id", "zone", "priority", "score"
EXPIRES, NOT_BEFORE, LEFT_OUT = "expires", "not_before", "-"
KINDS = ("text", "number", "money", "date")
"""Of fields for the flow."""

_KNOWN: Mapping[str, tuple[str, ...]] = {
    NUMBER: (
        "number", "phone", "telephone", "tel", "mobile", "cell", "msisdn", "phone_number", "telefono",
        "cellulare", "numero", "numero_telefono", "numero_di_telefono", "recapito", "telefon", "handy",
        "portable", "телефон", "номер", "номер_телефона", "мобильный", "мобильный_телефон",
    ),
    CUSTOMER: (
        "customer_id", "customer", "customer_code", "codice_cliente", "id_cliente", "cliente", "codice",
        "account", "kundennummer", "client_id", "клиент", "код_клиента", "номер_клиента",
    ),
    ZONE: ("zone", "time_zone", "timezone", "fuso", "fuso_orario", "часовой_пояс"),
    PRIORITY: ("priority", "priorita", "приоритет"),
    SCORE: ("score", "punteggio"),
    EXPIRES: ("expires", "valid_until", "call_until", "chiamare_entro"),
    NOT_BEFORE: ("not_before", "call_from", "chiamare_da"),
}  # fmt: skip
_LATIN = str.maketrans(
    dict(zip("абвгґдезиіклмнопрстуфхыэє", "abvggdeziiklmnoprstufhyee", strict=True))
    | {"ж": "zh", "ц": "ts", "ч": "ch", "ш": "sh", "щ": "shch", "ю": "yu", "я": "ya", "ь": "", "ъ": ""}
)
"""Cyrillic letters as Latin ones, for names that a flow can write; й and ё have lost their marks before."""
_COUNTED = re.compile(r"^(.*?)_?([1-9])$")
_LONGEST_NAME = 40


@dataclass(frozen=True, slots=True)
class Field:
    """A column that goes to the flow."""

    column: int
    name: str
    kind: str


@dataclass(frozen=True, slots=True)
class Layout:
    """Where in a line everything stands; columns count from 0."""

    names: tuple[str, ...]
    """The columns as people know them; one name each, and no line may have more."""
    numbers: tuple[int, ...]
    single: Mapping[str, int] = field(default_factory=dict)
    """`customer_id`, `zone`, `priority`, `score`, `expires`, `not_before`, where there are such columns."""
    fields: tuple[Field, ...] = ()

    def words(self) -> str:
        """What was understood, for a person to check."""
        found = [f"number = {self.names[column]}" for column in self.numbers]
        found += [f"{target} = {self.names[column]}" for target, column in self.single.items()]
        found += [f"{each.kind}:{each.name} = {self.names[each.column]}" for each in self.fields]
        return "; ".join(found)


def lay_out(header: Sequence[str], mapping: Mapping[str, str]) -> Layout:
    """Find out what is in which column. Raises `BadInputError` naming what is missing or not understood."""
    names = tuple(name.strip() or str(place) for place, name in enumerate(header, 1))
    said = {target: _column(names, column, target) for target, column in mapping.items()}
    numbers = _said_numbers(said)
    single: dict[str, int] = {}
    fields: list[Field] = []
    for target, column in said.items():
        if target in _KNOWN and target != NUMBER:
            single[target] = column
        elif not _is_number(target) and not target.startswith(LEFT_OUT):
            fields.append(_field(target, column))
    taken = set(said.values())
    guessed: list[tuple[int, int]] = []
    for column, name in enumerate(names):
        if column in taken:
            continue
        target, turn = _guess(name)
        if target == NUMBER:
            if not numbers:
                guessed.append((turn, column))
                continue
        elif target and target not in single:
            single[target] = column
            continue
        fields.append(_unsaid(name, column, {each.name for each in fields}))
    numbers = numbers or tuple(column for _, column in sorted(guessed))
    if not numbers:
        raise BadInputError(
            f"no column is known to hold a telephone number; say which: number=…, one of {', '.join(names)}",
            field="map",
        )
    _one_name_each(each.name for each in fields)
    return Layout(names, numbers, single, tuple(fields))


def _column(names: Sequence[str], column: str, target: str) -> int:
    if column.strip() in names:
        return names.index(column.strip())
    wanted = _plain(column)
    for place, name in enumerate(names):
        if wanted and _plain(name) == wanted:
            return place
    if column.strip().isdigit() and 1 <= int(column) <= len(names):
        return int(column) - 1
    raise BadInputError(
        f"{target}: there is no column {column!r}; there are: {', '.join(names)}", field="map"
    )


def _is_number(target: str) -> bool:
    counted = _COUNTED.match(target)
    return target == NUMBER or bool(counted and counted[1] == NUMBER)


def _said_numbers(said: Mapping[str, int]) -> tuple[int, ...]:
    return tuple(column for target, column in sorted(said.items()) if _is_number(target))


def _guess(name: str) -> tuple[str, int]:
    """What a header's word means, and which of several it is; '' for a field of the flow."""
    plain = _plain(name)
    if plain in _MEANING:
        return _MEANING[plain], 1
    counted = _COUNTED.match(plain)
    if counted and _MEANING.get(counted[1]) == NUMBER:
        return NUMBER, int(counted[2])
    return "", 0


def _field(target: str, column: int) -> Field:
    """`money:Importo dovuto` is an amount called importo_dovuto; without a kind it is text."""
    kind, colon, name = target.partition(":")
    if not colon:
        kind, name = "text", target
    kind = kind.strip().lower()
    if kind not in KINDS:
        raise BadInputError(f"{target!r}: a field is of one of the kinds {', '.join(KINDS)}", field="map")
    called = _called(name)
    if not called:
        raise BadInputError(f"{target!r} has no name that a flow could use", field="map")
    return Field(column, called, kind)


def _unsaid(header: str, column: int, taken: Collection[str]) -> Field:
    """A column of which nobody has said anything goes to the flow, if need be by its place: `column_3`."""
    kind, _, name = header.partition(":")
    if kind.strip().lower() not in KINDS or not name:
        kind, name = "text", header
    called = _called(name)
    if not called or (called in taken and not name.isascii()):
        called = f"column_{column + 1}"
    return Field(column, called, kind.strip().lower())


def _called(name: str) -> str:
    """A header as flows write names: `Codice Cliente` is codice_cliente, `Имя` imya; '' for nothing left."""
    latin = _bare(name).lower().translate(_LATIN)
    plain = re.sub(r"[^a-z0-9]+", "_", latin.encode("ascii", "ignore").decode()).strip("_")[:_LONGEST_NAME]
    return plain if not plain or plain[0].isalpha() else f"f_{plain}"


def _plain(name: str) -> str:
    """A header without case, accents and marks between its words, in whatever alphabet: to tell it again."""
    return re.sub(r"[\W_]+", "_", _bare(name).casefold()).strip("_")


def _bare(name: str) -> str:
    """Letters without what stands above or below them."""
    return "".join(each for each in unicodedata.normalize("NFKD", name) if not unicodedata.combining(each))


_MEANING = {_plain(word): target for target, words in _KNOWN.items() for word in words}
"""What a header's plain words say."""


def _one_name_each(names: Iterable[str]) -> None:
    seen: set[str] = set()
    for name in names:
        if name in seen:
            raise BadInputError(f"two columns are called {name!r}; give one another name", field="map")
        seen.add(name)
