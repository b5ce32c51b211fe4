"""Requests left while the core was down are taken in; a broken file does not hide the others."""

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from care.spool import read_spool

pytestmark = pytest.mark.unit

NOTE: dict[str, Any] = {
    "call_id": "node1-1790000000.12",
    "at": "2026-03-02T09:00:00+00:00",
    "caller": "+393290000017",
    "number": "0612345678",
    "language": "it",
    "reason": "core-away",
    "confirmed": True,
}


def leave(spool: Path, name: str, **changes: Any) -> Path:
    spool.mkdir(exist_ok=True)
    file = spool / name
    file.write_text(json.dumps(NOTE | changes))
    return file


def test_requests_come_eldest_first_and_their_files_stay(tmp_path: Path) -> None:
    late = leave(tmp_path, "a.json", call_id="node1-2", at="2026-03-02T11:00:00+02:00", caller="")
    early = leave(tmp_path, "b.json", at="2026-03-02T08:30:00Z")
    first, second = read_spool(tmp_path)
    assert (first.file, second.file) == (early, late)
    assert first.number == "0612345678"
    assert first.confirmed
    assert second.at == datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
    assert second.caller == ""
    assert late.exists()
    assert early.exists()


def test_no_spool_is_no_request(tmp_path: Path) -> None:
    assert read_spool(tmp_path / "nowhere") == []


def test_drafts_are_left_alone(tmp_path: Path) -> None:
    leave(tmp_path, ".1-node1.json.tmp")
    assert read_spool(tmp_path) == []
    assert not (tmp_path / "broken").exists()


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"{",
        b"[]",
        b"\xff\xfe\x00",
        b"[" * 5000,
        b"x" * 100_000,
        json.dumps({**NOTE, "number": "1; DROP TABLE"}).encode(),
        json.dumps({**NOTE, "number": 612345678}).encode(),
        json.dumps({**NOTE, "number": ""}).encode(),
        json.dumps({**NOTE, "caller": "<script>"}).encode(),
        json.dumps({**NOTE, "at": "yesterday"}).encode(),
        json.dumps({**NOTE, "at": "0001-01-01T00:00:00+14:00"}).encode(),
        json.dumps({**NOTE, "call_id": "../../etc"}).encode(),
        json.dumps({**NOTE, "language": "italiano"}).encode(),
        json.dumps({key: value for key, value in NOTE.items() if key != "call_id"}).encode(),
    ],
)
def test_a_broken_file_is_moved_aside_and_the_rest_goes_on(tmp_path: Path, content: bytes) -> None:
    leave(tmp_path, "b.json")
    (tmp_path / "a.json").write_bytes(content)
    assert [left.call_id for left in read_spool(tmp_path)] == ["node1-1790000000.12"]
    assert (tmp_path / "broken" / "a.json").read_bytes() == content
    assert len(read_spool(tmp_path)) == 1


def test_a_folder_with_the_name_of_a_request_does_no_harm(tmp_path: Path) -> None:
    leave(tmp_path, "b.json")
    (tmp_path / "a.json").mkdir()
    assert len(read_spool(tmp_path)) == 1
