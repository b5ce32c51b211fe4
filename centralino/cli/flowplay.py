"""`centralino flow play`, `scenario run` and `replay`: flows without a telephone."""

import asyncio
import logging
from pathlib import Path
from typing import Annotated, Literal

import structlog
import typer
from rich.markup import escape

from calls import queries
from centralino.cli.flowshelf import find_flows, is_file, open_rooms, read_text
from centralino.cli.flowshow import Terminal, aloud, out
from centralino.cli.scriptplay import play_script
from centralino.core.callers import recognise
from centralino.settings import Settings
from centralino.stepdown import own_settings
from ivr.language import Flow, load_flow
from ivr.language.model import FlowKind
from ivr.player import Playing, SpokenText, play, read_answers
from ivr.player.playing import CALL
from ivr.replay import replay
from ivr.scenarios import EngineDriver, ScenarioFailedError, TextDriver, load_scenarios, run_scenario
from ivr.speech import WordedVoice
from values import BadInputError, CallId, SystemClock

Language = Annotated[str, typer.Option(help="The caller's language; the flow's first.")]
Name = Annotated[str, typer.Argument(help="A file, or the name of one of the house's flows.")]

scenario_app = typer.Typer(no_args_is_help=True, add_completion=False, help="Calls as they should go.")


def add_to(app: typer.Typer) -> None:
    """Add these commands."""
    app.callback()(quiet)
    app.command("play")(play_flow)
    app.command("replay")(replay_call)
    app.add_typer(scenario_app, name="scenario")


def quiet() -> None:
    """Check, draw, play and publish call flows."""
    # commands speak for themselves: what fails in a played call is shown in the call
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.CRITICAL))


def play_flow(
    name: Name,
    language: Language = "",
    slow: Annotated[bool, typer.Option("--slow", help="A customer marked for slow speech.")] = False,
    customer: Annotated[
        str, typer.Option(help="Be the owner of this number, with the real actions of the business.")
    ] = "",
    answer: Annotated[
        list[str] | None,
        typer.Option(
            help="An action's result, as care.balance.owed='72.50 EUR'; `fails` and `late` work too."
        ),
    ] = None,
    say: Annotated[bool, typer.Option("--say", help="Prompts are also heard.")] = False,
) -> None:
    """Walk a flow in the terminal: type keys and Enter; Enter alone is silence, h hangs up.

    A script is read page by page, as its agent would.
    """
    shelf = find_flows([name])
    told = read_answers(answer or [])
    flow, others = shelf.chosen[0].flow, shelf.neighbours
    if flow.kind is FlowKind.SCRIPT:
        play_script(flow, others, SystemClock(), language=language)
        return
    settings = own_settings() if customer or say else Settings()
    asyncio.run(_play(settings, Playing(flow, others, language, slow, told=told), customer, say=say))


async def _play(settings: Settings, playing: Playing, customer: str, *, say: bool) -> None:
    clock = SystemClock()
    async with open_rooms(settings) as rooms:
        who = await recognise(rooms.customers, customer, settings.country, CALL) if customer else None
        if customer and (who is None or who.card is None):
            raise BadInputError(f"{customer} belongs to no customer, or to several", field="customer")
        card = who.card if who else None
        chosen = Playing(
            playing.flow,
            playing.others,
            language=playing.language or (card.language if card else ""),
            slow=playing.slow or bool(card and card.slow_speech),
            caller=who.number if who else "",
            variables=who.variables if who else {},
            told=playing.told,
            faces=rooms.actions,
            actions=rooms.actions if who else None,
            voice=SpokenText(rooms.voice, WordedVoice(clock, country=settings.country)) if say else None,
            speaker=aloud if say else None,
        )
        await play(chosen, Terminal(), clock)


@scenario_app.command("run")
def run_scenarios(
    files: Annotated[list[Path], typer.Argument(exists=True, dir_okay=False, help="Scenario files.")],
    on: Annotated[Literal["engine", "text"], typer.Option(help="What makes the call.")] = "engine",
    show: Annotated[bool, typer.Option("--show", help="Show each conversation (on text).")] = False,
    flow: Annotated[list[str] | None, typer.Option(help="Flow files in place of the house's own.")] = None,
) -> None:
    """Lead calls through flows as scenarios say, without a telephone."""
    shelf = find_flows(flow or [])
    failed = asyncio.run(_run_all(files, list(shelf.flows.values()), text=on == "text" or show, show=show))
    if failed:
        raise typer.Exit(1)


async def _run_all(files: list[Path], flows: list[Flow], *, text: bool, show: bool) -> int:
    failed = 0
    for file in files:
        for loaded in load_scenarios(read_text(file), file=str(file)):
            driver = TextDriver(flows) if text else EngineDriver(flows)
            try:
                await run_scenario(loaded, driver)
                out.print(f"[green]ok[/]      {escape(loaded.where())} {escape(loaded.scenario.scenario)}")
            except ScenarioFailedError as problem:
                failed += 1
                out.print(f"[red]failed[/]  {escape(str(problem))}")
            if show and isinstance(driver, TextDriver):
                out.print(driver.transcript, markup=False)
    return failed


def replay_call(
    call_id: Annotated[str, typer.Argument(help="A past call's id, as the page shows it.")],
    name: Annotated[str, typer.Argument(help="The changed flow: a file, or a name in force now.")] = "",
) -> None:
    """Take a past call's keys and action results through a changed flow, to see what would have happened."""
    chosen = find_flows([name]).chosen[0].flow if is_file(name) else None
    asyncio.run(_replay(own_settings(), CallId(call_id), name, chosen))


async def _replay(settings: Settings, call_id: CallId, name: str, chosen: Flow | None) -> None:
    async with open_rooms(settings) as rooms:
        async with rooms.db.read() as session:
            records = await queries.trace(session, call_id)
        if not records:
            raise BadInputError(f"no call {call_id} has left a trace", field="call id")
        await rooms.library.refresh()
        now = {each: rooms.library.flow(each) for each in rooms.library.names()}
        flow = chosen or now.get(name or records[0].flow)
        if flow is None:
            raise BadInputError(f"no flow {name or records[0].flow} is in force", field="flow")
        versions = {(record.flow, record.version) for record in records if record.version}
        was = [
            load_flow(await rooms.flows.text(version), file=f"{each}.yaml").flow for each, version in versions
        ]
    others = [each for each in now.values() if each.flow != flow.flow]
    for line in (await replay(records, flow, others, was=was)).lines():
        out.print(line, markup=False)
