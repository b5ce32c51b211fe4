"""Every setting of a campaign: how it is read and what it means."""

from collections.abc import Mapping
from typing import Any

from dialer.campaigns.plan import FIELDS
from dialer.gate import Purpose
from dialer.models import Machines, Mode
from dialer.readers import (
    Setting,
    choice,
    flag,
    moment,
    number,
    optional,
    table,
    tables,
    text,
    text_lists,
    texts,
    whole,
)
from values import BadInputError

MOST_RATIO = 10.0
LONGEST_RING = 120.0

SETTINGS: Mapping[str, Setting] = {
    each.name: each
    for each in (
        Setting("title", text, "its name for people"),
        Setting("flow", text, "the published flow an answered call goes through"),
        Setting("purpose", choice(Purpose), "why it calls; law and do-not-call entries differ by it"),
        Setting("profile", text, "the jurisdiction whose limits hold"),
        Setting("caller_id", text, "the number it shows, in E.164"),
        Setting("trunks", texts, "the trunks it uses, in the order they are tried; empty: all"),
        Setting("hours", text_lists, "its own hours by kind of day, within the jurisdiction's"),
        Setting("lines", whole(1, 100_000), "how many calls at once"),
        Setting("calls_per_second", number(above=0, most=1000), "how many calls may start in a second"),
        Setting("priority", whole(-1000, 1000), "higher goes first"),
        Setting("retry", table, "when an outcome is tried again; empty: the house's rules"),
        Setting("ring_seconds", number(least=1, most=LONGEST_RING), "how long a phone rings"),
        Setting("starts", optional(moment), "it calls nobody before"),
        Setting("ends", optional(moment), "it calls nobody from then on"),
        Setting("mode", choice(Mode), "how calls and agents come together"),
        Setting("weight", number(above=0, most=1000), "its share among campaigns of one priority"),
        Setting("skill", text, "what an agent must know to talk to its people; empty: anybody may"),
        Setting("ratio", number(least=1, most=MOST_RATIO), "lines for each free agent, in mode ratio"),
        Setting(
            "max_abandon",
            optional(number(least=0, most=1)),
            "the share of live answers that may find no agent; null: what the jurisdiction allows",
        ),
        Setting(
            "max_occupancy",
            optional(number(above=0, most=1)),
            "the most of their time that agents shall be busy; null: no such limit",
        ),
        Setting("machines", choice(Machines), "what is done about answering machines"),
        Setting("message", text, "the flow that is said to an answering machine after its beep"),
        Setting("wrap_seconds", number(least=0, most=3600), "how long an agent has after a talk"),
        Setting("record", flag, "whether talks with agents are recorded"),
        Setting("caller_ids", texts, "the numbers it shows, each customer always the same; empty: caller_id"),
        Setting("callback_flow", text, "the flow for who rings one of them back; empty: the house's own"),
        Setting("dispositions", tables, "how an agent may say that a talk ended; empty: the house's set"),
        Setting("script", text, "the published script its agents read; empty: none"),
        Setting("spend_limit", optional(whole(0, 10**9)), "what a day's calls may cost, in minor units"),
    )
}


def read_settings(given: Mapping[str, object]) -> dict[str, Any]:
    """Settings from outside, each read. Raises `BadInputError` naming the first wrong field."""
    for name in given:
        if name not in SETTINGS:
            raise BadInputError(f"a campaign has no such setting; it has: {', '.join(FIELDS)}", field=name)
    return {name: SETTINGS[name].read(value) for name, value in given.items()}
