"""`centralino prompts`: what is said, in which languages, and whether it can be heard without waiting."""

import asyncio
import csv
import json
import shutil
import subprocess
import tempfile
from pathlib import Path
from typing import Annotated

import typer
from rich.box import SIMPLE_HEAD
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from centralino.announcements import FOLDER, prepare_fallback
from centralino.cli.given import all_given, whole
from centralino.cli.target import check_folder
from centralino.rooms import flow_files
from centralino.settings import Settings
from centralino.stepdown import own_settings
from ivr.language import Flow, load_flow
from ivr.speech import (
    Covered,
    PromptPlace,
    Source,
    Tally,
    Voice,
    coverage,
    joined,
    prompts_of,
    samples,
    tallies,
    voice_of,
)
from values import BadInputError, SystemClock

app = typer.Typer(
    add_completion=False,
    pretty_exceptions_enable=False,
    help="What is said, in which languages, and whether it is rendered.",
)

FlowNames = Annotated[list[str] | None, typer.Option("--flow", help="Only this flow; may be repeated.")]
Languages = Annotated[
    list[str] | None, typer.Option("--language", help="Only this language; may be repeated.")
]
Files = Annotated[
    list[Path] | None,
    typer.Option(
        "--file", help="A flow's file in place of the house's own.", readable=False, callback=all_given
    ),
]
Slow = Annotated[bool, typer.Option("--slow", help="The slow speech of customers who asked for it.")]

_PLAYERS = (
    ["aplay", "-q"],
    ["paplay"],
    ["play", "-q"],
    ["ffplay", "-autoexit", "-nodisp", "-loglevel", "error"],
)
_MARKS = {
    Source.RECORDED: "[green]recorded[/]",
    Source.RENDERED: "[green]rendered[/]",
    Source.PARTLY: "[yellow]partly[/]",
    Source.MISSING: "[yellow]missing[/]",
    Source.UNWRITTEN: "[red]unwritten[/]",
}


