"""Who is not to be called: looked up, entered and withdrawn with a reason; the public registers."""

from datetime import datetime
from typing import Any, Final

from aiohttp import web

from dialer.do_not_call import allow_calls, entries_of, forbid_calls
from dialer.gate import BLOCKS, Suppression
from dialer.registers import registers
from users import Right
from values import BadInputError, PhoneNumber, mask_number, parse_phone
from web.access import allowed, audit, who
from web.bodies import body_of
from web.keys import PARTS
from web.pages import page
from web.queries import check_names, json_answer

LONGEST: Final = 160
_GIVEN: Final = ("number", "for", "why")


@allowed(Right.COMPLIANCE)
async def do_not_call(request: web.Request) -> web.Response:
    """The page; with `number` its entries. A number looked up is audited, masked."""
    text, parts = request.query.get("number", ""), request.app[PARTS]
    if text.startswith(" "):
        text = "+" + text.strip()  # an unescaped plus comes as a blank
    number, problem, found = None, "", None
    if text.strip("+ "):
        try:
            number = parse_phone(text, parts.gate.house.country)
        except BadInputError as refused:
            problem = str(refused)
    async with parts.db.write() as session:
        known = await registers(session)
        if number is not None:
            found = await entries_of(session, number)
            await audit(request, session, "do_not_call.looked_up", subject=mask_number(number))
    return page(
        request,
        "tuning/do_not_call.html",
        asked=text,
        number=number,
        found=found,
        problem=problem,
        registers=known,
        suppressions=list(Suppression),
        blocks=BLOCKS,
        now=parts.clock.now(),
    )


@allowed(Right.COMPLIANCE)
async def entries(request: web.Request) -> web.Response:
    """A number's entries."""
    check_names(request.query, ())
    number = _number(request, request.match_info["number"])
    async with request.app[PARTS].db.write() as session:
        found = await entries_of(session, number)
        await audit(request, session, "do_not_call.looked_up", subject=mask_number(number))
    told = [{"for": each.purpose.value, "source": each.source, "at": each.at} for each in found.entries]
    left_out = [
        {"campaign": each.campaign, "source": each.source, "at": each.at} for each in found.exclusions
    ]
    return json_answer(
        {"number": number, "entries": told, "registers": found.registers, "campaigns": left_out}
    )


@allowed(Right.COMPLIANCE)
async def added(request: web.Request) -> web.Response:
    """Call a number no more for something, from now on."""
    number, what, why, now = await _asked(request)
    source = f"{who(request).title}: {why}" if why else who(request).title
    async with request.app[PARTS].db.write() as session:
        await forbid_calls(session, [number], what, source=source, at=now)
        await audit(
            request,
            session,
            "do_not_call.added",
            subject=mask_number(number),
            detail={"for": what.value, "why": why},
        )
    answer = json_answer({"number": number, "for": what.value})
    answer.set_status(201)
    return answer


@allowed(Right.COMPLIANCE)
async def removed(request: web.Request) -> web.Response:
    """Withdraw an entry; it must be said why. What a public register says stands."""
    number, what, why, _ = await _asked(request)
    if not why:
        raise BadInputError("say why it is withdrawn: it is kept with your name", field="why")
    async with request.app[PARTS].db.write() as session:
        await allow_calls(session, number, what)
        await audit(
            request,
            session,
            "do_not_call.removed",
            subject=mask_number(number),
            detail={"for": what.value, "why": why},
        )
    return web.Response(status=204)


async def _asked(request: web.Request) -> tuple[PhoneNumber, Suppression, str, datetime]:
    body: dict[str, Any] = await body_of(request, _GIVEN)
    try:
        what = Suppression(body.get("for", Suppression.ALL))
    except ValueError:
        raise BadInputError(f"write one of: {', '.join(Suppression)}", field="for") from None
    why = body.get("why", "")
    if not isinstance(why, str) or len(why) > LONGEST or not why.isprintable():
        raise BadInputError(f"write up to {LONGEST} letters, on one line", field="why")
    return (
        _number(request, body.get("number")),
        what,
        why.strip(),
        request.app[PARTS].clock.now(),
    )


def _number(request: web.Request, text: Any) -> PhoneNumber:
    if not isinstance(text, str):
        raise BadInputError("write a telephone number", field="number")
    try:
        return parse_phone(text, request.app[PARTS].gate.house.country)
    except BadInputError as problem:
        raise BadInputError(str(problem), field="number") from problem
