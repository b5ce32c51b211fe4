"""Figures in the order in which people want to hear them: for programs as plain data. Pure."""

from collections.abc import Mapping
from typing import Any

from dialer.results.figures import Figures


def figures_told(found: Figures) -> Mapping[str, Any]:
    """All figures by name. Shares are 0 to 1, None where there is nothing to divide by; times are UTC."""
    law, people = found.abandonment, found.people
    return {
        "campaign": found.campaign,
        "period": found.period.value,
        "begins": found.begins,
        "until": found.until,
        "attempts": found.number("attempts"),
        "answered": found.number("answered"),
        "connects": found.number("person"),
        "connected": found.number("connected"),
        "abandoned": found.number("abandoned"),
        "machines": found.number("machine"),
        "messages_left": found.number("message_left"),
        "screenings": found.number("screening"),
        "right_parties": found.number("right_party"),
        "goals": found.number("goal"),
        "connect_rate": found.connect_rate,
        "right_party_rate": found.right_party_rate,
        "right_party_of_connects": found.right_party_of_connects,
        "goal_rate": found.goal_rate,
        "hit_rate": found.hit_rate,
        "machine_rate": found.machine_rate,
        "ring_seconds": found.mean("rang"),
        "join_milliseconds": found.join_milliseconds,
        "talk_seconds": found.mean("talk"),
        "handling_seconds": found.handling_seconds,
        "abandonment": {
            "rate": law.rate,
            "limit": law.limit,
            "formula": law.formula,
            "since": law.window_begin,
            "abandoned": law.abandoned,
            "connected": law.connected,
            "false_positives": round(law.amd_false, 2),
            "left": round(law.left, 2),
        },
        "utilisation": found.utilisation,
        "utilisation_of_signed_in": found.utilisation_of_signed_in,
        "agent_hours": found.agent_hours,
        "talk_minutes_per_agent_hour": found.talk_minutes_per_agent_hour,
        "contacts": people.contacts,
        "contacts_left": people.left,
        "contacts_tried": people.tried,
        "penetration": people.penetration,
        "saturation": people.saturation,
        "attempts_per_hour": found.pace,
        "hours_left": found.hours_left,
        "outcomes": found.outcomes,
    }