@app.callback(invoke_without_command=True)
def show(
    context: typer.Context,
    flow: FlowNames = None,
    language: Languages = None,
    file: Files = None,
    slow: Slow = False,
    every: Annotated[bool, typer.Option("--all", help="Each prompt, not only the figures.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="The figures as JSON.")] = False,
) -> None:
    """Show how much of each flow can be heard, by language: recorded, rendered, missing, unwritten."""
    if context.invoked_subcommand is not None:
        return
    settings = own_settings()
    found = asyncio.run(_covered(_voice(settings), _flows(flow, file), language, slow=slow))
    if as_json:
        figures = [{"flow": row.flow, "language": row.language, **row.counts} for row in tallies(found)]
        typer.echo(json.dumps(figures, indent=2))
        return
    Console().print(_each(found) if every else _figures(tallies(found)))


@app.command()
def render(
    flow: FlowNames = None,
    file: Files = None,
    slow: Slow = False,
    jobs: Annotated[int, typer.Option(min=1, max=64, help="How many engines at once.")] = 2,
) -> None:
    """Render everything that can be rendered ahead, the fallback's words included."""
    settings = own_settings()
    voice = _voice(settings)

    async def work() -> list[str]:
        done = await voice.prepare(_flows(flow, file), slow=slow, workers=jobs)
        typer.echo(f"{done.made} pieces made, {done.there} were there, {done.failed} failed")
        folder = settings.home.resolve() / "prompts" / FOLDER
        left_out = await prepare_fallback(folder, settings.languages, voice.studio)
        if done.failed:
            left_out.append(f"{done.failed} pieces of flows (see the lines above)")
        return left_out

    if left_out := asyncio.run(work()):
        typer.echo(f"not rendered: {', '.join(left_out)}", err=True)
        raise typer.Exit(1)


@app.command()
def listen(
    key: Annotated[str, typer.Argument(help="flow.step.slot, as `prompts --all` shows it.")],
    language: Annotated[str, typer.Option(help="In which language.")] = "it",
    to: Annotated[Path | None, typer.Option(help="Write a WAV file instead of playing it.")] = None,
    file: Files = None,
    slow: Slow = False,
) -> None:
    """Play a prompt on this machine, with made-up values, or write it as a WAV file."""
    settings = own_settings()
    place = next(
        (place for flow in _flows(None, file) for place in prompts_of(flow) if place.key == key), None
    )
    if place is None:
        raise BadInputError(f"there is no prompt {key!r}; `centralino prompts --all` lists them", field="key")
    with tempfile.TemporaryDirectory() as folder:
        wav = check_folder(to) if to else Path(folder) / "prompt.wav"
        typer.echo(asyncio.run(_spoken(_voice(settings), place, language, wav, slow=slow)))
        if to is None:
            play_wav(wav)


@app.command()
def export(
    folder: Annotated[Path, typer.Argument(help="Where to write; made if it is not there.")],
    language: Annotated[str, typer.Option(help="In which language.")] = "it",
    flow: FlowNames = None,
    file: Files = None,
) -> None:
    """Write what a speaker needs in a studio: the list of file names and texts, and how each sounds now.

    Prompts with values in them are left out: they are put together in the call.
    """
    settings = own_settings()
    folder = whole(folder)
    voice = _voice(settings)
    places = [place for each in _flows(flow, file) for place in prompts_of(each) if language in place.texts]
    places = [place for place in places if not samples({language: place.texts[language]}, voice.today)]

    async def work() -> None:
        for place in places:
            await _spoken(voice, place, language, folder / f"{place.key}.wav", slow=False)

    _make(folder)
    asyncio.run(work())
    with (folder / "texts.csv").open("w", newline="", encoding="utf-8") as out:
        writer = csv.writer(out)
        writer.writerow(["file", "text"])
        writer.writerows([f"{place.key}.wav", place.texts[language]] for place in places)
    typer.echo(
        f"{len(places)} prompts in {folder}; recordings go to {settings.home / 'recordings' / language}"
    )


def _voice(settings: Settings) -> Voice:
    return voice_of(settings.home.resolve(), SystemClock(), speech=settings.speech, country=settings.country)


def _flows(names: list[str] | None, files: list[Path] | None) -> list[Flow]:
    flows = [load_flow(path.read_text("utf-8"), file=str(path)).flow for path in files or flow_files()]
    unknown = set(names or ()) - {flow.flow for flow in flows}
    if unknown:
        raise BadInputError(f"there is no flow {', '.join(sorted(unknown))}", field="flow")
    return [flow for flow in flows if not names or flow.flow in names]


async def _covered(
    voice: Voice, flows: list[Flow], languages: list[str] | None, *, slow: bool
) -> list[Covered]:
    found = await coverage(voice, flows, slow=slow)
    return [one for one in found if not languages or one.language in languages]


def _figures(rows: list[Tally]) -> Table:
    table = Table(title="Prompts", box=SIMPLE_HEAD, padding=(0, 1, 0, 0))
    table.add_column("flow", no_wrap=True)
    table.add_column("", no_wrap=True)
    for source in Source:
        table.add_column(source.value, justify="right")
    table.add_column("ready", justify="right")
    for row in rows:
        share = f"{row.heard / row.total:.0%}" if row.total else "–"
        table.add_row(row.flow, row.language, *(str(row.counts[source] or "·") for source in Source), share)
    return table


def _each(found: list[Covered]) -> Table:
    table = Table("key", "", "sound", "text", title="Prompts", box=SIMPLE_HEAD, padding=(0, 1, 0, 0))
    table.columns[0].overflow = "fold"
    for one in found:
        table.add_row(one.place.key, one.language, _MARKS[one.source], escape(one.text))
    return table


async def _spoken(voice: Voice, place: PromptPlace, language: str, wav: Path, *, slow: bool) -> str:
    values = samples(place.texts, voice.today)
    sounds = await voice.sounds(place.texts, values, language=language, slow=slow, key=place.key)
    try:
        joined(sounds).export(str(wav), format="wav").close()
    except OSError as problem:
        raise BadInputError(f"cannot write {wav}: {problem.strerror}; root is given away, so choose a folder "
                            "that the service's account may write to") from problem  # fmt: skip
    return " ".join(sound.text for sound in sounds).replace(" ,", ",")


def _make(folder: Path) -> None:
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as problem:
        raise BadInputError(f"cannot make {folder}: {problem.strerror}", field="folder") from problem


def play_wav(wav: Path) -> None:
    """Play a file on this machine. Raises `BadInputError` where nothing can."""
    player = next((command for command in _PLAYERS if shutil.which(command[0])), None)
    if player is None:
        raise BadInputError("nothing on this machine plays sound; write a file with --to prompt.wav")
    subprocess.run([*player, str(wav)], check=False)  # noqa: S603  (a player of this list, on our own file)
