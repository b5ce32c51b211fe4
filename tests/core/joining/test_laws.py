"""Every jurisdiction's detection leaves time for an agent; a wrong file says where."""

from pathlib import Path

import pytest
import yaml

from centralino.core.joining.laws import FILE, load_laws
from dialer.gate import load_profiles
from values import BadInputError

pytestmark = pytest.mark.unit


def test_the_clocks_are_those_of_the_law() -> None:
    laws = load_laws()
    assert laws.law("it").answer_within == 3.0
    assert laws.law("it").comfort_noise
    assert not laws.law("it").message
    for name in ("uk", "us"):
        law = laws.law(name)
        assert (law.answer_within, law.comfort_noise, law.message) == (2.0, False, True)
    assert laws.law("atlantis") == laws.law("none")


def test_detection_is_over_before_the_time_is() -> None:
    for name in load_profiles():
        law = load_laws().law(name)
        assert law.detection.total_analysis_time < law.answer_within * 1000, name
    assert load_laws().law("uk").detection.arguments[3] == "1800"


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ({"total_analysis_time": 2100}, "0: .*leaves no time for an agent"),
        ({"greeting": 0}, "0.greeting"),
        ({"words": 2}, "0.words"),
        ({"clock": 2.5}, "no detection is quick enough for 2 s"),
    ],
)
def test_a_wrong_file_is_refused_with_its_field(tmp_path: Path, change: dict[str, object], told: str) -> None:
    data = yaml.safe_load(FILE.read_text(encoding="utf-8"))
    data[0] |= change
    path = tmp_path / "detections.yaml"
    path.write_text(yaml.safe_dump(data), encoding="utf-8")
    with pytest.raises(BadInputError, match=told):
        load_laws(path)


def test_a_file_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(BadInputError, match=r"nothing\.yaml"):
        load_laws(tmp_path / "nothing.yaml")
