"""`centralino flow`: check, draw and play call flows, publish them, look back at calls."""

import asyncio
import json
import webbrowser
from pathlib import Path
from typing import Annotated, Any

import typer

from centralino.cli import flowplay, flowtranscripts, flowversions
from centralino.cli.flowshelf import find_flows
from centralino.cli.flowshow import out, show_problems
from centralino.rooms import TRANSFERS, Rooms
from centralino.settings import Settings
from ivr import Actions
from ivr.drawing import draw_flow
from ivr.language import FlowError, Severity, check_flow
from ivr.language.published import flow_schema
from ivr.scenarios.published import scenario_schema
from values import SystemClock

app = typer.Typer(
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    help="Check, draw, play and publish call flows.",
)
flowplay.add_to(app)
flowtranscripts.add_to(app)
flowversions.add_to(app)

Names = Annotated[list[str] | None, typer.Argument(help="Files, or names of the house's flows; all of them.")]


@app.command()
def check(names: Names = None, as_json: Annotated[bool, typer.Option("--json")] = False) -> None:
    """Prove flows right: unreachable steps, dead ends, loops, missing texts, ambiguous keys and more."""
    try:
        shelf = find_flows(names or [])
    except FlowError as error:
        problems = list(error.problems)
        checked = 1
    else:
        actions = asyncio.run(_actions())
        flows = shelf.flows
        problems = [
            problem
            for loaded in shelf.chosen
            for problem in check_flow(loaded, actions=actions, flows=flows, transfers=TRANSFERS | {"queue.*"})
        ]
        checked = len(shelf.chosen)
    if as_json:
        typer.echo(json.dumps([_plain(problem) for problem in problems], indent=2, ensure_ascii=False))
    else:
        show_problems(problems)
        _sum_up(checked, problems)
    if any(problem.severity is Severity.ERROR for problem in problems):
        raise typer.Exit(1)


@app.command()
def draw(
    name: Annotated[str, typer.Argument(help="A file, or the name of one of the house's flows.")],
    to: Annotated[Path | None, typer.Option("--to", "-o", help="The SVG file; flow.svg beside you.")] = None,
    language: Annotated[str, typer.Option(help="Whose texts are shown; the flow's first.")] = "",
    show: Annotated[bool, typer.Option("--open", help="Open it in a browser.")] = False,
) -> None:
    """Draw a flow as a picture (SVG)."""
    flow = find_flows([name]).chosen[0].flow
    path = to or Path(f"{flow.flow}.svg")
    path.write_text(draw_flow(flow, language=language), encoding="utf-8")
    typer.echo(str(path))
    if show:
        webbrowser.open(path.resolve().as_uri())


@app.command()
def schema(
    scenario: Annotated[bool, typer.Option("--scenario", help="Of scenarios instead of flows.")] = False,
) -> None:
    """Print the JSON Schema of flows, for editors that complete and check while one types."""
    typer.echo(json.dumps(scenario_schema() if scenario else flow_schema(), indent=2, ensure_ascii=False))


async def _actions() -> Actions:
    # the rooms are opened for the faces of their actions; nothing is read or written
    async with Rooms.open(Settings(), SystemClock()) as rooms:
        return rooms.actions


def _sum_up(checked: int, problems: list[Any]) -> None:
    counts = {kind: sum(problem.severity is kind for problem in problems) for kind in Severity}
    told = ", ".join(
        f"{count} {kind}s" if count != 1 else f"1 {kind}" for kind, count in counts.items() if count
    )
    flows = "1 flow" if checked == 1 else f"{checked} flows"
    out.print(f"{flows} checked: {told or 'nothing wrong'}")


def _plain(problem: Any) -> dict[str, Any]:
    return {name: getattr(problem, name) for name in problem.__slots__}
