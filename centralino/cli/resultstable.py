"""A campaign's figures as a table for people."""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from rich.console import Console
from rich.table import Table

NOTHING = "n/a"


def table_of(told: Mapping[str, Any], zone: ZoneInfo) -> None:
    """Print figures (`dialer.results.telling.figures_told`)."""
    law = told["abandonment"]
    begins = "the beginning" if told["begins"] is None else _at(told["begins"], zone)
    table = Table(title=f"{told['campaign']} since {begins}", show_header=False, title_justify="left")
    table.add_column("what")
    table.add_column("how many", justify="right")
    table.add_column("share", justify="right")
    for words, number, share in (
        ("attempts", told["attempts"], ""),
        ("answered", told["answered"], ""),
        ("connects (persons reached) of attempts", told["connects"], _share(told["connect_rate"])),
        ("right parties of attempts", told["right_parties"], _share(told["right_party_rate"])),
        ("goals of connects", told["goals"], _share(told["hit_rate"])),
        ("machines of answered", told["machines"], _share(told["machine_rate"])),
        ("messages left on machines", told["messages_left"], ""),
        ("passed to an agent in time", told["connected"], ""),
        ("abandoned", told["abandoned"], ""),
    ):
        table.add_row(words, str(number), share)
    table.add_section()
    table.add_row(
        f"abandonment by law ({law['formula']}) since {_at(law['since'], zone)}",
        f"{law['abandoned']}",
        f"{_share(law['rate'])} of {_share(law['limit'])}",
    )
    table.add_row("may still be abandoned", f"{law['left']:.1f}", "")
    table.add_section()
    for words, value in (
        ("utilisation of its agents", _share(told["utilisation"])),
        ("of all their time signed in", _share(told["utilisation_of_signed_in"])),
        ("talk minutes an agent hour", _number(told["talk_minutes_per_agent_hour"])),
        ("handling time, seconds", _number(told["handling_seconds"])),
        ("answer to agent, milliseconds", _number(told["join_milliseconds"])),
        ("ringing until the answer, seconds", _number(told["ring_seconds"])),
    ):
        table.add_row(words, value, "")
    table.add_section()
    table.add_row(
        "contacts tried", f"{told['contacts_tried']} of {told['contacts']}", _share(told["penetration"])
    )
    table.add_row("attempts for each contact", _number(told["saturation"]), "")
    table.add_row("contacts left", str(told["contacts_left"]), "")
    table.add_row("attempts an hour, now", _number(told["attempts_per_hour"]), "")
    table.add_row("the list ends in hours of calling", _number(told["hours_left"]), "")
    if told["outcomes"]:
        table.add_section()
    for outcome, number in told["outcomes"].items():
        table.add_row(f"  {outcome or 'no outcome'}", str(number), _share(number / told["attempts"]))
    Console().print(table)


def prospects_table(name: str, told: Mapping[str, Any]) -> None:
    """Print a forecast (`dialer.results.prospects.prospects_told`)."""
    table = Table(
        title=f"{name}, the next {told['hours']:g} hours with {told['staff']} agents", title_justify="left"
    )
    for column in ("", "as it is", "as it would be"):
        table.add_column(column, justify="right" if column else "left")
    for field, now in told["now"]["settings"].items():
        then = told["changed"]["settings"][field]
        if now != then:
            table.add_row(field, _word(now), _word(then))
    table.add_section()
    for words, figure, write in (
        ("utilisation", "utilisation", _share),
        ("abandonment", "abandonment", _share),
        ("the list ends in hours", "list_ends_in_hours", _number),
    ):
        table.add_row(words, *(_likely(told[which][figure], write) for which in ("now", "changed")))
    table.add_row("calls an hour", *(_number(told[which]["calls_per_hour"]) for which in ("now", "changed")))
    Console().print(table)


def _likely(value: Mapping[str, float] | None, write: Callable[[float | None], str]) -> str:
    if value is None:
        return NOTHING
    return f"{write(value['mean'])} ({write(value['low'])} to {write(value['high'])})"


def _word(value: object) -> str:
    return "none" if value is None else str(value)


def _share(value: float | None) -> str:
    return NOTHING if value is None else f"{value:.1%}"


def _number(value: float | None) -> str:
    return NOTHING if value is None else f"{value:,.1f}"


def _at(moment: datetime, zone: ZoneInfo) -> str:
    return f"{moment.astimezone(zone):%Y-%m-%d %H:%M}"
