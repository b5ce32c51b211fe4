"""Signing in by its rules: rights, passwords, waits, codes."""

import pyotp
import pytest

from tests.calls.samples import later
from users import RIGHTS, Right, Role, check_password, fresh_password, hash_password, step_of
from users.lockout import FREE, wait_after
from users.passwords import matches
from users.people import Person, checked
from values import BadInputError

pytestmark = pytest.mark.unit


def test_every_role_may_something_and_every_right_is_somebodys() -> None:
    assert set(RIGHTS) == set(Role)
    assert all(RIGHTS.values())
    assert frozenset().union(*(RIGHTS[role] for role in Role if role is not Role.ADMIN)) | {
        Right.USERS,
        Right.AUDIT,
    } == set(Right)
    assert RIGHTS[Role.ADMIN] == set(Right)


def test_only_an_administrator_adds_people_and_an_agent_sees_no_floor() -> None:
    assert [role for role in Role if Right.USERS in RIGHTS[role]] == [Role.ADMIN]
    assert RIGHTS[Role.AGENT] == {Right.DESK, Right.CUSTOMERS}
    assert [role for role in Role if Right.MONITOR in RIGHTS[role]] == [Role.SUPERVISOR, Role.ADMIN]


def test_a_password_is_kept_as_argon2id_and_known_again() -> None:
    kept = hash_password("горячий чай в мороз")
    assert kept.startswith("$argon2id$")
    assert matches(kept, "горячий чай в мороз")
    assert not matches(kept, "горячий чай в зной")
    assert not matches("", "")
    assert not matches("no hash at all", "x")


@pytest.mark.parametrize(
    "weak", ["short", "Password123!", "CENTRALINO2026", "aaaaaaaaaaaaaa", "anna-rossi-1", "x" * 201]
)
def test_what_anybody_would_try_first_is_no_password(weak: str) -> None:
    with pytest.raises(BadInputError) as refused:
        check_password(weak, name="anna-rossi")
    assert refused.value.field == "password"


def test_a_password_by_chance_is_good_enough_and_another_each_time() -> None:
    made = {fresh_password() for _ in range(50)}
    assert len(made) == 50
    for each in made:
        check_password(each)


def test_failures_make_one_wait_longer_and_longer_but_not_for_ever() -> None:
    waits = [wait_after(failures) for failures in range(FREE - 1, FREE + 8)]
    assert waits == [0, 30, 60, 120, 240, 480, 900, 900, 900]


def test_a_code_counts_for_its_half_minute_and_once() -> None:
    secret, now = pyotp.random_base32(), later(0)
    code = pyotp.TOTP(secret).at(now)
    step = step_of(secret, code, now)
    assert step == int(now.timestamp()) // 30
    assert step_of(secret, f"{code[:3]} {code[3:]}", later(25)) == step  # as telephones show it
    assert step_of(secret, code, later(75)) == 0
    assert step_of(secret, code, now, after=step) == 0
    for wrong in ("", "000000" if code != "000000" else "111111", "١٢٣٤٥٦", "abcdef"):
        assert step_of(secret, wrong, now) == 0


@pytest.mark.parametrize(
    ("person", "field"),
    [
        (Person(name="Anna"), "name"),
        (Person(name="a" * 41), "name"),
        (Person(name="../etc"), "name"),
        (Person(name="anna", title="two\nlines"), "title"),
        (Person(name="paolo", role=Role.PARTNER_MANAGER), "partner"),
        (Person(name="anna", language="fr"), "language"),
        (Person(name="anna", theme="pink"), "theme"),
    ],
)
def test_what_makes_no_sense_of_somebody_is_refused_by_its_name(person: Person, field: str) -> None:
    with pytest.raises(BadInputError) as refused:
        checked(person)
    assert refused.value.field == field
