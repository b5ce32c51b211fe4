"""What a mistyped or half-thought setting must never do: ring real people, hand over folders, open doors."""

from pathlib import Path

import pytest
from pydantic import ValidationError

from centralino.accounts import Account
from centralino.prepare import TownError, prepare
from centralino.settings import Settings, check_names
from centralino.stepdown import UnreachableError, _make
from values import BadInputError

pytestmark = pytest.mark.unit

TRUNK = "127.0.0.9:5060"


async def test_a_town_never_meets_a_real_trunk(tmp_path: Path) -> None:
    with pytest.raises(TownError, match="CENTRALINO_CITY=off"):
        await prepare(Settings(home=tmp_path, trunk=TRUNK))


async def test_not_even_on_a_later_run_of_its_home(tmp_path: Path) -> None:
    (tmp_path / "simulated-town").touch()
    with pytest.raises(TownError, match="a home of their own"):
        await prepare(Settings(home=tmp_path, city="off", trunk=TRUNK))


def test_a_misspelt_setting_is_refused_with_the_nearest() -> None:
    check_names({"CENTRALINO_CITY": "off", "PATH": "/bin"})
    with pytest.raises(BadInputError, match=r"CENTRALINO_TRNK.*did you mean CENTRALINO_TRUNK"):
        check_names({"CENTRALINO_TRNK": TRUNK})


@pytest.mark.parametrize("name", ["ami", "agi", "city_ami", "city_agi"])
def test_manager_and_fastagi_stay_on_loopback(name: str) -> None:
    with pytest.raises(ValidationError, match=f"{name} must be on a loopback address"):
        Settings(**{name: "0.0.0.0:5038"})
    Settings(**{name: "127.0.9.9:5038"})


def test_a_folder_of_other_things_is_not_taken_for_a_home(tmp_path: Path) -> None:
    somebody = Account("centralino", uid=987_654, gid=987_654, home=tmp_path, drops=True)
    _make(somebody, tmp_path / "fresh")
    (tmp_path / "letters").write_text("mine")
    with pytest.raises(UnreachableError, match="holds other things"):
        _make(somebody, tmp_path)
