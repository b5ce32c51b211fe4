"""Callers in named queues: who goes first, what they hear, how it ends, and what is written down of it."""

import asyncio
from datetime import timedelta

import pytest

from agents import AgentState
from centralino.core.queueing.passes import read_pass
from tests.core.queueing.house import House, story
from values import TransferEnd

pytestmark = pytest.mark.unit

VALUE = {"points": {"gold": 40}}
NEXT = "You are the next to speak to an operator."
OFFER = "To be called back without losing your place press 1."


@story
async def test_a_free_agent_is_met_without_any_music(house: House) -> None:
    await house.comes("anna")
    caller = await house.rings("i1")
    assert caller.bridged == ["PJSIP/anna-1"]
    assert caller.heard == []
    await asyncio.sleep(1)
    (pop,) = house.pops
    assert (pop["queue"], pop["reason"], pop["path"], pop["language"]) == (
        "care",
        "billing",
        ["billing"],
        "en",
    )
    assert (pop["customer"], pop["title"]) == ("c-i1", "care")


@story
async def test_who_is_of_value_goes_before_who_came_a_little_sooner(house: House) -> None:
    house.opens("care", **VALUE)
    house.desk.sign_in("anna")
    house.desk.pause("anna")
    plain = await house.rings("i1")
    await asyncio.sleep(60)
    gold = await house.rings("i2", tier="gold")
    house.desk.ready("anna")
    await asyncio.sleep(3)
    assert (plain.bridged, gold.bridged) == ([], ["PJSIP/anna-1"])


@story
async def test_but_nobody_is_overtaken_for_ever(house: House) -> None:
    house.opens("care", **VALUE)
    house.desk.sign_in("anna")
    house.desk.pause("anna")
    plain = await house.rings("i1")
    await asyncio.sleep(241)  # forty points are worth four minutes
    gold = await house.rings("i2", tier="gold")
    house.desk.ready("anna")
    await asyncio.sleep(3)
    assert (plain.bridged, gold.bridged) == (["PJSIP/anna-1"], [])


@story
async def test_the_agent_who_speaks_their_language_is_asked_first(house: House) -> None:
    await house.comes("anna", "it")
    await asyncio.sleep(5)
    await house.comes("olga", "ru")
    caller = await house.rings("i1", language="ru")
    assert caller.bridged == ["PJSIP/olga-1"]
    assert (await house.rings("i2", language="ru")).bridged == ["PJSIP/anna-1"]


@story
async def test_their_place_and_the_expected_wait_are_told_between_music(house: House) -> None:
    for _ in range(5):
        house.hall.keeper.learn("care", 240.0)
    await house.comes("anna")
    await house.rings("i0")
    caller = await house.rings("i1")
    await house.rings("i2")
    await asyncio.sleep(20)
    assert caller.heard[:4] == ["music", "quiet", NEXT, "The expected wait, in minutes, is about 4."]
    assert caller.heard[-1] == "music"
    assert "told" in house.book.happened("i1")


@story
async def test_no_estimate_is_told_that_nobody_knows(house: House) -> None:
    house.desk.sign_in("anna")
    house.desk.pause("anna")
    caller = await house.rings("i1")
    await asyncio.sleep(20)
    assert caller.heard == ["music", "quiet", NEXT, "music"]


@story
async def test_the_second_is_told_so(house: House) -> None:
    house.desk.sign_in("anna")
    house.desk.pause("anna")
    await house.rings("i1")
    second = await house.rings("i2")
    await asyncio.sleep(20)
    assert second.heard[2] == "You are number 2 in the queue."


@story
async def test_words_break_off_for_an_agent(house: House) -> None:
    house.desk.sign_in("anna")
    house.desk.pause("anna")
    for _ in range(5):
        house.hall.keeper.learn("care", 240.0)
    caller = await house.rings("i1")
    await asyncio.sleep(9)  # in the midst of the first sentence
    house.desk.ready("anna")
    await asyncio.sleep(2)
    assert caller.bridged == ["PJSIP/anna-1"]
    assert caller.heard.count("music") == 1


@story
async def test_a_key_keeps_their_place_and_lets_them_go(house: House) -> None:
    house.desk.sign_in("anna")
    house.desk.pause("anna")
    caller = await house.rings("i1")
    await asyncio.sleep(75)
    assert OFFER in caller.heard
    caller.press()
    await asyncio.sleep(5)
    assert house.places.kept == [("care", "+393290000017")]
    assert caller.heard[-2:] == [
        "We keep your place and will call you on the number you are calling from. Goodbye.",
        "hung up",
    ]
    assert house.came_to == {"i1": "call_back"}
    assert house.book.happened("i1")[-1] == "key"
    assert len(house.line) == 0


