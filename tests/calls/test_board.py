"""The board of live calls: for the page."""

import pytest

from calls import Journal, LiveBoard, LiveCall, TraceSink
from tests.calls.samples import later, start, step
from values import CallId

pytestmark = pytest.mark.unit


def test_the_page_sees_a_call_come_walk_and_go() -> None:
    board = LiveBoard()
    told: list[tuple[str, str | None]] = []

    def listen(call_id: CallId, call: LiveCall | None) -> None:
        told.append((call_id, call.step if call else None))

    board.on_change(listen)
    board.started(start("n1-1.1"))
    board.stepped(CallId("n1-1.1"), "welcome", later(1))
    board.stepped(CallId("n1-1.1"), "identify>ask_number", later(2))
    (call,) = board.snapshot()
    assert (call.step, call.since) == ("identify>ask_number", later(2))
    board.ended(CallId("n1-1.1"))
    board.ended(CallId("n1-1.1"))
    board.stepped(CallId("n1-1.1"), "late", later(3))
    assert board.snapshot() == []
    assert told == [
        ("n1-1.1", ""),
        ("n1-1.1", "welcome"),
        ("n1-1.1", "identify>ask_number"),
        ("n1-1.1", None),
    ]


def test_a_flood_of_calls_is_counted_but_does_not_fill_the_memory() -> None:
    board = LiveBoard(most=2)
    for number in range(5):
        board.started(start(f"n1-1.{number}"))
    assert (len(board), len(board.snapshot())) == (5, 2)
    for number in range(5):
        board.ended(CallId(f"n1-1.{number}"))
    assert len(board) == 0


def test_a_running_flow_tells_the_board_where_it_is_and_the_journal_what_was_done() -> None:
    written: list[object] = []

    class Paper(Journal):
        def __init__(self) -> None: ...

        def step(self, record: object) -> None:
            written.append(record)

    board = LiveBoard()
    board.started(start("n1-1.1"))
    sink = TraceSink(Paper(), board, CallId("n1-1.1"))
    sink.entered("menu", "menu", later(1))
    assert board.snapshot()[0].step == "menu"
    sink.left(step("n1-1.1", 0, "menu"))
    assert written == [step("n1-1.1", 0, "menu")]
