"""The pages of campaigns: all of them, and one with its tuning, rules, lists and history."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from aiohttp import web
from sqlalchemy.ext.asyncio import AsyncSession

from dialer import campaign as campaign_by_name
from dialer.campaigns import MOST, OPEN, told
from dialer.campaigns import page as campaign_page
from dialer.changes import changes_of
from dialer.dispositions import Then, read_dispositions
from dialer.gate import Purpose, Suppression
from dialer.gate.calendar import DayKind
from dialer.lists import contact_lists, list_imports
from dialer.models import Campaign, Machines, Mode
from dialer.retry import DEFAULT_RULES, read_rules
from dialer.trunks import trunk_rows, trunk_told
from users import Right
from values import BadInputError
from web.access import allowed, who
from web.floor.embedding import embedded
from web.floor.feed import FEED
from web.keys import PARTS
from web.lawful import house_profile
from web.pages import page
from web.tuning.changing import changes_told
from web.tuning.prospects import SECONDS

HISTORY: Final = 40
IMPORTS: Final = 5
DAYS: Final = tuple(each.value for each in DayKind)


@allowed(Right.CAMPAIGNS)
async def campaigns(request: web.Request) -> web.Response:
    """All campaigns, archived ones when asked for, and a form for a new one."""
    archived, parts = request.query.get("archived") == "true", request.app[PARTS]
    named, lawful = request.query.get("match", "")[:80], who(request).may(Right.COMPLIANCE)
    async with parts.db.read() as session:
        found = await campaign_page(session, archived=archived, named=named, limit=MOST)
        lists = await contact_lists(session)
    left: dict[str, int] = {}
    for each in lists:
        left[each.campaign] = left.get(each.campaign, 0) + each.ready
    return page(
        request,
        "tuning/campaigns.html",
        words=("floor",),
        campaigns=sorted(found.campaigns, key=lambda each: (-each.priority, each.title)),
        left=left,
        archived=archived,
        match=named,
        states=_states(request, found.campaigns),
        flows=sorted(parts.library.names()),
        profiles=sorted(parts.gate.profiles) if lawful else [house_profile(request)],
        profile=house_profile(request),
        purposes=list(Purpose) if lawful else list(OPEN),
        modes=list(Mode),
        data=embedded({}),
    )


@allowed(Right.CAMPAIGNS)
async def one(request: web.Request) -> web.Response:
    """One campaign."""
    parts, name = request.app[PARTS], request.match_info["name"]
    async with parts.db.read() as session:
        row = await campaign_by_name(session, name)
        history = changes_told(await changes_of(session, name, most=HISTORY))
        lists = await contact_lists(session, campaign=name)
        imports = [each for found in lists for each in (await list_imports(session, found.name))[:IMPORTS]]
        trunks = [each.name for each in await trunk_rows(session)]
    return page(
        request,
        "tuning/campaign.html",
        words=("floor",),
        campaign=row,
        settings=told(row),
        state=_states(request, [row])[name],
        limit=_limit(request, row),
        history=history,
        lists=lists,
        imports=imports,
        trunks=trunks,
        rules=_rules(row),
        dispositions=_words(row),
        thens=list(Then),
        suppressions=list(Suppression),
        days=DAYS,
        machines=list(Machines),
        modes=list(Mode),
        flows=sorted(parts.library.names()),
        outcomes=sorted(DEFAULT_RULES),
        lawful=who(request).may(Right.COMPLIANCE),
        data=embedded(
            {
                "campaign": name,
                "settings": told(row),
                "seconds": 2 * SECONDS,
                "state": request.app[FEED].first_word() if who(request).may(Right.FLOOR) else None,
            }
        ),
    )


@allowed(Right.CAMPAIGNS)
async def trunks(request: web.Request) -> web.Response:
    """The trunks: what each bears, and how it stands."""
    async with request.app[PARTS].db.read() as session:
        rows = [trunk_told(each) for each in await trunk_rows(session)]
        history = await _trunk_changes(session, [each["name"] for each in rows])
    live = request.app[FEED].tables()["trunks"]
    return page(
        request,
        "tuning/trunks.html",
        words=("floor",),
        trunks=rows,
        live=live,
        history=history,
        data=embedded({}),
    )


async def _trunk_changes(session: AsyncSession, names: Sequence[str]) -> list[dict[str, Any]]:
    found = []
    for name in names:
        changes = changes_told(await changes_of(session, f"trunk:{name}", most=HISTORY))
        found += [each | {"trunk": name} for each in changes]
    return sorted(found, key=lambda each: each["at"], reverse=True)[:HISTORY]


def _states(request: web.Request, rows: Sequence[Campaign]) -> Mapping[str, str]:
    """In a word how each stands: as the core says, else by what is written down."""
    live, now = request.app[FEED].tables()["campaigns"], request.app[PARTS].clock.now()
    found = {}
    for row in rows:
        if row.archived:
            word = "archived"
        elif row.ends is not None and row.ends <= now:
            word = "over"
        elif row.paused:
            word = "paused"
        elif row.starts is not None and row.starts > now:
            word = "to_come"
        else:
            word = str(live.get(row.name, {}).get("state", "calling"))
        found[row.name] = word
    return found


def _limit(request: web.Request, row: Campaign) -> float | None:
    """The law's limit on abandonment; None where the jurisdiction is not known any more."""
    try:
        return request.app[PARTS].gate.profile(row.profile).abandon_limit
    except BadInputError:
        return None


@dataclass(frozen=True, slots=True)
class RuleShown:
    """A retry rule as it is edited."""

    outcome: str
    after: str
    most: int
    next_number: bool
    skip_number: bool


def _rules(row: Campaign) -> Mapping[str, Any]:
    try:
        rules = read_rules(row.retry)
    except BadInputError:
        rules = read_rules({})
    shown = [
        RuleShown(
            name, ", ".join(f"{each:g}" for each in rule.after), rule.most, rule.next_number, rule.skip_number
        )
        for name, rule in rules.outcomes.items()
    ]
    return {"max_attempts": rules.max_attempts, "outcomes": shown, "own": bool(row.retry)}


def _words(row: Campaign) -> list[dict[str, Any]]:
    try:
        found = read_dispositions(row.dispositions)
    except BadInputError:
        found = read_dispositions(())
    return [each.model_dump(mode="json") for each in found]
