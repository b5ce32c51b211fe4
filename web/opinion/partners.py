"""Partners' months: what came in, by which version of the contract, what it pays and why; reckoned again."""

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any, Final

from aiohttp import web
from sqlalchemy.ext.asyncio import AsyncSession

from reports import Language
from reports.printed import Shape, say
from reports.printed.numerals import MINUS
from surveys.contracts import Contract, Why, check, held_back, inputs_shown, result_shown, settlements
from surveys.contracts.models import PartnerSettlement
from surveys.figures import Indicator
from users import Right
from values import Money
from web.access import allowed, who
from web.errors import NotFoundError
from web.keys import PARTS
from web.openapi.describe import WHOLE, described, record
from web.opinion.cells import Say, period_name, shape_of
from web.opinion.frame import shown, speech
from web.queries import check_names, json_answer

KNOWN: Final = frozenset({"contract", "month"})
WIDTH: Final = 212.0
_LEFT: Final = 4.0
_TONES: Final[Mapping[str, str]] = {Why.PAYS: "good", Why.COSTS: "bad"}


@allowed(Right.REPORTS, partners=True)
async def partners(request: web.Request) -> web.Response:
    """The months that were reckoned, and one of them whole; a partner's manager sees his partner's."""
    check_names(request.query, KNOWN)
    language, t = speech(request)
    async with request.app[PARTS].db.read() as session:
        found = await settlements(session, partner=who(request).partner or None)
        if not found:
            return shown(request, "opinion/partners.html", months=[])
        chosen = _chosen(request, found)
        checked = await check(session, chosen.contract, chosen.month)
        held = (await _held(request, session, [chosen])).get((chosen.contract, chosen.month), frozenset())
    terms = Contract.kept(chosen.terms)
    return shown(
        request,
        "opinion/partners.html",
        months=[_month(each, language, t) for each in found],
        chosen=_month(chosen, language, t),
        terms=terms,
        cap=f"{terms.cap:f}",
        floor=f"{terms.floor:f}".replace("-", MINUS),
        checked=checked,
        again=money(checked.again, language),
        parts=[_part(each, terms, language, t) for each in result_shown(chosen.result, held)["indicators"]],
    )


@allowed(Right.REPORTS, partners=True)
@described(answer=record(settlements={"type": "array", "items": record(month="the month", minor=WHOLE)}))
async def listed(request: web.Request) -> web.Response:
    """Partners' months: terms, counts, invoice and result, the latest first.

    What gives another's few answers away is left out, but for the partner's manager and the right `audit`.
    """
    check_names(request.query, ())
    async with request.app[PARTS].db.read() as session:
        found = await settlements(session, partner=who(request).partner or None)
        held = await _held(request, session, found)
    told = [_told(each, held.get((each.contract, each.month), frozenset())) for each in found]
    return json_answer({"settlements": told})


def money(amount: Money, language: Language, *, signed: bool = False) -> str:
    """`+1,234.50 EUR`."""
    text = say(amount.minor / 100, Shape.FINE, language)
    return f"{'+' if signed and amount.minor > 0 else ''}{text}\u00a0{amount.currency}"


async def _held(
    request: web.Request, session: AsyncSession, found: Sequence[PartnerSettlement]
) -> Mapping[tuple[str, str], frozenset[Indicator]]:
    """What of these months is held back from whoever asks.

    Nothing from the partner's manager, whose answers they are and who sees no other's, nor from those who
    look into what was done: they reckon a month again.
    """
    visitor = who(request)
    if visitor.partner or visitor.may(Right.AUDIT):
        return {}
    return await held_back(session, found)


def _chosen(request: web.Request, found: Sequence[PartnerSettlement]) -> PartnerSettlement:
    contract, month = request.query.get("contract", ""), request.query.get("month", "")
    if not contract and not month:
        return found[0]
    for each in found:
        if (each.contract, each.month) == (contract, month):
            return each
    raise NotFoundError("This month was never reckoned.")


def _month(row: PartnerSettlement, language: Language, t: Say) -> dict[str, Any]:
    amount = Money(row.minor, row.currency)
    tone = "good" if row.minor > 0 else "bad" if row.minor < 0 else "quiet"
    why = "bonus" if row.minor > 0 else "malus" if row.minor < 0 else "neither"
    return {
        "key": (row.contract, row.month),
        "contract": row.contract,
        "version": row.version,
        "month": row.month,
        "month_name": period_name(row.month, t),
        "partner": row.partner,
        "money": money(amount, language, signed=True),
        "tone": tone,
        "invoice": money(Money(row.invoice, row.currency), language),
        "percent": f"{say(float(row.result['percent']), Shape.FINE, language)}\u00a0%",
        "index": say(float(row.result["index"]), Shape.FINE, language),
        "why": t(f"opinion.settled_{why}"),
        "closed": row.closed is not None,
        "closed_by": row.closed_by,
    }


def _part(part: Mapping[str, Any], terms: Contract, language: Language, t: Say) -> dict[str, Any]:
    """One indicator's part, drawn on its corridor from the whole malus to the whole bonus."""
    indicator = Indicator(part["indicator"])
    term = next(each for each in terms.indicators if each.indicator == indicator)
    shape = shape_of(indicator)

    def place(value: float) -> float:
        inside = min(max(value, term.worst), term.best)
        return round(_LEFT + WIDTH * (inside - term.worst) / (term.best - term.worst), 1)

    def written(value: float | None) -> str:
        return say(value, shape, language)

    there = part["value"] is not None
    missing = t("opinion.few" if part["why"] == Why.TOO_FEW else "opinion.guard")
    low, high = term.target
    return {
        "indicator": indicator,
        "weight": f"{Decimal(part['weight']) * 100:.0f} %",
        "corridor": f"{written(term.worst)}  [{written(low)} … {written(high)}]  {written(term.best)}",
        "band": (place(low), place(high)),
        "at": place(part["value"]) if there else None,
        "low": place(part["low"]) if there else 0,
        "high": place(part["high"]) if there else 0,
        "value": written(part["value"]) if there else missing,
        "span": f"{written(part['low'])} – {written(part['high'])}" if there else "",
        "n": say(part["n"], Shape.COUNT, language),
        "score": say(part["score"], Shape.FINE, language),
        "why": part["why"],
        "tone": _TONES.get(part["why"], "quiet"),
    }


def _told(row: PartnerSettlement, held: frozenset[Indicator]) -> dict[str, Any]:
    return {
        "contract": row.contract,
        "version": row.version,
        "partner": row.partner,
        "month": row.month,
        "invoice": row.invoice,
        "currency": row.currency,
        "minor": row.minor,
        "result": result_shown(row.result, held),
        "terms": dict(row.terms),
        "inputs": inputs_shown(row.inputs, row.result, held),
        "reckoned": row.reckoned,
        "closed": row.closed,
    }
