"""Who lives in the town: one number always does the same, and the exact people do what their file says."""

from collections import Counter
from pathlib import Path
from random import Random

import pytest

from centralino.city import PEOPLE
from city import Called, People, read_people
from city.people import Person, talk_seconds
from customers.seed import number_of
from values import BadInputError

pytestmark = pytest.mark.unit

TOWN = 4000


@pytest.fixture(scope="module")
def people() -> People:
    return read_people(PEOPLE)


def kind(called: Called) -> str:
    return next(iter(called.model_dump(exclude_none=True, exclude={"share"})))


def test_the_exact_people_do_what_their_last_digit_says(people: People) -> None:
    does = {last: people.called_at(number_of(last)) for last in range(1, 11)}
    assert {last: kind(each) for last, each in does.items()} == {
        1: "answers", 2: "answers", 3: "busy", 4: "never", 5: "machine", 6: "answers", 7: "answers",
        8: "screening", 9: "screening", 10: "answers",
    }  # fmt: skip
    told = {last: each.answers for last, each in does.items() if each.answers}
    assert (told[1].keys, told[2].keys, told[7].keys) == ("1..1", "1..2", "")
    assert told[6].stays == 2  # hangs up almost at once
    assert does[5].machine is not None
    assert does[5].machine.rings == 3


def test_the_same_number_always_does_the_same(people: People) -> None:
    again = read_people(PEOPLE)
    for i in range(200):
        assert people.called_at(number_of(i)) == again.called_at(number_of(i))


def test_another_seed_is_another_town(people: People) -> None:
    other = people.model_copy(update={"seed": people.seed + 1})
    numbers = [number_of(i) for i in range(100, 300)]
    assert [people.called_at(each) for each in numbers] != [other.called_at(each) for each in numbers]


def test_the_town_behaves_in_the_shares_of_its_file(people: People) -> None:
    kinds = Counter(kind(people.called_at(number_of(i))) for i in range(100, TOWN))
    shares = {name: seen / (TOWN - 100) for name, seen in kinds.items()}
    for name, share in {"answers": 0.70, "busy": 0.08, "never": 0.12, "machine": 0.10}.items():
        assert abs(shares[name] - share) < 0.02, shares


def test_there_is_a_population_for_campaigns_with_agents(people: People) -> None:
    called = [people.called_at(f"+393291{i:06d}") for i in range(0, 1_000_000, 250)]
    kinds = Counter(kind(each) for each in called)
    for name, share in {"answers": 0.30, "machine": 0.10, "busy": 0.15, "never": 0.45}.items():
        assert abs(kinds[name] / len(called) - share) < 0.03, kinds
    assert all(each.answers.says == ["hello"] for each in called if each.answers)


def test_talks_are_as_long_as_they_should_be_on_average_and_differ(people: People) -> None:
    chance = Random(1)
    lengths = [talk_seconds(15.0, chance) for _ in range(5000)]
    assert abs(sum(lengths) / 5000 - 15.0) < 1.0
    assert min(lengths) < 5
    assert max(lengths) > 40


@pytest.mark.parametrize("number", ["+442079460000", "", "112", "+39", "x"])
def test_a_number_nobody_has_is_never_answered(people: People, number: str) -> None:
    assert kind(people.called_at(number)) == "never"


def test_the_first_range_that_holds_a_number_decides() -> None:
    town = People.model_validate(
        {
            "called": [
                {"from": "+39100000", "to": "+39100004", "does": [{"busy": {}}]},
                {"from": "+39100000", "to": "+39199999", "does": [{"never": {}}]},
            ],
            "callers": {"rings": [{"keys": "1"}]},
        }
    )
    said = [kind(town.called_at(number)) for number in ("+39100000", "+39100004", "+39100005", "+391000001")]
    assert said == ["busy", "busy", "never", "never"]


def test_callers_are_drawn_by_chance_and_the_same_chance_draws_the_same(people: People) -> None:
    first = [people.calling(Random(7)) for _ in range(3)]
    assert first[0] == first[1] == first[2]
    keys = {people.calling(chance).keys for chance in [Random(1)] for _ in range(500)}
    assert keys == {caller.keys for caller in people.callers.rings}


@pytest.mark.parametrize(
    ("keys", "moves"),
    [
        ("", []),
        ("1", [(4.0, "1")]),
        ("12", [(4.0, "1"), (1.0, "2")]),
        (".1", [(4.0, "1")]),
        ("1..2", [(4.0, "1"), (9.0, "2")]),
        ("...", []),
        ("*#", [(4.0, "*"), (1.0, "#")]),
    ],
)
def test_keys_come_as_fingers_press_them(keys: str, moves: list[tuple[float, str]]) -> None:
    assert Person(keys, listens=4.0, stays=60.0).moves() == moves


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("called: []", "called"),
        ("seed: x", "seed"),
        ("colour: blue", "colour"),
        ("called: [{from: '1', to: '2', does: [{busy: {}}]}]\ncallers: {rings: [{}]}", "called.0.from"),
        (
            "called: [{from: '+39100000', to: '+39100001', does: [{busy: {}, never: {}}]}]",
            "called.0.does.0",
        ),
        ("callers: {rings: [{keys: 'abc'}]}", "callers.rings.0.keys"),
        (": {", "cannot be read"),
    ],
)
def test_a_file_that_makes_no_sense_is_told_where(tmp_path: Path, text: str, told: str) -> None:
    file = tmp_path / "people.yaml"
    file.write_text(text, encoding="utf-8")
    with pytest.raises(BadInputError, match=r"people\.yaml") as problem:
        read_people(file)
    assert told in str(problem.value)


def test_a_town_without_a_file_says_so(tmp_path: Path) -> None:
    with pytest.raises(BadInputError, match="cannot be read"):
        read_people(tmp_path / "none.yaml")
