"""What the gate knows from the database: lists, registers, holds, earlier calls, money, abandoned calls."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from dialer import CampaignPlan, NewContact, allow_calls, enqueue, forbid_calls, set_up
from dialer.attempts import commit_attempts
from dialer.campaigns import campaign
from dialer.candidates import candidate_of
from dialer.do_not_call import entries_of, exclude, include
from dialer.facts import gather, no_consents
from dialer.gate import Candidate, Gate, Purpose, Reason, Suppression, Verdict, load_profiles, load_tariff
from dialer.holds import hold, lift
from dialer.models import (
    Attempt,
    AttemptState,
    Contact,
    ContactState,
    HoldReason,
    Mode,
    Refusal,
    RegisterEntry,
    Tally,
)
from dialer.placement import Wanted
from dialer.questions import explain_call, may_call, standing
from dialer.registers import add_entries, drop_editions, new_edition, publish_edition
from dialer.results.ended import Reading, ended_of
from dialer.results.tallies import count
from dialer.turns import claim
from store import Database
from values import BadInputError, PhoneNumber

pytestmark = pytest.mark.database

NOW = datetime(2026, 3, 3, 10, 0, tzinfo=UTC)  # a Tuesday, 11:00 in Rome
ANNA, HERS_TOO = PhoneNumber("+393290000017"), PhoneNumber("+393290000018")
SHOWN = "+390650000611"
GATE = Gate(load_profiles(), country="IT", tariff=load_tariff())


async def offers(session: AsyncSession, name: str = "offers", **words: Any) -> None:
    plan: dict[str, Any] = {"purpose": Purpose.SERVICE, "profile": "it", "flow": "any", "caller_id": SHOWN}
    await set_up(session, GATE, CampaignPlan(name=name, **plan | words))


async def asked(
    session: AsyncSession,
    number: str = ANNA,
    name: str = "offers",
    *,
    customer: str = "anna",
    at: datetime = NOW,
) -> Verdict:
    """What the gate says of a call, as the dial loop asks it."""
    candidate = candidate_of(await campaign(session, name), number, customer_id=customer)
    facts = await gather(session, [candidate], no_consents, at, GATE)
    return GATE.check([candidate], facts, at)[0]


_attempts = iter(range(10_000))


def called(number: str = ANNA, **words: Any) -> Attempt:
    """An attempt of some campaign that was over an hour ago."""
    before = NOW - timedelta(hours=1)
    row: dict[str, Any] = {
        "id": f"a{next(_attempts)}", "contact_id": "c", "campaign": "other", "purpose": Purpose.SERVICE,
        "node": "node1", "trunk": "t", "number": number, "customer_id": "anna", "list": "",
        "caller_id": SHOWN, "moved_from": "", "fence": 1, "state": AttemptState.DONE, "committed": before,
        "amd": "", "amd_cause": "", "agent": "", "disposition": "", "recording": "", "cost": 0, "cause": 0,
        "sip_cause": "", "outcome": "no_answer", "goal": False,
    }  # fmt: skip
    return Attempt(**row | words)


async def test_an_opt_out_holds_from_its_commit_on_and_a_withdrawal_too(database: Database) -> None:
    async with database.write() as session:
        await offers(session)
        assert (await asked(session)).allowed
        await forbid_calls(session, [ANNA], Suppression.SERVICE, source="flow", at=NOW)
        verdict = await asked(session)
        assert (verdict.reason, verdict.retry_at) == (Reason.DO_NOT_CALL, None)
        assert (await asked(session, HERS_TOO)).allowed
        await allow_calls(session, ANNA, Suppression.SERVICE)
        assert (await asked(session)).allowed


async def test_an_opt_out_between_a_lease_and_its_call_stops_the_call(database: Database) -> None:
    async with database.write() as session:
        await offers(session)
        new = [
            NewContact(campaign="offers", event_id=number, customer_id="anna", number=number)
            for number in (ANNA, HERS_TOO)
        ]
        await enqueue(session, new, NOW)
    async with database.write() as session:
        leases = await claim(session, "offers", 10, worker="w", lease=timedelta(minutes=1), now=NOW)
        assert len(leases) == 2
    async with database.write() as session:
        await forbid_calls(session, [ANNA], Suppression.SERVICE, source="another call", at=NOW)
    async with database.write() as session:
        wanted = [Wanted(lease, "trunk") for lease in leases]
        placed = await commit_attempts(session, GATE, wanted, node="node1", now=NOW)
    assert [each.number for each in placed] == [HERS_TOO]
    async with database.read() as session:
        (refusal,) = await session.scalars(select(Refusal))
        assert (refusal.reason, refusal.until) == (Reason.DO_NOT_CALL, None)
        left = await session.get_one(Contact, refusal.contact_id)
        assert (left.state, left.outcome) == (ContactState.DONE, "do_not_call")


async def test_one_campaign_may_leave_a_number_out(database: Database) -> None:
    async with database.write() as session:
        await offers(session)
        await offers(session, "news")
        await exclude(session, "offers", [ANNA], source="their agent", at=NOW)
        assert (await asked(session)).reason is Reason.EXCLUDED
        assert (await asked(session, name="news")).allowed
        assert [each.source for each in (await entries_of(session, ANNA)).exclusions] == ["their agent"]
        await include(session, "offers", [ANNA])
        assert (await asked(session)).allowed


async def test_a_hold_is_for_all_numbers_of_a_customer_and_ends_with_its_last_reason(
    database: Database,
) -> None:
    async with database.write() as session:
        await offers(session)
        until = NOW + timedelta(days=3)
        await hold(
            session, "anna", Suppression.SERVICE, HoldReason.COMPLAINT, until=None, source="agent", at=NOW
        )
        await hold(session, "anna", Suppression.ALL, HoldReason.DISPUTE, until=until, source="agent", at=NOW)
        for number in (ANNA, HERS_TOO):
            verdict = await asked(session, number)
            assert (verdict.reason, verdict.retry_at) == (Reason.HOLD, until)
            assert "complaint, dispute" in verdict.words
        assert (await asked(session, HERS_TOO, customer="berta")).allowed
        assert await lift(session, "anna", Suppression.SERVICE) == 1
        assert (await asked(session, at=until)).allowed


async def test_a_hold_that_stops_offers_stops_no_mandatory_notice(database: Database) -> None:
    async with database.write() as session:
        await offers(session, "warnings", purpose=Purpose.MANDATORY_NOTICE)
        await hold(
            session, "anna", Suppression.ALL, HoldReason.VULNERABILITY, until=None, source="agent", at=NOW
        )
        assert (await asked(session, name="warnings")).allowed


async def test_a_hold_makes_no_sense_for_a_number_or_in_the_past(database: Database) -> None:
    async with database.write() as session:
        for what, until in ((Suppression.NOT_THEIRS, None), (Suppression.ALL, NOW)):
            with pytest.raises(BadInputError):
                await hold(session, "anna", what, HoldReason.OTHER, until=until, source="agent", at=NOW)


async def read_in(session: AsyncSession, numbers: list[PhoneNumber], dated: datetime) -> None:
    edition = new_edition()
    await add_entries(session, "rpo", edition, numbers)
    await publish_edition(session, "rpo", edition, dated=dated, file="rpo.txt", at=NOW)


async def test_a_register_is_replaced_in_one_moment_and_holds_as_long_as_it_is_fresh(
    database: Database,
) -> None:
    async with database.write() as session:
        await offers(session, purpose=Purpose.MARKETING)
        verdict = await asked(session)
        assert verdict.reason is Reason.NO_CONSENT  # what no waiting cures goes first
        missing = (await standing(session, GATE, [await campaign(session, "offers")], NOW))["offers"]
        assert (missing.reason, "never" in missing.words) == (Reason.REGISTER_STALE, True)

        await read_in(session, [ANNA], NOW - timedelta(days=14))
        assert (await asked(session)).reason is Reason.DO_NOT_CALL
        half = new_edition()
        await add_entries(session, "rpo", half, [HERS_TOO])  # a reading that never ended
        assert (await asked(session, HERS_TOO)).reason is Reason.NO_CONSENT

        await read_in(session, [HERS_TOO], NOW - timedelta(days=1))
        assert (await asked(session)).reason is Reason.NO_CONSENT
        assert (await asked(session, HERS_TOO)).reason is Reason.DO_NOT_CALL
        assert await drop_editions(session, "rpo") == 2
        assert await session.scalar(select(func.count()).select_from(RegisterEntry)) == 1


async def test_a_stale_register_stops_its_purpose_and_no_other(database: Database) -> None:
    async with database.write() as session:
        await offers(session, purpose=Purpose.MARKETING)
        await offers(session, "repairs")
        await read_in(session, [], NOW - timedelta(days=15))
        both = [await campaign(session, name) for name in ("offers", "repairs")]
        said = await standing(session, GATE, both, NOW)
        assert said["repairs"].allowed
        assert said["offers"].reason is Reason.REGISTER_STALE
        assert "2026-03-03 10:00" in said["offers"].words
        assert said["offers"].retry_at is not None


async def test_an_older_file_never_replaces_a_newer_one(database: Database) -> None:
    async with database.write() as session:
        await read_in(session, [ANNA], NOW - timedelta(days=1))
        with pytest.raises(BadInputError, match="newer"):
            await read_in(session, [], NOW - timedelta(days=2))
        with pytest.raises(BadInputError, match="ahead"):
            await read_in(session, [], NOW + timedelta(days=2))


async def test_caps_count_a_customers_calls_on_two_numbers_and_in_two_campaigns(database: Database) -> None:
    async with database.write() as session:
        await offers(session, purpose=Purpose.SURVEY)
        session.add(called(ANNA, campaign="other", purpose=Purpose.SURVEY))
        await session.flush()
        assert (await asked(session, HERS_TOO)).allowed
        session.add(called(HERS_TOO, campaign="third", purpose=Purpose.SURVEY))
        third = PhoneNumber("+393290000019")
        await session.flush()
        verdict = await asked(session, third)
        assert (verdict.reason, verdict.words) == (
            Reason.CAP,
            "this customer has had its 2 attempts today",
        )
        assert verdict.retry_at == datetime(2026, 3, 4, 8, tzinfo=UTC)  # nine in Rome
        assert (await asked(session, third, customer="berta")).allowed


async def test_a_call_no_network_took_and_an_old_one_count_for_nothing(database: Database) -> None:
    async with database.write() as session:
        await offers(session, purpose=Purpose.SURVEY)
        session.add(called(outcome="refused", purpose=Purpose.SURVEY))
        session.add(called(committed=NOW - timedelta(days=40), purpose=Purpose.SURVEY))
        await session.flush()
        assert (await asked(session)).allowed


async def test_a_number_whose_call_was_abandoned_is_left_alone_and_then_called_with_an_agent(
    database: Database,
) -> None:
    async with database.write() as session:
        for name, mode in (("fast", Mode.PREDICTIVE), ("sure", Mode.PREVIEW)):
            await offers(session, name, purpose=Purpose.SURVEY, mode=mode)
        session.add(called(outcome="abandoned", answered=NOW - timedelta(hours=1), purpose=Purpose.SERVICE))
        await session.flush()
        for name in ("fast", "sure"):
            verdict = await asked(session, name=name)
            assert (verdict.reason, verdict.retry_at) == (
                Reason.GAP,
                datetime(2026, 3, 9, 8, tzinfo=UTC),  # five days end on a Sunday
            )
        later = datetime(2026, 3, 9, 10, tzinfo=UTC)
        assert (await asked(session, name="fast", at=later)).reason is Reason.AGENT_NEEDED
        assert (await asked(session, name="sure", at=later)).allowed


async def test_a_budget_counts_hours_gone_by_and_calls_under_way(database: Database) -> None:
    async with database.write() as session:
        await offers(session, spend_limit=10)
        session.add(Tally(campaign="offers", hour=NOW.replace(hour=8), what="cost", count=5, seconds=0.0))
        yesterday = NOW.replace(hour=8) - timedelta(days=1)
        session.add(Tally(campaign="offers", hour=yesterday, what="cost", count=500, seconds=0.0))
        session.add(called(HERS_TOO, campaign="offers", state=AttemptState.RINGING, outcome="", cost=2))
        await session.flush()
        assert (await asked(session)).allowed  # 7 spent, a mobile minute is 2
        session.add(
            called(
                PhoneNumber("+393290000020"),
                campaign="offers",
                state=AttemptState.RINGING,
                cost=2,
                outcome="",
            )
        )
        await session.flush()
        verdict = await asked(session)
        assert (verdict.reason, verdict.words) == (
            Reason.SPEND,
            "the campaign has spent 9 of its 10 for today",
        )
        assert verdict.retry_at == datetime(
            2026, 3, 4, 7, tzinfo=UTC
        )  # midnight, and then the first open hour


async def test_what_ended_calls_cost_is_counted_into_the_budget(database: Database) -> None:
    async with database.write() as session:
        await offers(session, spend_limit=10)
        over = called(campaign="offers", answered=NOW - timedelta(minutes=50), outcome="done", cost=9)
        await count(session, [ended_of(over, Reading())])
        verdict = await asked(session)
        assert (verdict.reason, verdict.words) == (
            Reason.SPEND,
            "the campaign has spent 9 of its 10 for today",
        )


async def test_the_house_may_have_a_budget_over_all_campaigns(database: Database) -> None:
    gate = Gate(load_profiles(), country="IT", tariff=load_tariff(), day_limit=100)
    async with database.write() as session:
        await offers(session)
        session.add(Tally(campaign="another", hour=NOW.replace(hour=8), what="cost", count=100, seconds=0.0))
        await session.flush()
        verdict = await may_call(session, gate, ANNA, "offers", NOW)
        assert verdict.reason is Reason.SPEND
        assert (await may_call(session, GATE, ANNA, "offers", NOW)).allowed


async def test_when_the_laws_window_is_exhausted_only_calls_with_a_certain_agent_go_out(
    database: Database,
) -> None:
    async with database.write() as session:
        await offers(session, mode=Mode.PREDICTIVE)
        for what, count in (("abandoned", 4), ("connected", 96)):
            session.add(
                Tally(campaign="offers", hour=NOW.replace(hour=8), what=what, count=count, seconds=0.0)
            )
        await session.flush()
        found = await campaign(session, "offers")
        unsure, sure = candidate_of(found, ANNA), candidate_of(found, ANNA, certain=True)
        facts = await gather(session, [unsure], no_consents, NOW, GATE)
        (verdict,) = GATE.check([unsure], facts, NOW)
        assert verdict.reason is Reason.ABANDONMENT
        assert verdict.retry_at is not None
        assert verdict.retry_at > NOW
        assert GATE.check([sure], facts, NOW)[0].allowed
        tomorrow = NOW + timedelta(days=1)
        facts = await gather(session, [unsure], no_consents, tomorrow, GATE)
        assert GATE.check([unsure], facts, tomorrow)[0].allowed


@pytest.mark.parametrize(
    ("campaign_name", "word", "no"),
    [
        ("own", "no_thanks", True),
        ("own", "no_calls", True),  # whoever wants no more such calls said no to this one
        ("own", "thinks", False),
        ("own", "not_interested", True),  # the house's word, which this campaign had before
        ("usual", "not_interested", True),
        ("usual", "done", False),
        ("usual", "no_thanks", False),
        ("gone", "declined", True),
    ],
)
async def test_a_no_in_a_campaigns_own_words_is_one_for_the_law(
    database: Database, campaign_name: str, word: str, no: bool
) -> None:
    own = [
        {"name": "no_thanks", "title": "No, thanks", "declined": True},
        {"name": "no_calls", "title": "Wants no calls", "opt_out": True},
        {"name": "thinks", "title": "Thinks about it", "right_party": True},
    ]
    days_ago = NOW - timedelta(days=40)
    async with database.write() as session:
        await offers(session, "own", dispositions=own)
        await offers(session, "usual")
        said = {"campaign": campaign_name, "disposition": word, "outcome": word, "answered": days_ago}
        session.add(called(purpose=Purpose.MARKETING, committed=days_ago, **said))
        await session.flush()
        paris = Candidate(
            "+33612345678",
            Purpose.MARKETING,
            "fr",
            caller_id="+33155555555",
            customer_id="anna",
            automated=False,
        )
        facts = await gather(session, [paris], no_consents, NOW, GATE)
        (verdict,) = GATE.check([paris], facts, NOW)
        assert [call.declined for call in facts.by_customer["anna"]] == [no]
        assert verdict.allowed != no
        if no:
            again = days_ago + timedelta(days=60)
            assert (verdict.reason, verdict.retry_at) == (Reason.AFTER_REFUSAL, again)


async def test_facts_of_a_number_called_a_thousand_times_stay_small(database: Database) -> None:
    async with database.write() as session:
        session.add_all(called(committed=NOW - timedelta(minutes=n)) for n in range(1, 300))
        await session.flush()
        facts = await gather(session, [Candidate(ANNA, Purpose.SERVICE, "none")], no_consents, NOW)
        assert len(facts.history[ANNA]) == 200
        assert facts.history[ANNA][0].at == NOW - timedelta(minutes=1)


async def test_an_explanation_tells_every_rule_and_the_one_that_decides(database: Database) -> None:
    async with database.write() as session:
        await offers(session, purpose=Purpose.SURVEY)
        session.add(called(purpose=Purpose.SURVEY))
        await session.flush()
        at = NOW.replace(hour=21)
        explained = await explain_call(session, GATE, ANNA, "offers", at, customer_id="anna")
        said = {check.rule: check.verdict for check in explained.checks}
        assert said["destination"].allowed
        assert said["hours"].reason is Reason.HOURS
        assert explained.verdict.reason is Reason.CAP
        assert explained.verdict.retry_at == datetime(2026, 3, 4, 8, tzinfo=UTC)
        assert (await asked(session, at=at)) == explained.verdict