@story
async def test_a_place_that_could_not_be_written_down_is_not_told_of_anywhere(house: House) -> None:
    house.places.cut = True
    house.desk.sign_in("anna")
    house.desk.pause("anna")
    caller = await house.rings("i1")
    await asyncio.sleep(75)
    caller.press()
    await asyncio.sleep(5)
    assert house.ends == {"i1": TransferEnd.NO_ANSWER}
    assert house.came_to == {}
    assert house.book.happened("i1")[-1] == "timeout"
    assert house.book.visits()["care"]["end"] == "timeout"


@story
async def test_the_key_works_while_it_is_being_said(house: House) -> None:
    house.desk.sign_in("anna")
    house.desk.pause("anna")
    caller = await house.rings("i1")
    await asyncio.sleep(59)
    caller.presses = "1"
    await asyncio.sleep(10)
    assert house.places.kept == [("care", "+393290000017")]


@story
async def test_a_long_expected_wait_brings_the_offer_at_once(house: House) -> None:
    for _ in range(5):
        house.hall.keeper.learn("care", 600.0)
    await house.comes("anna")
    await house.rings("i0")
    caller = await house.rings("i1")
    await asyncio.sleep(20)
    assert OFFER in caller.heard


@story
async def test_nobody_in_time_brings_them_back_to_their_flow(house: House) -> None:
    house.opens("care", longest_wait=30)
    house.desk.sign_in("anna")
    house.desk.pause("anna")
    caller = await house.rings("i1")
    await asyncio.sleep(31)
    assert house.ends == {"i1": TransferEnd.NO_ANSWER}
    assert house.book.happened("i1")[-1] == "timeout"
    assert caller.marks["CENTRALINO_QUEUE"] == ""


@story
async def test_a_closed_queue_says_so_and_offers_a_call_at_its_opening(house: House) -> None:
    house.opens("care", closed_days=[house.clock.now().date().isoformat()])
    await house.comes("anna")
    caller = await house.rings("i1")
    await asyncio.sleep(10)
    assert caller.heard == [
        "Our operators are not answering at this time.",
        "To be called back when we open press 1.",
    ]
    assert house.ends == {"i1": TransferEnd.BUSY}
    assert house.book.happened("i1") == ["enter", "closed"]


@story
async def test_a_closed_queue_s_own_words_and_the_key(house: House) -> None:
    house.opens("care", active=False, messages={"closed": {"en": "We open at eight."}})
    caller = await house.rings("i1")
    await house.sends(caller)
    caller.presses = "1"
    await asyncio.sleep(10)
    assert caller.heard[0] == "We open at eight."
    assert house.places.kept == [("care", "+393290000017")]


@story
async def test_closing_ends_the_waiting_of_those_who_are_in(house: House) -> None:
    house.desk.sign_in("anna")
    house.desk.pause("anna")
    await house.rings("i1")
    await asyncio.sleep(12)
    house.opens("care", active=False)
    await asyncio.sleep(20)
    assert house.ends == {"i1": TransferEnd.BUSY}
    assert house.book.happened("i1")[-1] == "closed"


@story
async def test_with_nobody_at_work_the_flow_goes_on_at_once(house: House) -> None:
    caller = await house.rings("i1")
    assert house.ends == {"i1": TransferEnd.FAILED}
    assert (caller.heard, house.book.happened("i1")) == ([], ["enter", "empty"])


@story
async def test_when_the_last_agent_goes_home_nobody_waits_in_vain(house: House) -> None:
    await house.comes("anna")
    house.desk.pause("anna")
    await house.rings("i1")
    house.desk.sign_out("anna")
    await asyncio.sleep(6)
    assert house.ends == {"i1": TransferEnd.FAILED}


@story
async def test_overflow_to_another_queue_keeps_the_place(house: House) -> None:
    house.opens("technical", skill="technical", overflow="queue", overflow_to="care", overflow_after=30)
    house.desk.sign_in("tom", ["technical"])
    house.desk.pause("tom")
    first = await house.rings("i1", "queue.technical")
    await asyncio.sleep(10)
    house.desk.sign_in("eve")
    house.desk.pause("eve")
    second = await house.rings("i2")
    await asyncio.sleep(30)
    house.desk.ready("eve")
    await asyncio.sleep(3)
    assert (first.bridged, second.bridged) == (["PJSIP/eve-1"], [])
    assert house.book.happened("i1")[:2] == ["enter", "told"]
    assert [kind for kind in house.book.happened("i1") if kind in {"overflow", "connect", "enter"}] == [
        "enter", "overflow", "enter", "connect",
    ]  # fmt: skip
    assert house.book.visits()["technical"]["moved_to"] == "care"


@story
async def test_overflow_with_a_message_goes_back_to_the_flow(house: House) -> None:
    house.opens("care", overflow="message", overflow_after=20, messages={"overflow": {"en": "Try the web."}})
    house.desk.sign_in("anna")
    house.desk.pause("anna")
    caller = await house.rings("i1")
    await asyncio.sleep(30)
    assert house.ends == {"i1": TransferEnd.BUSY}
    assert caller.heard[-1] == "Try the web."


