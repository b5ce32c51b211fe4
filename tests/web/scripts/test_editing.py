"""Supervisors write scripts: checked while they are written, tried, published with a note, rolled back."""

import re

import pytest
from sqlalchemy import select

from centralino.rooms import Rooms, script_files
from tests.web.conftest import Client, Enter
from users import RIGHTS, Deed, Right, Role

pytestmark = pytest.mark.database

NAME = "care.unpaid_bill"
TEXT = next(path for path in script_files() if path.stem == "unpaid_bill").read_text("utf-8")
HERE = f"/scripts/edit/{NAME}"


@pytest.fixture
async def sofia(enter: Enter, rooms: Rooms) -> Client:
    await rooms.flows.publish(TEXT, by="centralino", note="shipped")
    await rooms.library.refresh()
    return await enter(Role.SUPERVISOR, name="sofia")


async def base_of(client: Client) -> str:
    found = re.search(r'data-base="(\w+)"', await (await client.get(HERE)).text())
    assert found
    return found[1]


async def test_the_list_shows_what_is_in_force_and_who_reads_it(sofia: Client) -> None:
    page = await (await sofia.get("/scripts")).text()
    assert "A bill is not paid" in page
    assert "nowhere yet" in page
    assert "centralino" in page


async def test_a_mistake_is_told_at_its_line_with_what_to_do(sofia: Client) -> None:
    wrong = TEXT.replace("          to: make_sure", "          to: make_shure", 1)
    answer = await sofia.post("/scripts/check", json={"name": NAME, "text": wrong})
    page = await answer.text()
    line = wrong.split("\n").index("          to: make_shure") + 1
    assert f'data-line="{line}"' in page
    assert "F201" in page
    assert "did you mean &#39;make_sure&#39;?" in page
    page = await (await sofia.post("/scripts/check", json={"name": NAME, "text": TEXT})).text()
    assert "Nothing is wrong." in page


async def test_a_draft_is_kept_right_or_wrong_until_it_is_published(sofia: Client, rooms: Rooms) -> None:
    base = await base_of(sofia)
    draft = await sofia.put(f"{HERE}/draft", json={"text": "flow: [", "base": base})
    base = (await draft.json())["base"]
    page = await (await sofia.get(HERE)).text()
    assert "flow: [</textarea>" in page
    refused = await sofia.post(f"{HERE}/publish", json={"text": "flow: [", "base": base, "note": "x"})
    assert (refused.status, (await refused.json())["error_id"]) == (422, "flow-problems")
    better = TEXT.replace("A bill is not paid", "An open bill")
    done = await sofia.post(f"{HERE}/publish", json={"text": better, "base": base, "note": "shorter"})
    assert await done.json() == {"changed": True}
    assert rooms.library.flow(NAME).title == "An open bill"
    assert await rooms.flows.drafts() == []
    page = await (await sofia.get(HERE)).text()
    assert "shorter" in page
    async with rooms.db.read() as session:
        deeds = (await session.scalars(select(Deed).where(Deed.did == "script.published"))).all()
    assert [(one.by, one.subject) for one in deeds] == [("sofia", NAME)]


async def test_nobody_writes_over_what_somebody_else_saved(sofia: Client, enter: Enter) -> None:
    base = await base_of(sofia)
    mario = await enter(Role.SUPERVISOR, name="mario")
    assert (await mario.put(f"{HERE}/draft", json={"text": "mine", "base": base})).status == 200
    late = await sofia.put(f"{HERE}/draft", json={"text": "late", "base": base})
    assert (late.status, (await late.json())["error_id"]) == (409, "script-changed")
    late = await sofia.post(f"{HERE}/publish", json={"text": TEXT, "base": base, "note": "late"})
    assert late.status == 409


