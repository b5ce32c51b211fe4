"""Fields of a page: their words fit their type, and there is an answer to them."""

from ivr.language.document import Path
from ivr.language.pages import FormField
from ivr.language.problems import listing
from ivr.language.proof.subject import Subject

_WORDS = {
    "text": {"least", "most", "matches", "lines"},
    "number": {"least", "most", "decimals"},
    "scale": {"least", "most", "ends"},
    "money": {"least", "most"},
    "date": {"least", "most"},
    "flag": set(),
    "choice": {"options"},
}
_OF_SOME = frozenset({"least", "most", "decimals", "matches", "lines", "options", "ends"})
LONGEST_SCALE = 11
"""As many as 0 to 10 has."""
FEWEST_OPTIONS = 2


def prove_field(subject: Subject, at: Path, field: FormField) -> None:
    """Words of other types, bounds that leave nothing, choices that are none."""
    fitting = _WORDS[field.type]
    for word in sorted(field.model_fields_set & _OF_SOME - fitting):
        told = f"a {field.type} has no {word!r}; it may have {listing(fitting)}"
        subject.report("F703", (*at, word), told, name=True)
    if field.least is not None and field.most is not None and field.least > field.most:
        told = f"nothing lies between {field.least:g} and {field.most:g}; the lower one is `least`"
        subject.report("F704", (*at, "least"), told)
    elif field.type == "scale":
        _prove_scale(subject, at, field)
    elif field.type == "choice":
        _prove_options(subject, at, field)


def _prove_scale(subject: Subject, at: Path, field: FormField) -> None:
    if field.least is None or field.most is None:
        subject.report("F704", (*at, "type"), "a scale needs its ends, as in `least: 0` and `most: 10`")
    elif not (field.least.is_integer() and field.most.is_integer()):
        subject.report("F704", (*at, "least"), "a scale has whole numbers; leave out the fractions")
    elif field.most - field.least >= LONGEST_SCALE:
        told = f"{field.most - field.least + 1:.0f} numbers are too many to choose from; ask for a number"
        subject.report("F704", (*at, "most"), told)


def _prove_options(subject: Subject, at: Path, field: FormField) -> None:
    if len(field.options) < FEWEST_OPTIONS:
        subject.report("F704", (*at, "type"), "a choice needs at least two `options`")
    seen: set[str] = set()
    for index, option in enumerate(field.options):
        value = str(option.value)
        if value in seen:
            told = f"{value!r} is an option already; give it another value"
            subject.report("F704", (*at, "options", index, "value"), told)
        seen.add(value)
