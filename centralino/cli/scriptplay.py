"""`centralino flow play` for a script: an agent's pages in the terminal."""

import sys
from collections.abc import Mapping, Sequence
from typing import Final
from zoneinfo import ZoneInfo

from rich.markup import escape

from centralino.cli.flowshow import out
from ivr import Shelf
from ivr.language import Flow
from ivr.scripts import FieldView, PageView, Rehearsal, Step, view
from ivr.scripts.lettering import lettered
from values import HOUSE_ZONE, Clock

ZONE: Final = ZoneInfo(HOUSE_ZONE)
HELP: Final = "a number answers, Enter goes on, b goes back, x breaks off, q leaves"


def play_script(
    flow: Flow,
    others: Sequence[Flow],
    clock: Clock,
    *,
    language: str = "",
    told: Mapping[str, str] | None = None,
) -> None:
    """Read pages and choose answers until the script is over; actions are told, not done."""
    values = {name: (told or {}).get(name, given.sample) for name, given in flow.inputs.items()}
    scripts = [one for one in others if one.kind is flow.kind]
    edition = Shelf([flow, *scripts]).edition()
    rehearsal = Rehearsal(edition, flow.flow, values, now=clock.now(), zone=ZONE)
    reader = language or flow.languages[0]
    if language:
        rehearsal.make(Step("language", language))
    out.print(f"[dim]{HELP}[/]")
    while True:
        shown = view(rehearsal.walk, reader, rehearsal.mistakes)
        _show(shown, rehearsal.would_do)
        if shown.outcome:
            return
        step = _asked(shown)
        if step is None:
            return
        if not rehearsal.make(step):
            _refuse(rehearsal, shown)


def _show(page: PageView, would_do: Sequence[str]) -> None:
    for action in would_do:
        out.print(f"[dim]  (here {escape(action)} would be done)[/]")
    stages = " → ".join(
        f"[bold]{stage}[/]" if stage is page.stage else f"[dim]{stage}[/]" for stage in page.stages
    )
    out.print(f"\n{stages}   [dim]{escape(page.path)}[/]")
    for paragraph in page.say:
        out.print(f"[bold]« {escape(paragraph)}[/]")
    if page.hint:
        out.print(f"[dim]  {escape(page.hint)}[/]")
    if page.outcome:
        out.print(f"[green]over:[/] {escape(page.outcome)}{' (goal)' if page.goal else ''}")
    for one in page.answers:
        out.print(f"  [bold]{one.key}[/] {escape(one.text)}")
    for one in page.objections:
        out.print(f"  [bold]{one.key}[/] [yellow]{escape(one.text)}[/]")


def _asked(page: PageView) -> Step | None:
    """The next move, with its fields; None when somebody has had enough."""
    typed = {field.name: _field(field) for field in page.fields}
    told = _line(f"{'Enter or ' if page.goes_on else ''}number")
    keys = {one.key for one in page.objections}
    match told:
        case "q":
            return None
        case "b":
            return Step("back", typed=typed)
        case "x":
            return Step("give_up", typed=typed)
        case "":
            return Step("next", typed=typed)
    return Step("objection" if told in keys else "answer", told, typed)


def _field(field: FieldView) -> str:
    choices = f" ({', '.join(one.value for one in field.options)})" if field.options else ""
    known = f" [{field.typed}]" if field.typed else ""
    return _line(f"  {field.label}{choices}{known}{'*' if field.required else ''}") or field.typed


def _line(question: str) -> str:
    try:
        return out.input(f"{escape(question)} » ").strip()
    except EOFError:  # what was piped in is at its end
        sys.stdout.write("\n")
        return "q"


def _refuse(rehearsal: Rehearsal, page: PageView) -> None:
    labels = {field.name: field.label for field in page.fields}
    for one in rehearsal.mistakes:
        bound = lettered(one.bound, "en", ZONE) if one.bound is not None else ""
        words = one.mistake.value.replace("_", " ")
        out.print(f"[red]{escape(labels[one.field])}: {words} {bound}[/]")
    if not rehearsal.mistakes:
        out.print("[red]that leads nowhere on this page[/]")