async def test_versions_are_compared_and_rolled_back(sofia: Client, rooms: Rooms) -> None:
    before = (await rooms.flows.history(NAME))[0].version
    better = TEXT.replace("A bill is not paid", "An open bill")
    await sofia.post(f"{HERE}/publish", json={"text": better, "base": await base_of(sofia), "note": "n"})
    told = await sofia.post(f"{HERE}/compare", json={"text": better, "version": before})
    assert "A bill is not paid" in await told.text()
    assert (
        "They say the same."
        in await (await sofia.post(f"{HERE}/compare", json={"text": TEXT, "version": before})).text()
    )
    back = await sofia.post(f"{HERE}/rollback", json={"version": before})
    assert await back.json() == {"changed": True}
    assert rooms.library.flow(NAME).title == "A bill is not paid"
    assert (await sofia.post(f"{HERE}/rollback", json={"version": "0000000"})).status == 404


async def test_a_script_is_tried_as_the_agent_also_before_it_is_published(sofia: Client) -> None:
    body = {"name": NAME, "text": TEXT, "moves": []}
    told = await (await sofia.post("/scripts/try", json=body)).json()
    assert "Anna Rossi" in told["html"]
    moves = [{"how": "answer", "key": "1"}, {"how": "answer", "key": "1"}, {"how": "answer", "key": "9"}]
    told = await (await sofia.post("/scripts/try", json={**body, "moves": moves})).json()
    assert len(told["moves"]) == 2  # there is no ninth answer
    assert "64,90 €" in told["html"]
    told = await (await sofia.post("/scripts/try", json={**body, "text": "flow: x"})).json()
    assert told == {"html": "", "moves": []}
    svg = await (await sofia.post("/scripts/draw", json={"name": NAME, "text": TEXT})).json()
    assert "the talk begins" in svg["svg"]


async def test_a_new_script_begins_with_a_page_that_works(sofia: Client, rooms: Rooms) -> None:
    page = await sofia.post("/scripts", data={"name": "care.winback"})
    assert page.status == 200
    text = await page.text()
    assert "flow: care.winback" in text
    assert "Nothing is wrong." in text
    assert (await sofia.post("/scripts", data={"name": "Win back"})).status == 400
    assert "care.winback" in await (await sofia.get("/scripts")).text()
    assert (await sofia.get("/scripts/edit/care.nothing")).status == 404
    assert (await sofia.get("/scripts/edit/care.service_0611")).status == 404


async def test_a_calls_flow_cannot_be_published_as_a_script(sofia: Client) -> None:
    call = TEXT.replace("kind: script\n", "").replace(NAME, "care.other")
    for text, detail in ((call.replace("care.other", NAME), "kind: script"), (call, "care.other")):
        answer = await sofia.put(f"/api/v1/scripts/{NAME}", json={"text": text})
        assert answer.status == 400
        assert detail in (await answer.json())["detail"]


async def test_programs_publish_and_look_back(
    client: Client, sofia: Client, rooms: Rooms, bearer: dict[str, str]
) -> None:
    path = f"/api/v1/scripts/{NAME}"
    listed = await (await client.get("/api/v1/scripts", headers=bearer)).json()
    assert [one["name"] for one in listed["scripts"]] == [NAME]
    checked = await client.post("/api/v1/scripts/check", json={"text": "flow: x"}, headers=bearer)
    assert "F102" in {one["code"] for one in (await checked.json())["problems"]}
    better = TEXT.replace("A bill is not paid", "An open bill")
    done = await client.put(path, json={"text": better, "note": "by a program"}, headers=bearer)
    assert (await done.json())["changed"] is True
    seen = await (await client.get(path, headers=bearer)).json()
    assert (seen["text"], seen["history"][0]["note"]) == (better, "by a program")
    back = await client.post(f"{path}/rollback", json={}, headers=bearer)
    assert (await back.json())["changed"] is True
    talks = await (await client.get(f"{path}/talks", headers=bearer)).json()
    assert (talks["pages"], talks["ends"]) == ([], [])
    assert (await client.get(f"{path}/talks?since=yesterday", headers=bearer)).status == 400


@pytest.mark.parametrize("role", [Role.AGENT, Role.MARKETING, Role.OPERATIONS])
async def test_only_who_may_edit_scripts_gets_in(enter: Enter, sofia: Client, role: Role) -> None:
    other = await enter(role, name="other")
    wanted = 200 if Right.SCRIPTS in RIGHTS[role] else 403
    assert (await other.get("/scripts")).status == wanted
    assert (await other.post("/scripts/check", json={"text": ""})).status == wanted
