"""What is wrong with the shape of a flow, in words for its author; pydantic finds it, this tells it."""

from collections.abc import Mapping

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from ivr.language import checks, model, pages
from ivr.language.basics import ACTION_NAME, FLOW_NAME, KEY, STEP_NAME
from ivr.language.catalogue import problem
from ivr.language.document import Document, Path
from ivr.language.problems import Problem, did_you_mean, listing

Found = tuple[str, str]
"""A code and its message."""

_STEPS: dict[str, type[BaseModel]] = {
    "say": model.SayStep,
    "menu": model.MenuStep,
    "ask": model.AskStep,
    "rate": model.RateStep,
    "do": model.DoStep,
    "choose": model.ChooseStep,
    "set": model.SetStep,
    "language": model.LanguageStep,
    "hours": model.HoursStep,
    "record": model.RecordStep,
    "transfer": model.TransferStep,
    "run": model.RunStep,
    "mark": model.MarkStep,
    "page": model.PageStep,
    "end": model.EndStep,
}
_CHECKS: dict[str, type[BaseModel]] = {
    "matches": checks.Matches,
    "between": checks.Between,
    "luhn": checks.Luhn,
    "date": checks.IsDate,
    "number": checks.IsNumber,
    "action": checks.Accepted,
}
_PATTERNS = {
    STEP_NAME: "names have small letters a to z, digits and _, and begin with a letter: main_menu",
    FLOW_NAME: "a flow's name looks like care.service_0611: small letters, digits, _ and dots",
    ACTION_NAME: "an action's name looks like care.balance: its room, a dot, what it does",
    KEY: "keys are one to four out of 0-9, * and #",
    pages.PAGE_KEY: "an answer is chosen by one of the keys 1 to 9",
    r"^[a-z]{2}$": "a language is its two-letter code: it, en, ru",
    r"^[A-Z]{2}$": "a country is its two-letter code: IT",
    r"^[*#]?$": 'a terminator is "#", "*" or "" for none',
    r"^(any|off|[0-9*#]+)$": 'it is any, off, or the keys that may interrupt, as in "12#"',
    r"^\d\d:\d\d-\d\d:\d\d$": "hours look like 08:00-13:00",
}
_TYPES = {
    "string_type": "a text",
    "int_type": "a whole number",
    "int_parsing": "a whole number",
    "int_from_float": "a whole number",
    "float_type": "a number",
    "float_parsing": "a number, or a time such as 5s",
    "bool_type": "true or false",
    "bool_parsing": "true or false",
    "list_type": "a list, each line beginning with -",
    "tuple_type": "two numbers",
    "dict_type": "names with values: `name: value`",
    "model_type": "names with values: `name: value`",
    "model_attributes_type": "names with values: `name: value`",
}


_PROMPTS = frozenset(
    {"say", "greeting", "short", "prompt", "question", "again", "confirm", "filler", "review", "else"}
    | {"title", "hint", "label", "text", "decline", "low", "high"}
)
_PARTS: dict[str, type[BaseModel]] = {
    "keys": model.Globals,
    "timing": model.Timing,
    "menu": model.Menu,
    "ask": model.Ask,
    "rate": model.Rate,
    "hung_up": model.HungUp,
    "record": model.Record,
    "no_input": model.Failure,
    "no_match": model.Failure,
    "page": pages.Page,
    "ends": pages.Ends,
}
_MEMBERS: dict[str, type[BaseModel]] = {
    "inputs": model.Input,
    "calendars": model.Calendar,
    "choices": model.Choice,
    "choose": model.Case,
    "answers": pages.Answer,
    "objections": pages.Answer,
    "fields": pages.FormField,
    "options": pages.Option,
}


def shape_problems(error: ValidationError, document: Document, file: str) -> list[Problem]:
    """Everything pydantic found, one problem a place, in the order of the file."""
    found: dict[Path, Problem] = {}
    for one in error.errors(include_url=False):
        path = _locate(one, document)
        if path in found:
            continue  # another way in which the value could have been right
        code, message = _told(one, path, document)
        is_name = one["loc"][-1] == "[key]" or code in ("F101", "F104")
        step = str(path[1]) if len(path) > 1 and path[0] == "steps" else ""
        field = ".".join(str(part) for part in (path[2:] if step else path))
        place = document.place(path, name=is_name)
        found[path] = problem(code, file, place, message, step=step, field=field)
    return sorted(found.values(), key=lambda one: (one.line, one.column))


def _locate(error: ErrorDetails, document: Document) -> Path:
    """The part an error is about: pydantic's way to it, without the marks of its unions in between."""
    path: Path = ()
    loc = error["loc"]
    for index, part in enumerate(loc):
        of_step = index == 2 and loc[0] == "steps"  # noqa: PLR2004  (steps, name, kind)
        of_check = index > 1 and loc[index - 2] == "must" and isinstance(loc[index - 1], int)
        if of_step or of_check or part == "[key]":
            continue
        here = document.at(path)
        inside = part in here if isinstance(here, dict) else isinstance(here, list) and isinstance(part, int)
        missing = error["type"] == "missing" and index == len(loc) - 1
        if inside or missing:
            path = (*path, part)
    return path


