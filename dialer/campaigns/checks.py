"""Which settings are impossible, alone or together: each refused with its field and what to do. Pure."""

import re
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from difflib import get_close_matches

from dialer.campaigns.plan import FIELDS, CampaignPlan
from dialer.campaigns.settings import SETTINGS
from dialer.dispositions import DEFAULT, read_dispositions
from dialer.gate import Gate, Reason, campaign_problem, destination_problem, read_hours
from dialer.models import Machines
from dialer.readers import plain
from dialer.retry import DEFAULT_RULES, read_rules
from values import BadInputError


@dataclass(frozen=True, slots=True)
class House:
    """What settings are checked against, handed in by the wiring."""

    gate: Gate
    flows: Callable[[], Collection[str]] | None = None
    """The names of the published flows; None: not checked."""
    scripts: Callable[[], Collection[str]] | None = None
    """The names of the published scripts; None: not checked."""
    now: datetime | None = None
    """With it hours are refused that have no time in common with the jurisdiction's."""
    abroad: bool = False
    """Whether caller ids of other countries are taken: the operator's own setting may be one."""


_MISSPELT = 0.85
"""How like a known outcome a word must be to be taken for a slip."""
_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,79}")


def check_name(name: str) -> None:
    """Refuse a name that would not stand in a path, a command and a file. Raises `BadInputError`."""
    if not _NAME.fullmatch(name):
        raise BadInputError(
            "write up to 80 letters, digits, dots, dashes and underscores, a letter or digit first",
            field="name",
        )


def check_plan(plan: CampaignPlan, house: House, changed: Collection[str] = FIELDS) -> None:
    """Refuse what makes no sense. Raises `BadInputError` naming the field.

    Only what has to do with a `changed` setting is looked at: what stands already must not keep a campaign
    from being tuned.
    """
    for name in FIELDS:
        if name in changed:
            SETTINGS[name].read(plain(getattr(plan, name)))
    for fields, check in _CHECKS:
        if not fields.isdisjoint(changed):
            check(plan, house)


def _profile(plan: CampaignPlan, house: House) -> None:
    house.gate.profile(plan.profile)


def _hours(plan: CampaignPlan, _house: House) -> None:
    if plan.hours:
        read_hours(plan.hours)


def _retry(plan: CampaignPlan, _house: House) -> None:
    rules = read_rules(plan.retry)
    own = [str(each.get("name")) for each in plan.dispositions] or [each.name for each in DEFAULT]
    known = {*DEFAULT_RULES, *own}
    for word in rules.outcomes:
        # a flow ends as it likes, so a word may be new; one letter off a word of ours it is none
        if word not in known and (meant := get_close_matches(word, known, n=1, cutoff=_MISSPELT)):
            there = ", ".join(sorted(known))
            raise BadInputError(
                f"there is no outcome {word[:40]!r}; is it {meant[0]!r}? There are: {there}", field="retry"
            )


def _flow(plan: CampaignPlan, house: House) -> None:
    if not plan.flow:
        raise BadInputError("name the flow an answered call goes through", field="flow")
    _exists(plan.flow, "flow", house)


def _message(plan: CampaignPlan, house: House) -> None:
    if plan.message:
        _exists(plan.message, "message", house)
    if plan.machines is Machines.LEAVE_MESSAGE and not plan.message:
        raise BadInputError(
            "name the flow that is said to a machine, or set machines to hang_up", field="message"
        )


def _callback_flow(plan: CampaignPlan, house: House) -> None:
    if plan.callback_flow:
        _exists(plan.callback_flow, "callback_flow", house)


def _script(plan: CampaignPlan, house: House) -> None:
    if plan.script and house.scripts is not None and plan.script not in (known := house.scripts()):
        raise BadInputError(
            f"there is no published script {plan.script!r}; there are: {', '.join(known) or 'none'}",
            field="script",
        )


def _exists(flow: str, field: str, house: House) -> None:
    if house.flows is None:
        return
    known = house.flows()
    if flow not in known:
        raise BadInputError(
            f"there is no published flow {flow!r}; there are: {', '.join(sorted(known)) or 'none'}",
            field=field,
        )


def _times(plan: CampaignPlan, _house: House) -> None:
    if plan.starts and plan.ends and plan.ends <= plan.starts:
        raise BadInputError("must come after its start", field="ends")


def _law(plan: CampaignPlan, house: House) -> None:
    problem = campaign_problem(
        house.gate.profile(plan.profile),
        plan.purpose,
        ring_seconds=plan.ring_seconds,
        caller_ids=[plan.caller_id, *plan.caller_ids],
        max_abandon=plan.max_abandon,
        hours=plan.hours,
        now=house.now,
    )
    if problem:
        raise problem


def _caller_ids(plan: CampaignPlan, house: House) -> None:
    countries = house.gate.profile(plan.profile).countries or {house.gate.house.country}
    shown = [("caller_id", plan.caller_id)] if plan.caller_id else []
    for field, number in [*shown, *(("caller_ids", each) for each in plan.caller_ids)]:
        problem = destination_problem(number, countries)
        if problem and not (house.abroad and problem.reason is Reason.COUNTRY):
            raise BadInputError(f"{problem.words}; write a number of your own, as +390650000611", field=field)


def _dispositions(plan: CampaignPlan, _house: House) -> None:
    read_dispositions(plan.dispositions)


_LAWFUL = frozenset({"profile", "purpose", "ring_seconds", "caller_id", "caller_ids", "max_abandon", "hours"})
"""What the jurisdiction has a say in."""

_CHECKS: Sequence[tuple[frozenset[str], Callable[[CampaignPlan, House], None]]] = (
    (frozenset({"profile"}), _profile),
    (frozenset({"hours"}), _hours),
    (frozenset({"retry"}), _retry),
    (frozenset({"flow"}), _flow),
    (frozenset({"message", "machines"}), _message),
    (frozenset({"callback_flow"}), _callback_flow),
    (frozenset({"script"}), _script),
    (frozenset({"starts", "ends"}), _times),
    (_LAWFUL, _law),
    (frozenset({"caller_id", "caller_ids", "profile"}), _caller_ids),
    (frozenset({"dispositions"}), _dispositions),
)