@story
async def test_queues_that_overflow_into_each_other_end(house: House) -> None:
    for name, other in (("one", "two"), ("two", "one")):
        house.opens(name, overflow="queue", overflow_to=other, overflow_after=10)
    house.desk.sign_in("anna")
    house.desk.pause("anna")
    await house.rings("i1", "queue.one")
    await asyncio.sleep(30)
    assert house.ends == {"i1": TransferEnd.FAILED}


@story
async def test_who_hangs_up_while_waiting_is_written_down_and_forgotten(house: House) -> None:
    house.desk.sign_in("anna")
    house.desk.pause("anna")
    caller = await house.rings("i1")
    await asyncio.sleep(3)
    caller.leaves.set()
    await asyncio.sleep(0.1)
    assert house.book.happened("i1") == ["enter", "abandon"]
    visit = house.book.visits()["care"]
    assert visit["waited"] == pytest.approx(3.0, abs=0.1)
    assert (len(house.line), house.desk.inbound.waits("", 0)) == (0, None)
    house.desk.ready("anna")
    await asyncio.sleep(0.1)
    assert house.desk.idle() == 1


@story
async def test_talk_and_wrap_up_are_written_down_with_the_visit(house: House) -> None:
    house.desk.sign_in("anna")
    house.desk.pause("anna")
    caller = await house.rings("i1")
    await asyncio.sleep(4)
    house.desk.ready("anna")
    await asyncio.sleep(100)
    house.hall.keeper.held("i1", 15.0)
    caller.agent_leaves.set()
    await asyncio.sleep(10)
    house.desk.wrapped_up("anna")
    visit = house.book.visits()["care"]
    assert (visit["end"], visit["agent"]) == ("connect", "anna")
    assert [round(visit[name]) for name in ("waited", "talk", "hold", "wrap")] == [5, 84, 15, 10]
    assert house.book.happened("i1") == ["enter", "connect", "talk_end", "wrap_end"]
    assert house.ends == {"i1": TransferEnd.TALKED}


@story
async def test_an_agent_whose_telephone_is_not_there_costs_them_no_place(house: House) -> None:
    house.away.add("anna")
    await house.comes("anna")
    caller = await house.rings("i1")
    await asyncio.sleep(1)
    await house.comes("bruno")
    await asyncio.sleep(1)
    assert caller.bridged == ["PJSIP/bruno-1"]
    assert house.book.happened("i1") == ["enter", "ring_no_answer", "connect"]


@story
async def test_a_talk_that_is_sent_to_a_queue_waits_there_in_front(house: House) -> None:
    house.opens("billing", skill="billing")
    await house.comes("anna")
    caller = await house.rings("i1")
    house.desk.sign_in("bruno", ["billing"])
    house.desk.pause("bruno")
    earlier = await house.rings("i2", "queue.billing")
    await asyncio.sleep(50)
    house.hall.enter("i1", "billing", front=True)
    caller.agent_leaves.set()
    await asyncio.sleep(1)
    assert house.ends == {}
    house.desk.ready("bruno")
    await asyncio.sleep(3)
    assert (caller.bridged, earlier.bridged) == (["PJSIP/anna-1", "PJSIP/bruno-1"], [])


@story
async def test_a_restarted_core_gives_them_their_place_back(house: House) -> None:
    house.desk.sign_in("anna")
    house.desk.pause("anna")
    caller = await house.rings("i1")
    await asyncio.sleep(30)
    passed = read_pass(caller.marks["CENTRALINO_QUEUE"])
    assert passed is not None
    assert passed.queue == "care"
    after = House()
    after.clock = house.clock
    assert house.clock.now() - passed.since == pytest.approx(timedelta(seconds=30), abs=timedelta(seconds=1))
    later = await house.rings("i2")
    house.hall.closing()
    caller.leaves.set()
    later.leaves.set()
    await asyncio.sleep(0.1)
    assert "abandon" not in house.book.happened("i1")


@story
async def test_an_unknown_queue_fails(house: House) -> None:
    await house.rings("i1", "queue.nowhere")
    assert house.ends == {"i1": TransferEnd.FAILED}


@story
async def test_those_we_called_wait_until_no_caller_needs_the_agent(house: House) -> None:
    house.desk.sign_in("anna")
    house.desk.pause("anna")
    await house.rings("i1")
    house.desk.ready("anna")
    assert house.desk.reserve("a1", campaign="spring") is None
    await asyncio.sleep(1)
    seat = house.desk.seat("anna")
    assert seat is not None
    assert (seat.state, seat.call) == (AgentState.TALKING, "i1")


@pytest.mark.parametrize("text", ["", "care", "care/v1/x/0", "CARE/v1/1/0", "care/v1/1/2", "care/v1/1/0/"])
def test_what_is_no_place_is_none(text: str) -> None:
    assert read_pass(text) is None
