"""`centralino simulate` as a person uses it."""

import json
from pathlib import Path

import pytest
from PIL import Image
from typer.testing import CliRunner, Result

from centralino.cli.simulate import app
from dialer.simulator import ScenarioError
from values import BadInputError

pytestmark = pytest.mark.unit

SMALL = ["--set", "hours=0.5", "--set", "staff.agents=4"]


def run(*words: str) -> Result:
    return CliRunner().invoke(app, list(words), catch_exceptions=False)


def test_without_a_scenario_the_shipped_ones_are_listed() -> None:
    told = run().stdout
    assert "midday_change" in told
    assert "300 agents, 30 % answer" in told


def test_a_table_with_the_dialler_and_the_baselines() -> None:
    told = run("ten_agents", *SMALL, "--against", "progressive,issabel", "--set", "mode=progressive").stdout
    assert "10 agents, 30 % answer" in told
    for name in ("Centralino", "progressive", "Issabel", "util.", "calls"):
        assert name in told
    assert "VICIdial" not in told


def test_json_has_the_mean_the_worst_day_every_day_and_a_series() -> None:
    done = run(
        "blended", *SMALL, "--json", "--seeds", "2", "--against", "genesys", "--set", "max_abandon=0.02"
    )
    document = json.loads(done.stdout)
    assert document["max_abandon"] == 0.02
    assert [each["name"] for each in document["contenders"]] == ["centralino", "genesys"]
    genesys = document["contenders"][1]
    assert genesys["utilisation"]["worst_day"] <= genesys["utilisation"]["mean"]
    assert [day["seed"] for day in genesys["each_day"]] == [1, 2]
    assert genesys["each_day"][0]["inbound"]["calls"] > 0
    assert len(genesys["series_of_first_day"]) == 6


def test_the_list_and_its_end_are_told() -> None:
    told = run("list_end", *SMALL, "--against", "none", "--set", "mode=progressive").stdout
    assert "of 2600 contacts finished" in told


def test_a_picture(tmp_path: Path) -> None:
    path = tmp_path / "day.png"
    run("midday_change", *SMALL, "--against", "all", "--plot", str(path), "--set", "mode=ratio")
    with Image.open(path) as image:
        assert image.format == "PNG"
        assert image.width > 1000
        assert len(image.getcolors(1_000_000) or ()) > 50


def test_a_picture_that_cannot_be_written_is_said(tmp_path: Path) -> None:
    with pytest.raises(BadInputError, match="plot"):
        run("ten_agents", *SMALL, "--against", "none", "--plot", str(tmp_path / "no" / "day.png"))


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["nowhere"], "nowhere: cannot be read"),
        (["ten_agents", "--set", "max_abandon"], "set: 'max_abandon' is no setting; write FIELD=VALUE"),
        (["ten_agents", "--set", "max_abandon=x"], "campaign.max_abandon: write a number"),
        (["ten_agents", "--against", "wombat"], "against: there is no 'wombat'; there are: all, none, progr"),
    ],
)
def test_wrong_words_are_refused_by_name(words: list[str], said: str) -> None:
    with pytest.raises((ScenarioError, BadInputError)) as told:
        run(*words)
    assert said in str(told.value)
