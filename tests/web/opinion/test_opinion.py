"""Opinions on the page and for programs: intervals, small cells hidden, each sees theirs."""

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import delete, update

from calls.models import Recording
from centralino.rooms import Rooms
from surveys.models import Answer
from tests.web.conftest import Client, Enter
from tests.web.opinion import scene
from users import Role

pytestmark = [
    pytest.mark.database,
    pytest.mark.parametrize("database_url", ["sqlite"], indirect=True),
]
WEEK = {"from": "2026-W48", "to": "2026-W48"}


async def told(client: Client, path: str = "/api/v1/opinion", **query: str) -> Any:
    answer = await client.get(path, params=query)
    assert answer.status == 200, await answer.text()
    return await answer.json()


async def seen(client: Client, path: str, **query: str) -> str:
    answer = await client.get(path, params=query)
    assert answer.status == 200, await answer.text()
    return (await answer.text()).split('id="words"')[0]  # behind it the scripts' words


async def test_figures_have_intervals_and_small_cells_are_hidden(opinions: None, enter: Enter) -> None:
    susi = await enter(Role.SUPERVISOR)
    found = await told(susi, dimension="site", **WEEK)
    by_site = {row["path"][-1]: row["figures"]["waiting"] for row in found["rows"]}
    assert by_site["Roma"]["n"] == 60
    assert by_site["Roma"]["low"] < by_site["Roma"]["value"] < by_site["Roma"]["high"]
    # four answers of Lecce are too few, and Bari's would give them away
    assert by_site["Lecce"] == {"shown": "few", "n": None, "value": None}
    assert by_site["Bari"] == {"shown": "guard", "n": None, "value": None}
    page = await seen(susi, "/opinion", dimension="site")
    assert "Fewer than 30 answers: not shown." in page
    assert "60.0 %" not in page.split("Lecce")[1].split("</tr>")[0]


async def test_the_line_over_all_weeks_is_told_in_a_sentence_and_to_programs(
    opinions: None, rooms: Rooms, enter: Enter
) -> None:
    sinking = (
        update(Answer)
        .where(Answer.item == "waiting", Answer.at < scene.NOW - timedelta(weeks=6))
        .values(value=5)
    )
    async with rooms.db.write() as session:
        await session.execute(sinking)
    susi = await enter(Role.SUPERVISOR)
    found = await told(susi, dimension="site")
    waiting = found["trend_of_all"]["waiting"]
    assert waiting["significant"]
    assert waiting["low"] < waiting["a_period"] < waiting["high"] < 0
    assert waiting["periods"] == 13
    sites = {each["path"][-1] for each in found["trends"] if each["indicator"] == "waiting"}
    assert sites == {"Roma", "Palermo"}, "no line through what is hidden"
    assert found["trend_of_all"]["courtesy"]["significant"] is False
    for name, language, words in (
        ("susan", "en", ("Over 13 weeks: down by ", " a week (", "Over 13 weeks: neither up nor down")),
        ("ida", "it", ("Su 13 settimane: scende di ", "Su 13 settimane: né in salita né in discesa")),
        ("ivan", "ru", ("Недель: 13; падает на ", "Недель: 13; ни роста, ни падения")),
    ):
        page = await seen(await enter(Role.SUPERVISOR, name=name, language=language), "/opinion")
        for word in words:
            assert word in page
    assert 'class="line"' not in await seen(susi, "/opinion", by="month"), "three months make no line"


async def test_how_the_asking_went(opinions: None, enter: Enter) -> None:
    susi = await enter(Role.SUPERVISOR)
    found = await told(susi, "/api/v1/opinion/asking", **WEEK)
    total = next(row for row in found["rows"] if row["total"])
    assert (total["complete"], total["partial"]) == (161, 8)
    assert total["response"] == pytest.approx(
        161 / (161 + 8 + total["refused"] + total["other"] + total["no_contact"])
    )
    assert found["break_offs"][0]["item"] == "correctness"
    page = await seen(susi, "/opinion")
    assert "How exact, and how many more to ±2 points" in page


async def test_the_page_speaks_three_languages(opinions: None, rooms: Rooms, enter: Enter) -> None:
    for name, language, words in (
        ("ida", "it", ("settimana 48 del 2026", "Gentilezza", "95 campioni su 100")),
        ("ivan", "ru", ("неделя 48, 2026", "Вежливость", "мало")),
    ):
        client = await enter(Role.SUPERVISOR, name=name, language=language)
        page = await seen(client, "/opinion", dimension="site")
        for word in words:
            assert word in page
        assert "opinion." not in page.replace("opinion.css", "").replace("opinion.js", "")


