"""Thirteen weeks of opinions: two sites of the house, one partner's, and one with too few answers."""

import random
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import insert, select
from sqlalchemy.ext.asyncio import AsyncSession

from surveys.contracts import close, contract_of, put_contract, settle
from surveys.figures import By, period_of
from surveys.models import Answer, Interview, InterviewState, Mode, Occasion, Survey, SurveyCell
from tests.surveys.figures.samples import survey

NOW = datetime(2026, 11, 25, 12, 0, tzinfo=UTC)
"""In the week 2026-W48."""
OCTOBER, NOVEMBER = datetime(2026, 9, 30, 22, tzinfo=UTC), datetime(2026, 10, 31, 23, tzinfo=UTC)
"""When they begin in Rome."""
TEAMS = (
    # partner, site, team, how content, interviews a week
    ("", "Roma", "voce 1", 0.80, 60),
    ("", "Palermo", "voce 2", 0.66, 45),
    ("Levante", "Bari", "rete 1", 0.60, 52),
    ("Levante", "Lecce", "rete 2", 0.72, 4),
)


async def asked(session: AsyncSession, *, weeks: int = 13, seed: int = 5) -> None:
    """All of it. In the last three weeks Roma is much better."""
    dice = random.Random(seed)
    await survey(session)
    rows: list[dict[str, Any]] = []
    given: list[dict[str, Any]] = []

    def went(said: Mapping[str, int | None], state: InterviewState, at: datetime, **words: Any) -> None:
        number = f"o{len(rows)}"
        rows.append(interview(number, state, at) | words)
        given.extend(
            {"interview": number, "item": item, "at": at, "value": value, "text": ""}
            for item, value in said.items()
        )

    for back in range(weeks - 1, -1, -1):
        at = NOW - timedelta(days=7 * back, hours=2)
        for partner, site, team, content, count in TEAMS:
            better = 0.14 if site == "Roma" and back <= 2 else 0.0
            who = {"partner": partner, "site": site, "team": team, "region": site}
            for number in range(count):
                area = ("commercial", "voice", "adsl")[number % 3]
                agent = f"{team}-{number % 2}"
                said = answers(dice, content + better)
                went(said, InterviewState.COMPLETE, at, area=area, agent=agent, **who)
            for state, share in OTHERS:
                for _ in range(max(1, round(count * share))):
                    went({}, state, at, **who)
            for _ in range(2):
                went({"waiting": 3}, InterviewState.PARTIAL, at, last_item="correctness", **who)
    await session.execute(insert(Interview), rows)
    await session.execute(insert(Answer), given)


def interview(number: str, state: InterviewState, at: datetime) -> dict[str, Any]:
    """One interview's row."""
    return {
        "id": number, "survey": "care", "version": "1", "mode": Mode.IVR, "state": state,
        "customer_id": f"c-{number}", "contact_id": "", "call_id": "", "about": "", "agent": "", "team": "",
        "site": "", "partner": "", "area": "voice", "region": "", "stratum": "", "weight": 1.0,
        "language": "it", "week": period_of(at, By.WEEK), "invited": at - timedelta(minutes=5), "started": at,
        "finished": at, "last_item": "",
    }  # fmt: skip


OTHERS: Sequence[tuple[InterviewState, float]] = (
    (InterviewState.REFUSED, 0.35),
    (InterviewState.NO_CONTACT, 0.5),
    (InterviewState.OTHER, 0.02),
)


def answers(dice: random.Random, content: float) -> Mapping[str, int | None]:
    """One customer's, the more content the higher."""

    def five() -> int:
        return dice.choice((4, 5)) if dice.random() < content else dice.choice((1, 2, 3))

    score = dice.choice((9, 10)) if dice.random() < content - 0.12 else dice.choice((8, 7, 7, 5, 3, 6))
    return {
        "recommend": score,
        **{item: five() for item in ("waiting", "correctness", "ability", "courtesy", "satisfaction")},
        "effort": dice.choice((5, 6, 7)) if dice.random() < content else dice.choice((2, 3, 4)),
    }


async def comment(session: AsyncSession, text: str, **found: Any) -> str:
    """Somebody of Roma said something besides; the call in which they did."""
    query = select(Interview).where(Interview.site == "Roma", Interview.state == InterviewState.COMPLETE)
    row = (await session.scalars(query.order_by(Interview.finished.desc()).limit(1))).one()
    row.call_id = found.get("call_id", "node1-1.0")
    session.add(Answer(interview=row.id, item="comment", at=NOW, value=None, text=text))
    await session.flush()
    return row.call_id


async def settled(session: AsyncSession) -> None:
    """Levante's October, reckoned and closed: its correctness is too low, its courtesy good."""
    contract = contract_of(
        {
            "name": "levante-quality",
            "version": 2,
            "partner": "Levante",
            "valid_from": "2026-01",
            "cap": 5,
            "floor": -5,
            "indicators": [
                {"indicator": "nps", "weight": "0.5", "worst": 0, "target": [20, 30], "best": 50},
                {"indicator": "correctness", "weight": "0.3", "worst": 0.4, "target": [0.7, 0.75], "best": 1},
                {"indicator": "courtesy", "weight": "0.2", "worst": 0.3, "target": [0.45, 0.5], "best": 0.8},
            ],
            "exclusions": {"modes": ["cati"], "why": "The partner's own agents ask in these."},
        }
    )  # fmt: skip
    await put_contract(session, contract, now=NOW, by="olga")
    for month in ("2026-09", "2026-10"):
        await settle(session, "levante-quality", month, 12_345_600, now=NOW, by="olga")
    await close(session, "levante-quality", "2026-10", now=NOW, by="olga")


REGIONS: Sequence[tuple[str, int, int, int]] = (
    # region, wanted, complete, of them say yes
    ("Roma", 120, 120, 111), ("Napoli", 120, 88, 52), ("Palermo", 120, 97, 41), ("Bari", 100, 64, 55),
    ("Torino", 100, 71, 67), ("Catania", 100, 45, 9), ("Lecce", 60, 12, 3), ("Milano", 120, 101, 72),
)  # fmt: skip


async def polled(session: AsyncSession) -> None:
    """A poll about the bill's delivery, half way through."""
    session.add(
        Survey(
            name="bill", title="Did your bill arrive?", questionnaire="surveys.bill_delivered", area="",
            occasion=Occasion.POLL, active=True, created=NOW, plan={"regions": [each[0] for each in REGIONS]},
        )
    )  # fmt: skip
    await session.flush()
    rows, given = [], []
    for region, wanted, complete, yes in REGIONS:
        session.add(SurveyCell(survey="bill", cell=region, week="", target=wanted, done=complete, since=NOW))
        for number in range(complete):
            words = {"survey": "bill", "region": region, "stratum": region, "area": ""}
            rows.append(interview(f"b-{region}-{number}", InterviewState.COMPLETE, NOW) | words)
            given.append(
                {"interview": f"b-{region}-{number}", "item": "arrived", "at": NOW, "text": "",
                 "value": int(number < yes)}
            )  # fmt: skip
        for number in range(wanted // 20):
            words = {"survey": "bill", "region": region, "stratum": region, "area": ""}
            rows.append(interview(f"p-{region}-{number}", InterviewState.PARTIAL, NOW) | words)
        for number in range(wanted // 3):
            words = {"survey": "bill", "region": region, "stratum": region, "area": ""}
            rows.append(interview(f"n-{region}-{number}", InterviewState.NO_CONTACT, NOW) | words)
    await session.flush()
    await session.execute(insert(Interview), rows)
    await session.execute(insert(Answer), given)
