"""Recordings found and listened to: by whom, from anywhere in the file, each listening written down."""

import io
import wave
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from aiohttp.test_utils import TestServer
from sqlalchemy import select, text, update

from calls import Journal, RecordingMade, Segment, SegmentKind
from calls.models import Recording
from centralino.rooms import Rooms
from store.audit import AuditEntry
from tests.calls.samples import later
from tests.web.conftest import Client, Enter
from users import Role
from users.models import Deed
from values import CallId
from values.testing import FixedClock
from web.keys import PARTS

pytestmark = pytest.mark.database

CALL = "node1-1.1"
SECONDS = 4


@pytest.fixture
async def kept(rooms: Rooms, server: TestServer, tmp_path: Path, clock: FixedClock) -> Path:
    """A talk of four seconds that was paused from its second to its third; and one whose time is over."""
    folder = tmp_path / "recordings"
    folder.mkdir()
    for name in (f"talk-{CALL}.wav", "talk-node1-1.3.wav"):
        with wave.open(str(folder / name), "wb") as file:
            file.setnchannels(2)
            file.setsampwidth(2)
            file.setframerate(8000)
            file.writeframes(bytes(range(256)) * (SECONDS * 8000 * 4 // 256))
    server.app._state[PARTS] = replace(server.app[PARTS], recordings=folder)
    async with Journal(rooms.db, clock, tmp_path / "spill2") as journal:
        for call, expires in ((CALL, later(9000)), ("node1-1.3", later(100))):
            made = RecordingMade(
                call_id=CallId(call),
                path=str(folder / f"talk-{call}.wav"),
                seconds=float(SECONDS),
                at=later(1),
                purpose="talk",
                consent=True,
                expires=expires,
            )
            journal.recording(made)
        gap = Segment(CallId(CALL), "recording", SegmentKind.PAUSE, later(3), later(4), "anna")
        journal.segment(gap)
        await journal.flush()
    return folder


async def test_whoever_may_finds_and_hears_them(
    kept: Path, enter: Enter, rooms: Rooms, clock: FixedClock
) -> None:
    sofia = await enter(Role.SUPERVISOR, name="sofia")
    listed = await (await sofia.get("/api/v1/recordings")).json()
    (found,) = listed["recordings"]  # the other's time is over
    assert (found["call"], found["number"], found["customer"]) == (CALL, "+393290000018", "c0000017")
    one = await (await sofia.get(f"/api/v1/recordings/{CALL}")).json()
    assert one["recordings"][0]["gaps"] == [{"from": 2.0, "to": 3.0, "by": "anna"}]
    sound = await sofia.get(found["audio"])
    assert (sound.status, sound.headers["Content-Type"]) == (200, "audio/wav")
    with wave.open(io.BytesIO(await sound.read())) as file:
        assert (file.getnchannels(), file.getnframes()) == (2, SECONDS * 8000)
    part = await sofia.get(found["audio"], headers={"Range": "bytes=64000-64099"})
    assert (part.status, len(await part.read())) == (206, 100)
    beyond = await sofia.get(found["audio"], headers={"Range": "bytes=9999999-"})
    assert beyond.status == 416
    async with rooms.db.read() as session:
        heard = list(await session.scalars(select(Deed).where(Deed.did == "recording.heard")))
        theirs = list(await session.scalars(select(AuditEntry).where(AuditEntry.customer_id == "c0000017")))
    assert [(deed.by, deed.subject) for deed in heard] == [("sofia", CALL)]  # one listening in three parts
    assert [(entry.by, entry.what) for entry in theirs] == [("sofia", "recording.heard")]
    clock.instant += timedelta(minutes=20)
    await sofia.get(found["audio"], headers={"Range": "bytes=100-"})  # a later one is another
    async with rooms.db.read() as session:
        assert len(list(await session.scalars(select(Deed).where(Deed.did == "recording.heard")))) == 2


async def test_a_listening_that_could_not_be_written_down_is_none(
    kept: Path, enter: Enter, rooms: Rooms
) -> None:
    sofia = await enter(Role.SUPERVISOR, name="sofia")
    table = Deed.__tablename__
    async with rooms.db.write() as session:
        await session.execute(text(f"ALTER TABLE {table} RENAME TO elsewhere"))
    unheard = await sofia.get(f"/api/v1/recordings/{CALL}/audio")
    assert unheard.status >= 500
    async with rooms.db.write() as session:
        await session.execute(text(f"ALTER TABLE elsewhere RENAME TO {table}"))
    assert (await sofia.get(f"/api/v1/recordings/{CALL}/audio")).status == 200
    async with rooms.db.read() as session:
        heard = list(await session.scalars(select(Deed).where(Deed.did == "recording.heard")))
    assert [(deed.by, deed.subject) for deed in heard] == [("sofia", CALL)]


async def test_where_it_cannot_be_played_that_is_said(
    kept: Path, enter: Enter, rooms: Rooms, monkeypatch: pytest.MonkeyPatch
) -> None:
    (kept / "talk.opus").write_bytes(b"OggS")
    async with rooms.db.write() as session:
        await session.execute(update(Recording).where(Recording.call_id == CALL).values(path="talk.opus"))
    sofia = await enter(Role.SUPERVISOR, name="sofia")
    monkeypatch.setenv("PATH", "")  # there is no ffmpeg
    answer = await sofia.get(f"/api/v1/recordings/{CALL}/audio")
    assert (answer.status, (await answer.json())["error_id"]) == (503, "recording-unplayable")


@pytest.mark.parametrize("role", [Role.AGENT, Role.OPERATIONS, Role.MARKETING, Role.PARTNER_MANAGER])
async def test_nobody_else_does(kept: Path, enter: Enter, role: Role) -> None:
    somebody = await enter(role, partner="north" if role is Role.PARTNER_MANAGER else "")
    for path in ("recordings", f"recordings/{CALL}", f"recordings/{CALL}/audio"):
        assert (await somebody.get(f"/api/v1/{path}")).status == 403
    assert (await somebody.get("/recordings")).status == 403
    assert (await somebody.get(f"/recordings/{CALL}/player")).status == 403


async def test_what_is_not_there_is_told_so(kept: Path, client: Client, bearer: dict[str, str]) -> None:
    for path in ("node1-1.3", "nobody", "nobody/audio", "..%2F..%2Fetc%2Fpasswd/audio"):
        assert (await client.get(f"/api/v1/recordings/{path}", headers=bearer)).status == 404
    (kept / f"talk-{CALL}.wav").unlink()
    gone = await client.get(f"/api/v1/recordings/{CALL}/audio", headers=bearer)
    assert (gone.status, (await gone.json())["error_id"]) == (404, "not-found")
    bad = await client.get("/api/v1/recordings?cursor=nonsense", headers=bearer)
    assert (bad.status, (await bad.json())["field"]) == (400, "cursor")


async def test_the_page_finds_and_plays_them(kept: Path, enter: Enter) -> None:
    sofia = await enter(Role.SUPERVISOR, name="sofia")
    page = await (await sofia.get("/recordings?number=%2B393290000018")).text()
    assert f'data-listen="{CALL}"' in page
    assert "+393290000018" not in page.replace('value="+393290000018"', "")  # only the search has it whole
    assert "no recording like this" in await (await sofia.get("/recordings?agent=nobody")).text()
    player = await (await sofia.get(f"/recordings/{CALL}/player")).text()
    assert f'src="/api/v1/recordings/{CALL}/audio' in player
    assert "0:02–0:03" in player
