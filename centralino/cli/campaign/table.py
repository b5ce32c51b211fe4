"""Campaigns as a table for people."""

from collections.abc import Sequence
from datetime import datetime

from rich.console import Console
from rich.table import Table

from dialer.models import Campaign, Mode

_COLOURS = {"calling": "green", "paused": "yellow", "to come": "cyan", "over": "dim", "archived": "dim"}


def state_of(campaign: Campaign, now: datetime) -> str:
    """How it stands, in a word."""
    if campaign.archived:
        return "archived"
    if campaign.ends is not None and campaign.ends <= now:
        return "over"
    if campaign.paused:
        return "paused"
    return "to come" if campaign.starts is not None and campaign.starts > now else "calling"


def print_table(found: Sequence[Campaign], now: datetime) -> None:
    """Print them, one a line."""
    shown = Table(box=None, pad_edge=False, header_style="bold")
    for heading in ("name", "state", "mode", "purpose"):
        shown.add_column(heading, overflow="fold")
    for heading in ("priority", "weight", "lines", "calls/s"):
        shown.add_column(heading, justify="right")
    shown.add_column("abandon")
    for each in found:
        state = state_of(each, now)
        shown.add_row(
            each.name,
            f"[{_COLOURS[state]}]{state}[/]",
            each.mode.value,
            each.purpose.value,
            str(each.priority),
            f"{each.weight:g}",
            str(each.lines),
            f"{each.calls_per_second:g}",
            _abandon(each),
        )
    Console().print(shown)


def _abandon(campaign: Campaign) -> str:
    if campaign.mode in {Mode.AGENTLESS, Mode.PREVIEW}:
        return ""
    return "the law's" if campaign.max_abandon is None else f"{campaign.max_abandon:.1%}"