async def test_a_partners_manager_sees_his_partner_alone(opinions: None, enter: Enter) -> None:
    petra = await enter(Role.PARTNER_MANAGER, name="petra", partner="Levante")
    found = await told(petra, dimension="site", **WEEK)
    assert {row["path"][0] for row in found["rows"]} == {"Levante"}
    page = await seen(petra, "/opinion", dimension="site")
    assert "Bari" in page
    assert "Palermo" not in page
    assert "In their own words" not in page


@pytest.mark.parametrize(
    ("query", "field"),
    [
        ({"last": "00019999999"}, "last"), ({"from": "2001-W01", "to": "2099-W52"}, "to"),
        ({"by": "month", "from": "0001-01", "to": "0001-01"}, "from"),
        ({"by": "day"}, "by"), ({"last": "0"}, "last"), ({"from": "2026-W48"}, "to"),
        ({"from": "2026-10", "to": "2026-11"}, "from"), ({"area": "fax"}, "area"),
        ({"dimension": "hair"}, "dimension"), ({"areas": "voice"}, "areas"),
        ({"last": "3", "from": "2026-W40", "to": "2026-W48"}, "last"),
    ],
)  # fmt: skip
async def test_what_cannot_be_asked_is_named(enter: Enter, query: dict[str, str], field: str) -> None:
    susi = await enter(Role.SUPERVISOR)
    answer = await susi.get("/api/v1/opinion", params=query)
    assert (answer.status, (await answer.json())["field"]) == (400, field)


@pytest.mark.parametrize("path", ["/api/v1/opinion", "/api/v1/opinion/asking"])
async def test_a_survey_that_is_none_is_told_with_the_nearest_there_are(
    opinions: None, enter: Enter, path: str
) -> None:
    susi = await enter(Role.SUPERVISOR)
    answer = await susi.get(path, params={"survey": "caer"})
    wrong = await answer.json()
    assert (answer.status, wrong["field"]) == (400, "survey")
    assert "no survey 'caer'; did you mean 'care'" in wrong["detail"]
    assert (await susi.get(path, params={"survey": "care"})).status == 200
    page = await susi.get("/opinion", params={"survey": "caer"})
    assert page.status == 400
    assert "did you mean" in await page.text()


async def test_the_page_tells_what_is_wrong_and_goes_on(opinions: None, enter: Enter) -> None:
    susi = await enter(Role.SUPERVISOR)
    answer = await susi.get("/opinion", params={"period": "2020-W01"})
    assert answer.status == 400
    assert "is not in the chosen time" in await answer.text()


async def test_results_by_name_are_not_for_everybody(opinions: None, enter: Enter) -> None:
    marketing = await enter(Role.MARKETING)
    assert (await marketing.get("/api/v1/opinion?dimension=team")).status == 200
    agent = await enter(Role.AGENT)
    for path in ("/opinion", "/api/v1/opinion", "/api/v1/opinion/asking"):
        assert (await agent.get(path)).status == 403


async def test_comments_are_for_who_may_listen(opinions: None, rooms: Rooms, enter: Enter) -> None:
    async with rooms.db.write() as session:
        await scene.comment(session, "They said <b>Tuesday</b>")
    susi, marketing = await enter(Role.SUPERVISOR), await enter(Role.MARKETING)
    page = await seen(susi, "/opinion")
    assert "They said &lt;b&gt;Tuesday&lt;/b&gt;" in page
    assert "Tuesday" not in await seen(marketing, "/opinion")


async def test_a_spoken_comment_can_be_listened_to(opinions: None, rooms: Rooms, enter: Enter) -> None:
    async with rooms.db.write() as session:
        call = await scene.comment(session, "spoken-17")
        session.add(
            Recording(
                call_id=call, path="/somewhere/spoken-17.wav", seconds=9, at=scene.NOW, purpose="comment",
                consent=True, expires=scene.NOW + timedelta(days=90), legal_hold=False,
            )
        )  # fmt: skip
    susi = await enter(Role.SUPERVISOR)
    page = await seen(susi, "/opinion")
    assert f'src="/api/v1/recordings/{call}/audio?file=spoken-17"' in page
    assert "<q>" not in page
    async with rooms.db.write() as session:
        await session.execute(delete(Recording))
        await session.execute(update(Answer).where(Answer.item == "comment").values(text="/a/spoken-17.wav"))
    page = await seen(susi, "/opinion")
    assert "the recording is not kept any more" in page
    assert "/a/spoken" not in page
