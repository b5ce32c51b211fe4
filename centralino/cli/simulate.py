"""`centralino simulate`: let days of a campaign go by in seconds, beside other ways to pace."""

import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated

import orjson
import typer
from rich.box import SIMPLE_HEAD
from rich.console import Console
from rich.markup import escape
from rich.progress import Progress
from rich.table import Table

from dialer.simulator import (
    CONTENDERS,
    OURS,
    Contender,
    Scenario,
    Summary,
    as_document,
    contenders,
    load_scenario,
    run_days,
    shipped,
)
from values import BadInputError

app = typer.Typer(add_completion=False, pretty_exceptions_enable=False)
out = Console(highlight=False, soft_wrap=True)

COMPARED = "progressive,vicidial,issabel,genesys"


@app.command()
def simulate(
    name: Annotated[
        str, typer.Argument(metavar="[SCENARIO]", help="A file, or a shipped one's name; none: list those.")
    ] = "",
    as_json: Annotated[bool, typer.Option("--json", help="Print everything as JSON.")] = False,
    plot: Annotated[Path | None, typer.Option(help="Draw the day into this PNG file.")] = None,
    seeds: Annotated[int, typer.Option(min=1, max=1000, help="How many days, each with its own chance.")] = 1,
    against: Annotated[str, typer.Option(help="all, none, or names with commas between.")] = COMPARED,
    changes: Annotated[
        list[str] | None,
        typer.Option(
            "--set", metavar="FIELD=VALUE", help="Change a setting: max_abandon=0.02, staff.agents=30."
        ),
    ] = None,
) -> None:
    """Simulate a campaign's day with the dialler's own code, and with other systems' pacing beside it."""
    if not name:
        _list()
        return
    scenario = load_scenario(name, _changes(changes or []))
    chosen = [CONTENDERS[OURS], *(each for each in contenders(against) if each.name != OURS)]
    summaries = _run(scenario, chosen, seeds)
    if as_json:
        document = as_document(scenario, summaries)
        sys.stdout.write(orjson.dumps(document, option=orjson.OPT_INDENT_2).decode() + "\n")
    else:
        _show(scenario, summaries)
    if plot:
        _draw(scenario, summaries, plot)


def _changes(written: Sequence[str]) -> dict[str, str]:
    changes = {}
    for each in written:
        field, sign, value = each.partition("=")
        if not sign:
            raise BadInputError(f"{each!r} is no setting; write FIELD=VALUE", field="set")
        changes[field.strip()] = value
    return changes


def _run(scenario: Scenario, chosen: Sequence[Contender], seeds: int) -> Sequence[Summary]:
    with Progress(console=Console(stderr=True), transient=True) as progress:
        task = progress.add_task("", total=len(chosen) * seeds)
        summaries = []
        for contender in chosen:
            progress.update(task, description=contender.title)
            days = range(1, seeds + 1)
            summaries.append(run_days(scenario, contender, days, done=lambda: progress.advance(task)))
    return summaries


def _list() -> None:
    table = Table(box=None)
    table.add_column("name")
    table.add_column("what it shows")
    for name in shipped():
        table.add_row(name, escape(load_scenario(name).scenario))
    out.print(table)


def _show(scenario: Scenario, summaries: Sequence[Summary]) -> None:
    campaign, days = scenario.campaign, len(summaries[0].days)
    out.print(f"[bold]{escape(scenario.scenario)}[/]")
    out.print(
        f"{days} day{'s' * (days > 1)} of {scenario.hours:g} hours, "
        f"at most {campaign.max_abandon:.1%} abandoned (formula: {campaign.formula.value})"
    )
    table = Table(box=SIMPLE_HEAD, pad_edge=False, padding=(0, 1, 0, 0), collapse_padding=True)
    table.add_column("", no_wrap=True)
    for heading in (
        "util.\nmean", "worst\nday", "lost\nmean", "worst\nday", "worst\nhour",
        "talk\nmin/h", "calls", "ms",
    ):  # fmt: skip
        table.add_column(heading, justify="right", no_wrap=True)
    for each in summaries:
        table.add_row(
            escape(each.title),
            f"{each.utilisation:.3f}",
            f"{each.worst_utilisation:.3f}",
            _limited(each.abandonment, campaign.max_abandon),
            _limited(each.worst_abandonment, campaign.max_abandon),
            f"{each.worst_hour:.1%}",
            f"{each.talk_minutes_per_agent_hour:.1f}",
            f"{each.placed:.0f}",
            f"{1000 * each.decision_seconds:.2f}",
        )
    out.print(table)
    out.print("[dim]util.: talk and wrap-up / staffed; lost: abandoned; ms: a decision's mean time[/]")
    _show_ours(summaries[0])


def _show_ours(ours: Summary) -> None:
    """What only the first day of the dialler's own pacer is asked for: outcomes, callers, the list."""
    day = ours.days[0]
    counts = day.counts
    out.print(
        f"{ours.title}, seed {day.seed}: {counts.placed} calls, {counts.connected} connected "
        f"({day.mean_idle:.1f} s between two of an agent), "
        f"{counts.abandoned} abandoned, {counts.no_answer} not answered, {counts.busy} busy, "
        f"{counts.failed} failed, {counts.machines} machines found, {counts.machines_joined} put through, "
        f"{counts.false_positives} persons taken for one"
    )
    if day.inbound:
        inbound = day.inbound
        out.print(
            f"inbound: {inbound.calls} callers, {inbound.answered} answered after {inbound.mean_wait:.1f} s, "
            f"{inbound.gave_up} gave up, service level {inbound.in_time:.1%}"
        )
    if day.list:
        found = day.list
        out.print(
            f"list: {found.finished} of {found.contacts} contacts finished, {found.reached} reached; "
            f"nobody is left after {found.ends:.1f} hours"
        )


def _limited(value: float, limit: float) -> str:
    return f"[{'red' if value > limit else 'green'}]{value:.2%}[/]"


def _draw(scenario: Scenario, summaries: Sequence[Summary], path: Path) -> None:
    from dialer.simulator.picture import draw_days  # noqa: PLC0415  (loads the drawing library)

    try:
        draw_days(scenario, summaries, path)
    except OSError as problem:
        raise BadInputError(
            f"{path} cannot be written: {problem.strerror or problem}", field="plot"
        ) from problem
    Console(stderr=True, highlight=False).print(str(path), soft_wrap=True)