def _told(error: ErrorDetails, path: Path, document: Document) -> Found:
    """The code and the words for one error."""
    kind, value = error["type"], error["input"]
    name = path[-1] if path else ""
    if kind == "step_kind":
        return _no_kind(value)
    if kind == "extra_forbidden":
        return _extra(str(name), path, document)
    if kind == "missing":
        return _missing(name, path, document)
    if error["loc"][-1] == "[key]":
        return _bad_name(error, str(name), path, document)
    if value is None:
        return (
            "F102",
            f"{name!r} is empty: {_about(name, path, document) or 'give it a value, or delete the line'}",
        )
    return "F103", _wrong_value(error, name)


def _no_kind(value: object) -> Found:
    if not isinstance(value, Mapping):
        return "F104", "a step begins with what it does, on a line below its name: say, menu, ask, do, …, end"
    for word in value:
        guess = did_you_mean(str(word), model.STEP_KINDS)
        if guess:
            return "F104", f"{word!r} is nothing a step can do{guess}"
    return "F104", f"this step does nothing; it needs one of: {', '.join(model.STEP_KINDS)}"


def _extra(name: str, path: Path, document: Document) -> Found:
    around = document.at(path[:-1])
    known = _words(path[:-1], document)
    if len(path) == 3 and path[0] == "steps" and name in model.STEP_KINDS:  # noqa: PLR2004  (steps, name, word)
        other = model.step_kind(around)
        return "F101", f"a step does one thing, and this one has {other} and {name}; make two steps of it"
    if path[0] == "steps" and name == "next" and isinstance(around, Mapping) and "menu" in around:
        return "F101", "a menu has no next; each of its choices says where it leads"
    guess = did_you_mean(name, known)
    return "F101", f"there is no word {name!r} here{guess or '; there are: ' + listing(known, at_most=30)}"


def _missing(name: str | int, path: Path, document: Document) -> Found:
    if isinstance(name, int):
        return "F102", "two numbers belong here: [lowest, highest]"
    about = _about(name, path, document)
    return "F102", f"{name!r} is missing{': ' + about if about else ''}"


def _bad_name(error: ErrorDetails, name: str, path: Path, document: Document) -> Found:
    if document.at(path) is None and _is_prompt(path[:-1]):
        return "F103", f"{name!r} stands where a language belongs; a text with a comma in it needs quotes"
    return "F103", _wrong_value(error, name)


def _wrong_value(error: ErrorDetails, name: str | int) -> str:  # noqa: PLR0911  (one a kind of error)
    kind, context, value = error["type"], error.get("ctx", {}), error["input"]
    if kind == "dict_type" and (name in _PROMPTS or isinstance(name, int)):
        return "a text is written for each language: `it: Buongiorno` on a line of its own below"
    if kind in ("value_error", "check_kind"):
        return str(context.get("error", "")) or error["msg"]
    if kind == "string_pattern_mismatch":
        return f"{_cut(value)} will not do; {_PATTERNS.get(str(context['pattern']), error['msg'])}"
    if kind in ("literal_error", "enum"):
        words = str(context["expected"]).replace("'", "").replace(" or ", ", ").split(", ")
        return f"{_cut(value)} will not do; it is one of {', '.join(words)}{did_you_mean(str(value), words)}"
    if kind in ("string_too_short", "too_short"):
        return f"{name!r} is empty; it needs at least one"
    if kind in _TYPES and error["loc"][-1] == "str":
        return (
            f"{_cut(value)} will not do for {name!r}; it must be one value: a text, a number, true or false"
        )
    if kind in _TYPES:
        return f"{_cut(value)} will not do for {name!r}; it must be {_TYPES[kind]}"
    bound = next((f"{word} {context[key]}" for key, word in _BOUNDS.items() if key in context), error["msg"])
    return f"{_cut(value)} will not do for {name!r}; it must be {bound}"


_BOUNDS = {"ge": "at least", "le": "at most", "gt": "more than", "lt": "less than"}


def _cut(value: object) -> str:
    text = repr(value) if isinstance(value, str) else str(value)
    return text if len(text) <= 60 else text[:59] + "…"  # noqa: PLR2004  (a line of a terminal)


def _is_prompt(path: Path) -> bool:
    return bool(path) and (path[-1] in _PROMPTS or (len(path) > 1 and path[-2] == "says"))


def _part(path: Path, document: Document) -> type[BaseModel] | None:
    """The kind of thing at a place."""
    if not path:
        return model.Flow
    if len(path) == 2 and path[0] == "steps":  # noqa: PLR2004  (steps, name)
        return _STEPS.get(str(model.step_kind(document.at(path))))
    if len(path) > 1 and path[-2] == "must":
        words = document.at(path)
        return next((_CHECKS[word] for word in _CHECKS if isinstance(words, Mapping) and word in words), None)
    if len(path) > 1 and path[-2] in _MEMBERS:
        return _MEMBERS[str(path[-2])]
    return _PARTS.get(str(path[-1]))


def _words(path: Path, document: Document) -> list[str]:
    """The words that may stand at a place."""
    part = _part(path, document)
    return [field.alias or name for name, field in part.model_fields.items()] if part else []


def _about(name: str | int, path: Path, document: Document) -> str:
    """What a word is for, in short; '' when nothing is known."""
    part = _part(path[:-1], document)
    for word, field in part.model_fields.items() if part else ():
        if name == (field.alias or word):
            about = (field.description or "").split(";")[0].rstrip(".")
            return about[:1].lower() + about[1:]
    return ""
