"""Campaigns tuned from their pages: by whom, why, from what to what; the forecast beside it; do-not-call."""

from typing import Any

import pytest
from sqlalchemy import select

from centralino.rooms import Rooms
from dialer.campaigns import House, create
from dialer.do_not_call import entries_of
from dialer.models import Campaign
from dialer.results.prospects import Known
from dialer.simulator.forecast import Estimates, Settings
from tests.calls.samples import later
from tests.web.conftest import FLOW, Client, Enter
from users import Right, Role, make_token, user_named
from users.models import Deed
from values import BadInputError, PhoneNumber
from web.errors import TooSlowError
from web.tuning.foresight import Foresight, Question, answer, with_wrap
from web.tuning.prospects import question_of

HOSTILE = "<script>alert(1)</script>"
NUMBER = "+393290000017"


@pytest.fixture
async def spring(rooms: Rooms) -> None:
    settings = {
        "title": HOSTILE, "flow": FLOW, "purpose": "service", "profile": "none", "mode": "predictive",
        "caller_id": "+390650000611", "max_abandon": 0.03,
    }  # fmt: skip
    async with rooms.db.write() as session:
        await create(session, House(rooms.gate), "spring", settings, by="test", at=later(0))


@pytest.mark.database
async def test_a_change_is_kept_with_its_reason_and_undone(rooms: Rooms, enter: Enter, spring: None) -> None:
    olga = await enter(Role.OPERATIONS, name="olga", title="Olga")
    body = {"max_abandon": 0.015, "lines": 80, "why": "too many complaints"}
    told = await (await olga.patch("/campaigns/spring", json=body)).json()
    assert {(each["field"], each["before"], each["after"]) for each in told["changes"]} == {
        ("max_abandon", 0.03, 0.015),
        ("lines", 50, 80),
    }
    assert {each["why"] for each in told["changes"]} == {"too many complaints"}
    text = await (await olga.get("/campaigns/spring")).text()
    assert "too many complaints" in text
    assert HOSTILE not in text
    assert (await olga.post("/campaigns/spring/undo", json={"why": "sorry"})).status == 200
    async with rooms.db.read() as session:
        row = await session.get(Campaign, "spring")
        deeds = [(each.did, each.by) for each in await session.scalars(select(Deed).order_by(Deed.seq))]
    assert row is not None
    assert (row.max_abandon, row.lines) == (0.03, 50)
    assert deeds == [("campaign.tuned", "olga"), ("campaign.undone", "olga")]
    for bad, field in (
        ({"max_abandon": 7}, "max_abandon"),
        ({"colour": "red"}, "colour"),
        ({"why": 1}, "why"),
    ):
        refused = await olga.patch("/campaigns/spring", json=bad)
        assert (refused.status, (await refused.json())["field"]) == (400, field)


@pytest.mark.database
async def test_a_campaign_is_started_paused_ended_begun_again_cloned_and_put_away(
    rooms: Rooms, enter: Enter, spring: None
) -> None:
    olga = await enter(Role.OPERATIONS)

    async def do(what: str, **body: Any) -> dict[str, Any]:
        answered = await olga.post(f"/campaigns/spring/{what}", json=body)
        assert answered.status in {200, 201}, await answered.text()
        return dict(await answered.json())

    assert (await do("pause"))["paused"] is True
    assert (await do("start"))["paused"] is False
    assert (await do("stop"))["ends"] is not None
    assert "over" in await (await olga.get("/campaigns")).text()
    begun = await do("start", why="one more week")
    assert (begun["ends"], begun["paused"]) == (None, False)
    assert (await do("clone", name="spring-2"))["paused"] is True
    assert (await do("archive"))["archived"] is True
    assert "spring-2" in await (await olga.get("/campaigns")).text()
    assert "/campaigns/spring&quot;" not in await (await olga.get("/campaigns")).text()
    assert 'href="/campaigns/spring"' in await (await olga.get("/campaigns?archived=true")).text()
    made = await olga.post(
        "/campaigns", json={"name": "autumn", "flow": FLOW, "purpose": "service", "profile": "none"}
    )
    assert (made.status, (await made.json())["paused"]) == (201, True)
    assert (await olga.post("/campaigns", json={"name": "autumn", "flow": FLOW})).status in {400, 409}
    assert (await olga.get("/campaigns/nothing")).status == 404


