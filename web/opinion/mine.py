"""What customers said of one's own calls: nobody else's, and only where there are answers enough."""

from aiohttp import web

from surveys.figures import By, Question, Scope, last_periods, results
from web.access import signed_in_only, who
from web.floor.embedding import embedded
from web.keys import PARTS
from web.opinion.asking import SHOWN, USUAL_LAST
from web.opinion.cells import period_name
from web.opinion.frame import shown, speech
from web.opinion.pages import data_of, latest, tables
from web.queries import check_names


@signed_in_only
async def mine(request: web.Request) -> web.Response:
    """The last twelve months of whoever asks."""
    check_names(request.query, ())
    agent, parts = who(request).agent, request.app[PARTS]
    language, t = speech(request)
    if not agent:
        return shown(request, "opinion/mine.html", agent="")
    found_in = last_periods(USUAL_LAST[By.MONTH], By.MONTH, parts.clock.now())
    asked = Question(
        by=By.MONTH, since=found_in[0], until=found_in[-1], scope=Scope(agent=agent), indicators=SHOWN
    )
    async with parts.db.read() as session:
        found = await results(session, asked)
    at = latest(found)
    return shown(
        request,
        "opinion/mine.html",
        agent=agent,
        at_name=period_name(at, t),
        tiles=tables(found, at, language, t)["tiles"],
        by_chance=f"{found.by_chance:.0f}",
        comparisons=found.comparisons,
        data=embedded(data_of(found, t)),
    )
