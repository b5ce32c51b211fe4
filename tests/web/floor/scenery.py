"""A floor as the core and the queues would tell it: two dozen agents, five campaigns, a queue."""

import asyncio
from typing import Any

from agents import AgentCard
from agents.queues import kpis
from agents.queues.kpis import Tally
from store import LiveStore
from tests.calls.samples import later

NOW = later(600)
STATES = ("ready", "talking", "talking", "talking", "wrap_up", "talking", "paused", "talking")
NAMES = (
    "Anna Bruno Carla Dario Elena Fabio Giulia Hugo Irina Jacopo Katia Luca Marta Nino Olga Paolo Rita "
    "Sandro Tina Ugo Vera Walter Xenia Zeno"
)
CARDS = [AgentCard(f"agent{i:02d}", f"agent{i:02d}", name) for i, name in enumerate(NAMES.split(), 1)]
CAMPAIGNS = (
    ("spring", "Spring fibre upgrade", "predictive", "calling", 0.021, 0.03, 0.84),
    ("renewals", "Contract renewals", "predictive", "careful", 0.0312, 0.03, 0.79),
    ("welcome", "Welcome calls", "progressive", "calling", 0.004, 0.03, 0.71),
    ("payments", "Payment reminders", "agentless", "calling", None, None, None),
    ("survey", "After-repair survey", "ratio", "paused", None, 0.03, None),
)


def campaign(title: str, mode: str, state: str, rate: Any, limit: Any, used: Any) -> dict[str, Any]:
    calls = state in {"calling", "careful"}
    return {
        "title": title, "mode": mode, "state": state, "why": "", "skill": "", "priority": 0,
        "target": 1.8 if mode == "ratio" else limit, "lines_most": 60, "lines": 31 * calls,
        "ringing": 14 * calls, "analysing": 0, "waiting": int(state == "careful"),
        "talking": 9 * calls, "wrap_up": 2 * calls,
        "pace": 1.4 * calls, "utilisation": used, "left": 18_240, "abandonment": rate, "limit": limit,
        "abandoned": 7, "budget": 1.2, "answers": 0.42, "handling": 190, "lines_per_agent": 1.9, "risk": 0.02,
    }  # fmt: skip


def floor(**more: Any) -> dict[str, Any]:
    queue = Tally(
        offered=212, waiting=2, answered=188, in_time=161, abandoned=14, abandoned_in_time=6, short=4,
        flow_outs=8, answered_wait=2470.0, handled=180, talk=33_000.0, hold=900.0, wrap=5_400.0,
    )  # fmt: skip
    service = {
        "name": "service", "title": "Service 0611", "open": True, "waiting": 2, "call_backs": 1,
        "longest_wait": 37.0, "estimate": 60, "agents": 18, "ready": 3, "service_level": kpis.copc(queue),
        "today": kpis.told(queue),
    }  # fmt: skip
    return {
        "at": NOW,
        "campaigns": {name: campaign(*rest) for name, *rest in CAMPAIGNS},
        "queues": {"service": service},
        "trunks": {
            "carrier": {"lines": 120, "used": 71, "enabled": True, "state": "working", "resting": False},
            "reserve": {"lines": 30, "used": 0, "enabled": True, "state": "resting", "resting": True},
        },
        "house": {
            "ready": 3, "talking": 15, "wrap_up": 3, "paused": 3, "offline": 0, "reserved": 0,
            "signed_in": 24, "utilisation": 0.82, "lines": 93, "pace": 4.2, "waiting": 2,
        },
        "alarms": [],
        **more,
    }  # fmt: skip


def alarm(**more: Any) -> dict[str, Any]:
    return {
        "id": "m1", "rule": "house-abandonment-over", "figure": "campaign.budget_used", "subject": "renewals",
        "side": "above", "threshold": 1.0, "value": 1.04, "severity": "critical", "raised": NOW.isoformat(),
        "cleared": None, "acknowledged": None, "by": "", **more,
    }  # fmt: skip


def agents() -> dict[str, dict[str, Any]]:
    seen = {}
    for place, card in enumerate(CARDS):
        state = STATES[place % len(STATES)]
        seen[card.name] = {
            "agent": card.name, "state": state, "since": later(600 - 17 * (place + 1)),
            "reason": "lunch" * (state == "paused"), "call": f"a{place}" * (state == "talking"),
            "campaign": "spring" * (state in {"talking", "wrap_up"}),
            "node": "node1", "leaving": False, "going_home": False, "told": NOW,
        }  # fmt: skip
    return seen


async def minutes(live: LiveStore) -> None:
    """Three hours of them."""
    for minute in range(170):
        wave = ((minute * 37) % 23) / 100
        row = {
            "at": int(NOW.timestamp()) - 60 * (170 - minute),
            "house": {"": [0.66 + wave * 0.8, minute % 5, 70 + minute % 31, 14 + minute % 5, minute % 4]},
            "campaigns": {"spring": [0.7 + wave, 0.012 + wave / 15, minute % 3, 25 + minute % 9, 9, 1.2]},
            "queues": {"service": [minute % 6, minute % 50, 0.7 + wave]},
        }
        await live.append("centralino:floor:minutes", row, most=720, seconds=3600)


async def feed(live: LiveStore, **more: Any) -> None:
    """One second's word, and everybody's state."""
    await live.put("centralino:floor", floor(**more), seconds=60)
    await live.publish("centralino:floor", floor(**more))
    seen = agents()
    await live.put_fields("centralino:agents:now", seen, seconds=60)
    await live.publish("centralino:agents", {"node": "node1", "at": NOW, "agents": list(seen.values())})


async def feeding(live: LiveStore) -> None:
    """The same word again and again, until cancelled."""
    while True:
        await feed(live)
        await asyncio.sleep(0.5)
