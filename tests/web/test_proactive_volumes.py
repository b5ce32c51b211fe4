"""The proactive processes' volumes by REST."""

from typing import Any

import pytest

from tests.web.conftest import Client

pytestmark = pytest.mark.database

PATH = "/api/v1/proactive/volumes"


async def test_a_year_of_months_is_told_with_null_where_there_is_nothing(
    client: Client, bearer: dict[str, str]
) -> None:
    answer = await client.get(PATH, headers=bearer)
    told: dict[str, Any] = await answer.json()
    assert answer.status == 200
    assert len(told["months"]) in {12, 13}
    assert {each["process"] for each in told["volumes"]} >= {"fault_closure", "traffic_alarm", "welcome"}
    assert {each["reach_rate"] for each in told["volumes"]} == {None}
    assert (told["effects"], told["zone"]) == ([], "Europe/Rome")


@pytest.mark.parametrize(
    ("asked", "field"),
    [
        ("?since=yesterday", "since"), ("?zone=Rome", "zone"), ("?until=2000-01-01T00:00:00Z", ""),
        ("?since=2026-03-02T00:00:00Z&until=2026-03-01T00:00:00Z", "until"), ("?month=3", "month"),
        ("?until=0001-01-01T00:00:00Z", "until"), ("?since=9999-12-01T00:00:00Z", "since"),
        ("?since=0001-01-01T00:00:00%2B14:00&zone=America/New_York", "since"),
    ],
)  # fmt: skip
async def test_what_cannot_be_asked_is_named(
    client: Client, bearer: dict[str, str], asked: str, field: str
) -> None:
    answer = await client.get(PATH + asked, headers=bearer)
    told = await answer.json()
    assert (answer.status, told.get("field", "")) == ((400, field) if field else (200, ""))


async def test_nobody_without_the_right_is_told(client: Client) -> None:
    answer = await client.get(PATH)
    assert answer.status == 401
