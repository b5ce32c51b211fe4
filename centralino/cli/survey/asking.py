"""Interviews, one by one."""

from datetime import datetime
from typing import Annotated, Any

import typer
from sqlalchemy.ext.asyncio import AsyncSession

from centralino.cli.campaign.desk import show
from centralino.cli.survey.desk import Name, read
from centralino.rooms import Rooms
from surveys import queries
from surveys.book import survey
from surveys.models import InterviewState


def interviews(
    name: Name,
    state: Annotated[InterviewState | None, typer.Option(help="Only those.")] = None,
    limit: Annotated[int, typer.Option(min=1, max=500, help="How many at most.")] = 20,
    cursor: Annotated[str, typer.Option(help="Go on behind an earlier page.")] = "",
) -> None:
    """Print a survey's interviews with their answers, the latest invited first, as JSON."""

    async def found(rooms: Rooms, session: AsyncSession, now: datetime) -> Any:  # noqa: ARG001
        await survey(session, name)
        page = await queries.interviews(session, name, state=state, limit=limit, cursor=cursor)
        rows = [
            {
                "id": row.id,
                "state": row.state,
                "customer_id": row.customer_id,
                "about": row.about,
                "area": row.area,
                "region": row.region,
                "week": row.week,
                "invited": row.invited,
                "finished": row.finished,
                "last_item": row.last_item,
                "answers": {each.item: each.text or each.value for each in page.answers.get(row.id, ())},
            }
            for row in page.rows
        ]
        return {"interviews": rows, "cursor": page.cursor or None}

    show(read(found))
