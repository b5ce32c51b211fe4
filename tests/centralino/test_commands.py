"""Every command that is listed is there, and every list of modules names only what exists."""

import importlib

import pytest
import typer

from centralino.cli.main import _MORE
from centralino.migrations import models

pytestmark = pytest.mark.unit


@pytest.mark.parametrize("name", _MORE)
def test_a_listed_command_is_there(name: str) -> None:
    assert isinstance(importlib.import_module(_MORE[name][0]).app, typer.Typer)


@pytest.mark.parametrize("module", ["centralino.core", "centralino.web", "centralino.city"])
def test_a_program_of_the_telco_serves(module: str) -> None:
    assert callable(importlib.import_module(module).serve)


def test_a_misspelt_room_with_tables_is_not_passed_over(monkeypatch: pytest.MonkeyPatch) -> None:
    assert models.metadata().tables
    monkeypatch.setattr(models, "MODEL_MODULES", (*models.MODEL_MODULES, "surveys.modles"))
    with pytest.raises(ModuleNotFoundError, match=r"surveys\.modles"):
        models.metadata()
