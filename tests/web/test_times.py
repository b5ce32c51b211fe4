"""Times and days at the ends of the calendar are refused by their names, wherever they are asked about."""

from datetime import UTC, datetime

import pytest

from tests.web.conftest import Client, Enter
from tests.web.opinion.test_opinion import seen
from users import Role
from values import BadInputError
from web.queries import time_of

ENDS = ("0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59-14:00", "1999-12-31T23:59:59Z", "2101-01-01T00:00Z")


@pytest.mark.unit
@pytest.mark.parametrize("text", ENDS)
def test_a_time_at_the_ends_of_the_calendar_is_none(text: str) -> None:
    with pytest.raises(BadInputError, match="since: write a time of the years 2000 to 2100"):
        time_of("since", text)


@pytest.mark.unit
def test_times_of_this_century_are_read() -> None:
    assert time_of("since", "2000-01-01T00:00:00Z") == datetime(2000, 1, 1, tzinfo=UTC)
    assert time_of("since", "2100-12-31T23:59:59 01:00") is not None
    assert time_of("since", None) is None


@pytest.mark.database
@pytest.mark.parametrize("name", ["since", "until"])
@pytest.mark.parametrize(
    "path", ["calls", "texts", "visits", "events", "audit", "recordings", "proactive/volumes", "queues/stats"]
)
async def test_whoever_asks_about_them_is_told_so(
    client: Client, bearer: dict[str, str], path: str, name: str
) -> None:
    for text in ENDS:
        answer = await client.get(f"/api/v1/{path}", params={name: text}, headers=bearer)
        told = await answer.json()
        assert (answer.status, told["field"]) == (400, name), text


@pytest.mark.database
@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
async def test_days_at_the_ends_of_the_calendar_are_none_on_pages(enter: Enter) -> None:
    ada = await enter(Role.ADMIN, name="ada")
    for day in ("0001-01-01", "9999-12-30"):
        for page in ("/visits", "/texts"):
            assert "Write a day as in" in await seen(ada, page, day=day)
        assert (await ada.get("/supervise/anna", params={"date": day})).status == 400
