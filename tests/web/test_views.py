"""What the page, open to whoever sits at the machine, shows of a step: never a whole number."""

import pytest

from calls import TraceStep
from values import CallId
from values.testing import EPOCH
from web.views import step_row

pytestmark = pytest.mark.unit


def step(keys: str, **values: str) -> TraceStep:
    return TraceStep(
        call_id=CallId("node1-1.1"), seq=0, path="ask_number", flow="care.identify", version="1", kind="ask",
        entered=EPOCH, left=EPOCH, how="done", keys=keys, values=values,
    )  # fmt: skip


@pytest.mark.parametrize(
    ("keys", "shown"),
    [
        ("0612345678", "•••678"),
        ("0612345678 1", "•••678 1"),
        ("3290000018# 2 3290000017# 1", "•••018# 2 •••017# 1"),
        ("7*0612345678", "7*•••678"),
        ("0611 1", "0611 1"),
        ("silence 2", "silence 2"),
    ],
)
def test_every_number_among_the_keys_is_shown_by_its_end_only(keys: str, shown: str) -> None:
    assert step_row(step(keys)).keys == shown


def test_numbers_are_hidden_among_other_words_and_ids_are_told() -> None:
    row = step_row(step("", told="ring +393290000017 or 0612345678", customer_id="c0000017"))
    assert row.values == "told = ring •••017 or •••678, customer_id = c0000017"
