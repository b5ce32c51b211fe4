"""What a request asks of a report, for whoever is asking."""

from collections.abc import Mapping
from enum import StrEnum
from typing import Final, TypeVar

from aiohttp import web

from reports import Asked, Language, Range, ReportName, Step, moment_of, names_of, range_of
from users import agents_of
from values import HOUSE_ZONE, BadInputError
from web.access import who
from web.errors import ForbiddenError
from web.keys import PARTS
from web.queries import one_of

KNOWN: Final = frozenset({"range", "from", "to", "by", "zone", "only", "version", "language"})
USUAL: Final = Range.YESTERDAY
_MOST_NAMES: Final = 500

E = TypeVar("E", bound=StrEnum)


async def asked_of(request: web.Request, name: ReportName, query: Mapping[str, str]) -> Asked:
    """The report that a query asks for. Raises `BadInputError` naming the parameter, `ForbiddenError`."""
    agents = await _agents(request, name)
    zone = query.get("zone") or HOUSE_ZONE
    given = query.get("from", ""), query.get("to", "")
    if any(given):
        if query.get("range"):
            raise BadInputError("is for a time without from and to", field="range")
        if not all(given):
            raise BadInputError("write both from and to", field="to" if given[0] else "from")
        since = moment_of(given[0], zone, "from")
        until = moment_of(given[1], zone, "to", ends=True)
    else:
        since, until = range_of(word_of(Range, "range", query) or USUAL, request.app[PARTS].clock.now(), zone)
    only = names_of(query.get("only", ""))
    if len(only) > _MOST_NAMES:
        raise BadInputError(f"at most {_MOST_NAMES} names", field="only")
    return Asked(
        report=name,
        since=since,
        until=until,
        by=word_of(Step, "by", query) or Step.DAY,
        zone=zone,
        only=only,
        version=query.get("version", ""),
        agents=agents,
    )


def language_of(request: web.Request) -> Language:
    """Of the columns' words: as asked, else the visitor's own."""
    return word_of(Language, "language", request.query) or Language(who(request).language)


def word_of(kind: type[E], field: str, query: Mapping[str, str]) -> E | None:
    """One of a few words; left out or empty it is None."""
    return one_of(kind, field, query.get(field) or None)


def report_named(text: str) -> ReportName:
    """A report by the name in an address. Raises `BadInputError`."""
    found = one_of(ReportName, "report", text)
    assert found is not None  # noqa: S101  (for the type checker)
    return found


async def _agents(request: web.Request, name: ReportName) -> frozenset[str] | None:
    """Whom alone they may see; None: everybody."""
    partner = who(request).partner
    if not partner:
        return None
    if name is not ReportName.AGENTS:
        raise ForbiddenError("This report has no figures by partner; the agents' report has.")
    async with request.app[PARTS].db.read() as session:
        return await agents_of(session, partner)
