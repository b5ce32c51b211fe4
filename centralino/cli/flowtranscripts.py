"""`centralino flow transcripts`: what customers hear, flow by flow and language by language, kept as text."""

import asyncio
from collections.abc import Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import Annotated

import typer

from centralino.cli.flowshelf import Shelf, find_flows, read_text, scenario_files
from centralino.cli.scriptplay import ZONE
from ivr.language import Flow, load_flow
from ivr.language.model import FlowKind
from ivr.scenarios import WRITTEN_BY, headed, laid_out, load_scenarios, transcript
from ivr.scripts import readings
from surveys.cati import desk_script
from values import BadInputError

KEPT = Path("docs/transcripts")
"""Where the house keeps those of its own flows."""
DAY = datetime.fromisoformat("2026-03-02T09:00:00+00:00")
"""When scripts are read: a Monday, as calls come in scenarios."""
BEGIN = "surveys.begin"
"""The action that makes a flow a questionnaire."""
TOLD = {BEGIN: {"ask": True}}
"""What actions give to scripts: a questionnaire may be asked. All others give nothing."""
RENEW = f"centralino flow transcripts --to {KEPT}"


def add_to(app: typer.Typer) -> None:
    """Add this command."""
    app.command("transcripts")(write_transcripts)


def write_transcripts(
    names: Annotated[
        list[str] | None, typer.Argument(help="Files, or names of the house's flows; all of them.")
    ] = None,
    to: Annotated[Path, typer.Option("--to", file_okay=False, help="The folder they are kept in.")] = KEPT,
    scenario: Annotated[
        list[Path] | None,
        typer.Option(exists=True, dir_okay=False, help="Scenario files in place of the house's own."),
    ] = None,
    check: Annotated[
        bool, typer.Option("--check", help="Write nothing; fail when a kept one is not what is said today.")
    ] = False,
) -> None:
    """Lead each flow's scenarios in all its languages, and keep what is said and keyed as text."""
    texts = asyncio.run(transcripts(find_flows(names or []), scenario or scenario_files()))
    if not texts:
        raise BadInputError(
            "no scenario calls any of these flows; --scenario names their files", field="flow"
        )
    stale = outdated(texts, to, all_of_them=not names and not scenario)
    if check:
        for name in stale:
            typer.echo(f"{to / name} is not what the flows say today")
        raise typer.Exit(1 if stale else 0)
    to.mkdir(parents=True, exist_ok=True)
    for name in stale:
        if name in texts:
            (to / name).write_text(texts[name], encoding="utf-8")
        else:
            (to / name).unlink()
    typer.echo(f"{len(texts)} transcripts in {to}, {len(stale)} of them new or changed")


async def transcripts(shelf: Shelf, files: Sequence[Path]) -> Mapping[str, str]:
    """By file name, of the chosen flows those that a scenario calls, and all scripts for agents.

    Questionnaires come also as agents ask them. Raises `ScenarioFailedError`.
    """
    scenarios = [each for file in files for each in load_scenarios(read_text(file), file=str(file))]
    called = {each.scenario.flow for each in scenarios}
    flows = list(shelf.flows.values())
    scripts = [each.flow for each in shelf.chosen if each.flow.kind is FlowKind.SCRIPT]
    read = {
        f"{flow.flow}.{language}.txt": _read(flow, flows, language)
        for flow in (*scripts, *_asked_by_agents(shelf))
        for language in flow.languages
    }
    return read | {
        f"{flow.flow}.{language}.txt": await transcript(flow, scenarios, flows, language)
        for flow in (loaded.flow for loaded in shelf.chosen)
        if flow.kind is not FlowKind.SCRIPT and flow.flow in called
        for language in flow.languages
    }


def _asked_by_agents(shelf: Shelf) -> list[Flow]:
    """The chosen questionnaires, as pages."""
    texts = [
        each.text for each in shelf.chosen if each.flow.kind is not FlowKind.SCRIPT and BEGIN in each.text
    ]
    return [load_flow(desk_script(text), file="desk.yaml").flow for text in texts]


def _read(flow: Flow, others: Sequence[Flow], language: str) -> str:
    """A script, page by page, in as many readings as give every answer once."""
    found = readings(flow, others, language, now=DAY, zone=ZONE, told=TOLD)
    parts = [laid_out(f"Reading {nth}", text.splitlines()) for nth, text in enumerate(found, start=1)]
    return "\n".join([headed(flow, language), *parts])


def outdated(texts: Mapping[str, str], folder: Path, *, all_of_them: bool) -> Sequence[str]:
    """Names of those that are kept otherwise or not at all, and of kept ones that are no flow's any more."""
    kept = {path.name: path.read_text(encoding="utf-8") for path in folder.glob("*.txt")}
    ours = {name for name, text in kept.items() if WRITTEN_BY in text}
    gone = ours - texts.keys() if all_of_them else set()
    return sorted(gone | {name for name, text in texts.items() if kept.get(name) != text})
