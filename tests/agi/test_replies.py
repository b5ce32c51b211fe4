"""Asterisk's answers are read in full, whatever they hold."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agi.errors import GarbageError
from agi.replies import Reply, parse_reply

pytestmark = pytest.mark.unit


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        (b"200 result=0", Reply(200, "0")),
        (b"200 result=", Reply(200, "")),
        (b"200 result= (timeout)", Reply(200, "", "timeout")),
        (b"200 result=12 (timeout)", Reply(200, "12", "timeout")),
        (b"200 result=1*3", Reply(200, "1*3")),
        (b"200 result=1 (a (b) c)", Reply(200, "1", "a (b) c")),
        (b"200 result=1 ()", Reply(200, "1", "")),
        (b"200 result=1 (cut off", Reply(200, "1", "cut off")),
        (b"200 result=0 endpos=7360", Reply(200, "0", "", 7360)),
        (b"200 result=35 (dtmf) endpos=4160", Reply(200, "35", "dtmf", 4160)),
        (b"200 result=-1 (hangup) endpos=99", Reply(200, "-1", "hangup", 99)),
        (b"200 result=1 (x) endpos=nonsense", Reply(200, "1", "x")),
        (b"200 result=1 (Zo\xeb)", Reply(200, "1", "Zo\ufffd")),
        (b"510 Invalid or unknown command", Reply(510, "", "Invalid or unknown command")),
        (b"511 Command Not Permitted", Reply(511, "", "Command Not Permitted")),
    ],
)
def test_known_answers(line: bytes, expected: Reply) -> None:
    assert parse_reply(line) == expected


@pytest.mark.parametrize(
    ("result", "key"),
    [("0", ""), ("-1", ""), ("", ""), ("49", "1"), ("42", "*"), ("35", "#"), ("9" * 30, ""), ("²", "")],
)
def test_a_key_is_given_by_its_code(result: str, key: str) -> None:
    assert Reply(200, result).key == key


@given(st.binary(max_size=200))
def test_anything_is_either_an_answer_or_garbage(line: bytes) -> None:
    try:
        reply = parse_reply(line)
    except GarbageError:
        return
    assert 0 <= reply.code <= 999
    assert len(reply.key) <= 1
