"""Keys: what each means is never in doubt, and nobody waits longer than needed."""

import re
from datetime import datetime
from typing import TYPE_CHECKING

import phonenumbers

from ivr.language.checks import Between, Check, IsDate, IsNumber, Matches
from ivr.language.graph import live_globals
from ivr.language.model import Ask, AskStep, Menu, MenuStep
from ivr.language.proof.subject import Subject

if TYPE_CHECKING:
    from ivr.language.document import Path

MOST_DIGITS = 32
_SOME_DAY = datetime(2026, 12, 28, 23, 45)  # noqa: DTZ001  (only its width matters)


def prove_keys(subject: Subject) -> None:
    """Ambiguous, hidden and contradicting keys; answers that cannot be."""
    _prove_globals(subject)
    for name, step in subject.flow.steps.items():
        if isinstance(step, MenuStep):
            _prove_menu(subject, name, step.menu)
        elif isinstance(step, AskStep):
            _prove_ask(subject, name, step.ask)


def _prove_globals(subject: Subject) -> None:
    flow = subject.flow
    seen: dict[str, str] = {}
    for what in ("repeat", "back", "top", "operator"):
        key = getattr(flow.keys, what)
        if key in seen:
            subject.report("F402", ("keys", what), f"the key {key} already means {seen[key]}; choose another")
        elif key:
            seen[key] = what
    if flow.keys.operator and not flow.operator:
        told = "the operator key leads nowhere here; name a step with `operator:`, unless an outer flow does"
        subject.report("F407", ("keys", "operator"), told)
    if flow.operator and not flow.keys.operator:
        told = 'no key leads to the operator step; add one, as in `keys: {operator: "0"}`'
        subject.report("F408", ("operator",), told)


def _prove_menu(subject: Subject, name: str, menu: Menu) -> None:
    path: Path = ("steps", name, "menu", "choices")
    live = live_globals(subject.flow, name)
    meanings = dict.fromkeys(menu.choices, "a choice") | {key: what for what, key in live.items()}
    for what in ("repeat", "back", "top", "operator") if menu.global_keys else ():
        key = getattr(subject.flow.keys, what)
        if key in menu.choices:
            told = f"here the key {key} is a choice, so it does not mean {what} as elsewhere"
            subject.report("F403", (*path, key), told, name=True)
    for key in meanings:
        longer = sorted(other for other in meanings if other != key and other.startswith(key))
        if longer:
            wait = menu.between_digits or subject.flow.timing.between_digits
            told = f"after {key} the call waits {wait:g} s, since {' and '.join(longer)} could follow"
            place = (*path, key) if key in menu.choices else ("keys", meanings[key])
            subject.report("F401", place, told, name=True)
    if menu.barge_in not in ("any", "off"):
        for key in menu.choices:
            if key[0] not in menu.barge_in:
                told = f"{key} is ignored during the prompt: `barge_in` lets only {menu.barge_in} through"
                subject.report("F405", (*path, key), told, name=True)


def _prove_ask(subject: Subject, name: str, ask: Ask) -> None:
    path: Path = ("steps", name, "ask")
    fewest, most = ask.digits
    if not 1 <= fewest <= most <= MOST_DIGITS:
        told = f"{fewest}..{most} digits cannot be; write the fewest first, between 1 and {MOST_DIGITS}"
        subject.report("F406", (*path, "digits"), told)
        return
    if fewest < most and not ask.terminator:
        subject.report(
            "F410",
            (*path, "digits"),
            "nothing ends the answer; give it a terminator or a fixed number of digits",
        )
    for what, key in live_globals(subject.flow, name).items():
        if ask.terminator and key.startswith(ask.terminator):
            told = f"{key} ends an answer, and pressed alone means {what}"
            subject.report("F404", (*path, "terminator"), told)
        elif (
            key.isdigit() and fewest <= len(key) <= most and all(_may_pass(check, key) for check in ask.must)
        ):
            subject.report(
                "F409", (*path, "digits"), f"the answer {key} is taken for the key {what} of the flow"
            )
    for index, check in enumerate(ask.must):
        reason = _impossible(check, fewest, most)
        if reason:
            subject.report("F411", (*path, "must", index), reason)


def _may_pass(check: Check, digits: str) -> bool:
    if isinstance(check, Matches):
        return re.fullmatch(check.matches, digits) is not None
    if isinstance(check, Between):
        return check.between[0] <= int(digits) <= check.between[1]
    return not isinstance(check, IsDate | IsNumber)


def _impossible(check: Check, fewest: int, most: int) -> str:
    """Why no answer of so many digits passes; '' when one may."""
    if isinstance(check, Between):
        low, high = check.between
        if low > high:
            return f"nothing lies between {low} and {high}; the lower number comes first"
        if low >= 10**most:
            return f"{low} has more than the {most} digits that may be keyed"
    if isinstance(check, IsDate):
        width = _SOME_DAY.strftime(check.date)
        if not width.isdigit():
            return f"{check.date!r} is no layout of digits; write for example %d%m%Y"
        if not fewest <= len(width) <= most:
            return f"a date as {check.date} has {len(width)} digits, but {fewest}..{most} are asked for"
    if isinstance(check, IsNumber) and check.number not in phonenumbers.SUPPORTED_REGIONS:
        return f"{check.number!r} is no country; write its two letters, as in IT"
    return ""
