"""A script read aloud without a talk: every answer of every page is given in some reading. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from types import MappingProxyType
from zoneinfo import ZoneInfo

from ivr.language.model import Flow
from ivr.runner.editions import Shelf
from ivr.scripts.rehearsal import LANGUAGE, Rehearsal, Step, Told
from ivr.scripts.view import FieldView, PageView, view

NOTHING: Told = MappingProxyType({})
MOST_READINGS, MOST_PAGES = 40, 60
NUMBERS = ("1", "20", "100", "2000")
TEXTS = ("as the customer says it", "anna.rossi@example.org", "12345", "+393290000017")
"""What is typed into fields, in turn until it will do."""


def readings(
    flow: Flow, others: Sequence[Flow], language: str, *, now: datetime, zone: ZoneInfo, told: Told = NOTHING
) -> Sequence[str]:
    """As few readings as give every answer once, each as lines: pages, what is said, what is chosen, the end.

    `others` are scripts it may run. Fields hold the first choice, or something that will do;
    `told` is what actions give.
    """
    reader = _Reader(flow, others, language, now, zone, told)
    found: list[str] = []
    while len(found) < MOST_READINGS:
        before = len(reader.given)
        text = reader.read()
        if found and len(reader.given) == before:
            break
        found.append(text)
    return found


class _Reader:
    def __init__(
        self, flow: Flow, others: Sequence[Flow], language: str, now: datetime, zone: ZoneInfo, told: Told
    ) -> None:
        self._told = told
        self._flow = flow
        self._edition = Shelf([flow, *(one for one in others if one.kind is flow.kind)]).edition()
        self._language = language
        self._now, self._zone = now, zone
        self.given: set[tuple[str, str]] = set()
        """(page, key) of all answers so far."""

    def read(self) -> str:
        """From the first page to the end, giving answers that were not given yet where there are such."""
        values = {name: given.sample for name, given in self._flow.inputs.items()}
        rehearsal = Rehearsal(
            self._edition, self._flow.flow, values, now=self._now, zone=self._zone, told=self._told
        )
        rehearsal.make(Step(LANGUAGE, self._language))
        lines: list[str] = []
        for _ in range(MOST_PAGES):
            page = view(rehearsal.walk, self._language)
            lines += [f"  (here {action} would be done)" for action in rehearsal.would_do]
            lines += _shown(page)
            if page.outcome:
                return "\n".join([*lines, f"= {page.outcome}{', the goal' if page.goal else ''}"])
            typed = {field.name: _typed(field) for field in page.fields}
            step = self._next(page, typed)
            if not _made(rehearsal, step, typed):
                break
            lines += [f"» {_told(field, typed[field.name])}" for field in page.fields]
            lines += [f"» {step.key}"] if step.key else []
        return "\n".join([*lines, "= read no further"])

    def _next(self, page: PageView, typed: Mapping[str, str]) -> Step:
        ways = [("answer", one.key) for one in page.answers]
        ways += [("objection", one.key) for one in page.objections]
        if not ways:
            return Step("next", typed=typed)
        how, key = next((way for way in ways if (page.path, way[1]) not in self.given), ways[0])
        self.given.add((page.path, key))
        return Step(how, key, typed)


def _made(rehearsal: Rehearsal, step: Step, typed: dict[str, str]) -> bool:
    """Whether it led on, after fields that are refused were typed in other ways."""
    for number, text in zip(NUMBERS, TEXTS, strict=True):
        if rehearsal.make(replace(step, typed=typed)):
            return True
        for one in rehearsal.mistakes:
            typed[one.field] = number if typed[one.field] in NUMBERS else text
    return rehearsal.make(replace(step, typed=typed))


def _shown(page: PageView) -> list[str]:
    lines = [f"· {page.heading}"] if page.heading else []
    lines += [f"« {paragraph}" for paragraph in page.say]
    lines += [f"  {page.hint}"] if page.hint else []
    return lines + [f"  {one.key} {one.text}" for one in (*page.answers, *page.objections)]


def _typed(field: FieldView) -> str:
    if field.typed or field.options:
        return field.typed or field.options[0].value
    if field.first or field.low:
        return field.first or field.low
    return NUMBERS[0] if field.type in {"number", "money"} else TEXTS[0]


def _told(field: FieldView, typed: str) -> str:
    words = {option.value: option.text for option in field.options}
    return f"{field.label}: {words.get(typed) or typed}"