@pytest.mark.database
async def test_who_may_do_what_to_campaigns(enter: Enter, spring: None) -> None:
    for role in (Role.AGENT, Role.SUPERVISOR, Role.BACK_OFFICE):
        somebody = await enter(role)
        assert (await somebody.get("/campaigns")).status == 403
        assert (await somebody.patch("/campaigns/spring", json={"lines": 1})).status == 403
        assert (await somebody.get("/do-not-call")).status == 403
    marketing = await enter(Role.MARKETING)
    assert (await marketing.patch("/campaigns/spring", json={"lines": 20})).status == 200
    refused = await marketing.patch("/campaigns/spring", json={"hours": {"weekday": ["09:00-12:00"]}})
    assert refused.status == 403, "hours are compliance's"
    plan = {
        "name": "sly",
        "flow": FLOW,
        "purpose": "marketing",
        "profile": "it",
        "caller_id": "+390650000611",
    }
    for sly in ({"purpose": "service"}, {"profile": "none"}, {"hours": {"weekday": ["00:00-24:00"]}}):
        for path in ("/campaigns", "/api/v1/campaigns"):
            refused = await marketing.post(path, json=plan | sly)
            assert (refused.status, "compliance" in (await refused.json())["detail"]) == (403, True), sly
    page = await (await marketing.get("/campaigns")).text()
    assert ('value="survey"' in page, 'value="service"' in page, 'value="none"' in page) == (
        True,
        False,
        False,
    )
    assert (await marketing.post("/campaigns", json=plan | {"name": "plain"})).status == 201
    assert (await marketing.post("/campaigns/plain/clone", json={"name": "plain-2"})).status == 201
    assert (await marketing.get("/do-not-call")).status == 403
    olga = await enter(Role.OPERATIONS)
    done = await olga.patch("/campaigns/spring", json={"hours": {"weekday": ["09:00-12:00"]}})
    assert done.status == 200
    lawful = plan | {"name": "faults", "purpose": "service"}
    assert (await olga.post("/campaigns", json=lawful)).status == 201
    for path in ("/campaigns", "/api/v1/campaigns"):
        assert (await marketing.post(f"{path}/faults/clone", json={"name": "sly"})).status == 403
        assert (await marketing.get(f"{path}/sly")).status == 404
    assert (await olga.get("/trunks")).status == 200


@pytest.mark.database
async def test_what_is_not_open_is_compliance_s_to_tune_and_to_fill(
    rooms: Rooms, enter: Enter, client: Client, spring: None
) -> None:
    marketing, olga = await enter(Role.MARKETING), await enter(Role.OPERATIONS, name="olga")
    for path in ("/campaigns", "/api/v1/campaigns"):
        for settings in ({"flow": FLOW}, {"message": FLOW}, {"lines": 9, "title": "Sly"}):
            refused = await marketing.patch(f"{path}/spring", json=settings)
            assert (refused.status, "compliance" in (await refused.json())["detail"]) == (403, True)
        assert (await marketing.patch(f"{path}/spring", json={"lines": 9, "weight": 2})).status == 200
        assert (await olga.patch(f"{path}/spring", json={"title": path})).status == 200
        assert (await marketing.post(f"{path}/spring/undo", json={})).status == 403
        assert (await marketing.post(f"{path}/spring/pause", json={})).status == 200
    person = {"contacts": [{"event_id": "e-1", "number": NUMBER}]}
    list_, file = {"name": "north", "campaign": "spring"}, "/api/v1/lists/north/imports?file=a.csv"
    assert (await marketing.post("/api/v1/campaigns/spring/contacts", json=person)).status == 403
    assert (await marketing.post("/api/v1/lists", json=list_)).status == 403
    assert (await olga.get("/api/v1/lists/north")).status != 200
    assert (await olga.post("/api/v1/lists", json=list_)).status == 201
    assert (await marketing.post(file, data=f"Telefono\n{NUMBER}\n".encode())).status == 403
    assert (await olga.post("/api/v1/campaigns/spring/contacts", json=person)).status == 200
    async with rooms.db.write() as session:
        owner = await user_named(session, "olga")
        text, _ = await make_token(session, owner, label="mail", scopes=[Right.CAMPAIGNS], now=later(0))
    program = {"Authorization": f"Bearer {text}"}
    asked = await client.post("/api/v1/campaigns/spring/contacts", json=person, headers=program)
    assert asked.status == 403, "a token without the scope is no better"
    plan = {
        "name": "open",
        "flow": FLOW,
        "purpose": "marketing",
        "profile": "it",
        "caller_id": "+390650000611",
    }
    assert (await marketing.post("/campaigns", json=plan)).status == 201
    assert (await marketing.patch("/campaigns/open", json={"title": "Open"})).status == 200
    assert (await marketing.post("/api/v1/campaigns/open/contacts", json=person)).status == 200


