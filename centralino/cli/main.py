"""The command `centralino`. Rooms are imported when their command runs, so that `--help` is quick."""

import asyncio
import importlib
import os
import sys
import tomllib
from typing import Annotated

import pydantic
import typer
from pydantic_settings import SettingsError

from centralino.settings import check_names
from centralino.stepdown import own_settings
from values import CentralinoError, what_to_do

_MORE = {
    "flow": ("centralino.cli.flow", "Check, draw, play and publish call flows."),
    "prompts": ("centralino.cli.prompts", "What is said, in which languages, and whether it is rendered."),
    "call": ("centralino.cli.call", "Place one call through the gate and print what came of it."),
    "customer": ("centralino.cli.customer", "Show or erase all that is kept about one customer."),
    "users": ("centralino.cli.users", "Who signs in, as what; passwords, locks, sessions, tokens."),
    "agents": ("centralino.cli.agents", "Who talks to customers: list, add, sign in, simulate."),
    "campaign": ("centralino.cli.campaign", "Make campaigns, tune them while they run, hold them."),
    "queue": ("centralino.cli.queue", "Callers' queues: settings, who waits, what they came to."),
    "trunk": ("centralino.cli.trunk", "What each way to the public network bears."),
    "list": ("centralino.cli.lists", "Lists of people to call: bring in, hold, remove."),
    "contact": ("centralino.cli.contact", "One person to call: add, show, withdraw, promise a call-back."),
    "results": ("centralino.cli.results", "A campaign's live figures, and its attempts as a file."),
    "report": ("centralino.cli.report", "Agents, campaigns, queues, flows by intervals; files, and by mail."),
    "survey": ("centralino.cli.survey", "Surveys and polls: set up, whom they ask, what was answered."),
    "events": ("centralino.cli.events", "Business events: send, list, show; check and try rules."),
    "opinion": ("centralino.cli.opinion", "What customers think: figures, samples, contracts, goals."),
    "pin": ("centralino.cli.pin", "PINs of welcome calls: give one, see whether it is locked."),
    "text": ("centralino.cli.text", "Texts to customers: what became of them, what they cost."),
    "webhook": ("centralino.cli.webhook", "Tell other systems of what happens, and see what became of it."),
    "dnc": ("centralino.cli.dnc", "Who is not to be called: entries, registers, exclusions, holds."),
    "may-call": ("centralino.cli.maycall", "Ask the gate whether a call would be allowed at some time."),
    "simulate": ("centralino.cli.simulate", "Let a day go by in seconds, beside other ways to pace."),
}
"""Commands with a module of their own, which has a typer `app`."""


app = typer.Typer(
    no_args_is_help=True, add_completion=False, pretty_exceptions_enable=False,
    help="The voice of a telco: answers, asks and calls customers through Asterisk.",
)  # fmt: skip


@app.command()
def run() -> None:
    """Bring up a small telco in the foreground; Ctrl-C stops all of it."""
    settings = own_settings()
    from centralino.supervisor import run_telco  # noqa: PLC0415

    asyncio.run(run_telco(settings))


@app.command()
def core() -> None:
    """The voice core: FastAGI server, the node's AMI connection, the dial loop."""
    _serve("centralino.core")


@app.command()
def web() -> None:
    """The page and the REST API."""
    _serve("centralino.web")


@app.command()
def city() -> None:
    """The simulated subscribers."""
    _serve("centralino.city")


@app.command()
def prepare(
    *,
    add_missing: Annotated[
        bool,
        typer.Option("--add-missing", help="Add tables and columns that no revision brings."),
    ] = False,
) -> None:
    """Bring database, flows and prompts up to date; `run` does it by itself."""
    settings = own_settings()
    from centralino.prepare import prepare as bring_up_to_date  # noqa: PLC0415
    from centralino.service import set_up_logging  # noqa: PLC0415

    set_up_logging(settings.log_level)
    asyncio.run(bring_up_to_date(settings, add=add_missing))


def main() -> None:
    """Run a command; a failure that a person can mend is told in words, without a traceback."""
    name = sys.argv[1] if len(sys.argv) > 1 else ""
    try:
        check_names(os.environ)
        if name in _MORE:
            importlib.import_module(_MORE[name][0]).app(sys.argv[2:], prog_name=f"centralino {name}")
        else:
            app(prog_name="centralino")
    except pydantic.ValidationError as problem:
        for each in problem.errors():
            _complain(f"setting {'.'.join(map(str, each['loc'])) or '?'}: {what_to_do(each)}")
        sys.exit(2)
    except tomllib.TOMLDecodeError as problem:
        _complain(f'centralino.toml cannot be read: {problem}; texts need quotes, as in city = "off"')
        sys.exit(2)
    except (CentralinoError, SettingsError) as problem:
        _complain(str(problem))
        sys.exit(1)
    except KeyboardInterrupt:
        sys.exit(130)


def _serve(module: str) -> None:
    """Run a program's `serve(settings)` until it is told to end."""
    settings = own_settings()
    from centralino.service import run_service  # noqa: PLC0415

    run_service(importlib.import_module(module).serve, settings)


def _list_more() -> None:
    for name, (_, words) in _MORE.items():
        app.command(name, help=words)(lambda: None)  # `main` runs the real one


def _complain(text: str) -> None:
    sys.stderr.write(f"centralino: {text}\n")


_list_more()
