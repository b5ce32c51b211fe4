"""What the commands of `centralino dnc` have in common: settings, who does it, how answers are printed."""

import getpass
import os
import sys

import orjson

from centralino.service import set_up_logging
from centralino.settings import Settings
from centralino.stepdown import own_settings
from values import PhoneNumber, parse_phone


def settings_of_command() -> Settings:
    """This installation's settings, with a quiet log."""
    settings = own_settings()
    set_up_logging("warning")
    return settings


def source_of_command(said: str) -> str:
    """Who said so, for the entry: what was given, else the account at the terminal."""
    return said or f"command line: {os.environ.get('SUDO_USER') or getpass.getuser()}"


def numbers_of(words: list[str], country: str) -> list[PhoneNumber]:
    """Numbers as people write them. Raises `BadInputError` naming the first that is none."""
    return [parse_phone(word, country) for word in words]


def print_json(answer: object) -> None:
    """For people and programs."""
    sys.stdout.write(orjson.dumps(answer, option=orjson.OPT_INDENT_2).decode() + "\n")