@pytest.mark.database
async def test_do_not_call_is_entered_looked_up_and_withdrawn_with_a_reason(
    rooms: Rooms, enter: Enter
) -> None:
    olga = await enter(Role.OPERATIONS, name="olga", title="Olga")
    body = {"number": "329 000 0017", "for": "marketing", "why": "wrote a letter"}
    assert (await olga.post("/do-not-call", json=body)).status == 201
    text = await (await olga.get("/do-not-call?number=%2B393290000017")).text()
    assert "Olga: wrote a letter" in text
    without = await olga.delete("/do-not-call", json={"number": NUMBER, "for": "marketing"})
    assert (without.status, (await without.json())["field"]) == (400, "why")
    removed = {"number": NUMBER, "for": "marketing", "why": "asked for offers again"}
    assert (await olga.delete("/do-not-call", json=removed)).status == 204
    async with rooms.db.read() as session:
        assert not (await entries_of(session, PhoneNumber(NUMBER))).entries
        deeds = list(await session.scalars(select(Deed).order_by(Deed.seq)))
    assert [each.did for each in deeds] == [
        "do_not_call.added",
        "do_not_call.looked_up",
        "do_not_call.removed",
    ]
    assert all(NUMBER not in f"{each.subject}{each.detail}" for each in deeds), "masked in the audit"
    for bad, field in (({"number": "17"}, "number"), ({"number": NUMBER, "for": "fun"}, "for")):
        refused = await olga.post("/do-not-call", json=bad)
        assert (refused.status, (await refused.json())["field"]) == (400, field)
    assert "is not" in await (await olga.get("/do-not-call?number=hello")).text()


@pytest.mark.database
async def test_the_forecast_needs_calls_to_go_by_and_refuses_what_cannot_be(
    enter: Enter, spring: None
) -> None:
    olga = await enter(Role.OPERATIONS)
    early = await olga.post("/campaigns/spring/what-if", json={"max_abandon": 0.01})
    assert (early.status, (await early.json())["error_id"]) == (409, "too-little-known")
    assert (await olga.post("/campaigns/spring/what-if", json={"hours": "many"})).status == 400
    agent = await enter(Role.AGENT)
    assert (await agent.post("/campaigns/spring/what-if", json={})).status == 403


KNOWN = Known(
    Estimates(answered=0.3, handling_mean=120.0), Settings(mode="predictive", max_abandon=0.03), 40, 5000
)


@pytest.mark.unit
def test_half_the_abandonment_and_a_longer_wrap_up_are_foreseen() -> None:
    half = Settings(mode="predictive", max_abandon=0.005)
    now = answer(question_of(KNOWN, hours=4, seconds=0.5))
    then = answer(Question(KNOWN.estimates, 40, half, 4.0, 5000, 0.5))
    assert then.utilisation.mean < now.utilisation.mean
    assert then.abandonment.mean < now.abandonment.mean
    assert with_wrap(KNOWN.estimates, 20, 50).handling_mean == 150
    with pytest.raises(BadInputError, match="longer than talk"):
        with_wrap(KNOWN.estimates, 200, 0)


@pytest.mark.unit
async def test_a_forecast_that_takes_too_long_is_given_up_and_the_next_one_is_answered() -> None:
    foresight = Foresight(deadline=0.05)  # a new process alone takes longer
    with pytest.raises(TooSlowError):
        await foresight.ask(question_of(KNOWN, hours=4, seconds=5.0))
    await foresight.close()
    patient = Foresight(deadline=100)
    told = await patient.ask(question_of(KNOWN, hours=1, seconds=0.1))
    assert 0 < told.utilisation.mean < 1
    await patient.close()
