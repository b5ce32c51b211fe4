"""Twilio says what became of a text, and nobody else does."""

from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path

import pytest
from aiohttp.test_utils import TestClient, TestServer
from twilio.request_validator import RequestValidator

from centralino.rooms import Rooms
from messages.sms import SIGNATURE, Text, TextMessage, TextState, TwilioSettings, queue_texts
from tests.web.conftest import TOKEN, Client
from values import PhoneNumber
from values.testing import FixedClock
from web import Parts, create_app

pytestmark = pytest.mark.database
ACCOUNT = TwilioSettings(
    account="AC" + "1" * 32, token="the-real-token", sender="Centralino", callback="https://voice.example.com"
)
PATH = "/api/v1/texts/status?text=t1"


@pytest.fixture
async def waiting(rooms: Rooms) -> Rooms:
    """A text is on its way, under the carrier's id SM1."""
    async with rooms.db.write() as session:
        new = Text(id="t1", to=PhoneNumber("+393290000017"), words="Buongiorno", purpose="service")
        await queue_texts(session, [new], rooms.db.clock.now())
    async with rooms.db.write() as session:
        row = await session.get_one(TextMessage, "t1")
        row.state, row.sid = TextState.SENT, "SM1"
    return rooms


@pytest.fixture
async def front(waiting: Rooms, clock: FixedClock, tmp_path: Path) -> AsyncIterator[Client]:
    parts = Parts(
        waiting.db, waiting.live, waiting.library, clock, TOKEN, gate=waiting.gate, lists=tmp_path,
        texts=ACCOUNT,
    )  # fmt: skip
    async with TestClient(TestServer(create_app(parts))) as client:
        yield client


async def said(front: Client, status: str, *, token: str = ACCOUNT.token, path: str = PATH) -> int:
    form = {"MessageSid": "SM1", "MessageStatus": status, "To": "+393290000017"}
    signed = RequestValidator(token).compute_signature(f"{ACCOUNT.callback}{PATH}", form)
    answer = await front.post(path, data=form, headers={SIGNATURE: signed})
    return answer.status


async def state(rooms: Rooms) -> str:
    async with rooms.db.read() as session:
        return (await session.get_one(TextMessage, "t1")).state.value


async def test_signed_word_is_noted_by_whatever_name_a_proxy_calls_us(front: Client, waiting: Rooms) -> None:
    assert await said(front, "sent") == 204
    assert await state(waiting) == "sent"
    assert await said(front, "delivered") == 204
    assert await said(front, "delivered") == 204
    assert await said(front, "undelivered") == 204  # too late to change anything
    assert await state(waiting) == "delivered"


async def test_forged_word_is_turned_away(front: Client, waiting: Rooms) -> None:
    assert await said(front, "delivered", token="guessed") == 403
    assert await said(front, "delivered", path=PATH.replace("t1", "t2")) == 403
    assert (await front.post(PATH, data={"MessageStatus": "delivered"})).status == 403
    assert await state(waiting) == "sent"


async def test_nobody_is_believed_where_no_account_is_set(
    waiting: Rooms, clock: FixedClock, tmp_path: Path
) -> None:
    for texts in (TwilioSettings(), replace(ACCOUNT, callback="")):
        parts = Parts(
            waiting.db, waiting.live, waiting.library, clock, TOKEN, gate=waiting.gate, lists=tmp_path,
            texts=texts,
        )  # fmt: skip
        async with TestClient(TestServer(create_app(parts))) as client:
            assert await said(client, "delivered", token=texts.token or ACCOUNT.token) == 403
    assert await state(waiting) == "sent"


async def test_a_strange_word_changes_nothing(front: Client, waiting: Rooms) -> None:
    assert await said(front, "levitating") == 204
    assert await state(waiting) == "sent"


async def test_operations_look_texts_up_without_their_words(front: Client, waiting: Rooms) -> None:
    headers = {"Authorization": f"Bearer {TOKEN}"}
    answer = await (await front.get("/api/v1/texts?state=sent", headers=headers)).json()
    (text,) = answer["texts"]
    assert (text["id"], text["state"], text["segments"], answer["cursor"]) == ("t1", "sent", 1, None)
    assert text["number"].endswith("017")
    assert "329000" not in str(answer)
    assert "Buongiorno" not in str(answer)
    assert (await front.get("/api/v1/texts?state=odd", headers=headers)).status == 400
    assert (await front.get("/api/v1/texts")).status == 401
    (figures,) = (await (await front.get("/api/v1/texts/figures", headers=headers)).json())["figures"]
    assert (figures["purpose"], figures["state"], figures["texts"]) == ("service", "sent", 1)
