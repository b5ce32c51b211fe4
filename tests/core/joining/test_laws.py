"""Every jurisdiction's detection leaves time for an agent; a wrong file says where."""

from pathlib import Path

import pytest
import yaml

from centralino.core.joining.laws import FILE, load_laws
from values import BadInputError

pytestmark = pytest.mark.unit


def test_the_shipped_file_says_the_clocks_of_the_law() -> None:
    laws = load_laws()
    assert laws.law("it").answer_within == 3.0
    assert laws.law("it").comfort_noise
    assert laws.law("uk").answer_within == laws.law("us").answer_within == 2.0
    assert not laws.law("uk").comfort_noise
    assert laws.law("atlantis") == laws.law("none")
    assert laws.detection("uk").arguments[3] == "1700"


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ({"detection": "slow"}, "there is no detection 'slow'"),
        ({"answer_within": 1.0}, "leaves no time for an agent"),
        ({"answer_within": -1}, "jurisdictions.none.answer_within"),
        ({"clock": 2}, "jurisdictions.none.clock"),
    ],
)
def test_a_wrong_file_is_refused_with_its_field(tmp_path: Path, change: dict[str, object], told: str) -> None:
    data = yaml.safe_load(FILE.read_text(encoding="utf-8"))
    data["jurisdictions"]["none"] |= change
    path = tmp_path / "laws.yaml"
    path.write_text(yaml.safe_dump(data), encoding="utf-8")
    with pytest.raises(BadInputError, match=told):
        load_laws(path)
