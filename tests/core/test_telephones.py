"""An agent has a telephone on the desk and another in the browser: which is rung, and which has gone."""

import pytest

from centralino.core.telephones import News, Telephones, account_of, is_browser

pytestmark = pytest.mark.unit

DESK, WEB = "agent01", "agent01-web"


@pytest.fixture
def phones() -> Telephones:
    return Telephones(frozenset({"agent01", "agent02"}))


def test_the_latest_to_register_is_rung_first(phones: Telephones) -> None:
    assert phones.accounts(DESK) == [WEB, DESK]
    assert phones.heard(WEB, "NonQualified", "sip:a") is News.CAME
    assert phones.heard(DESK, "Reachable", "sip:d") is News.CAME
    assert phones.accounts(DESK) == [DESK, WEB]
    assert phones.heard(WEB, "NonQualified", "sip:a") is News.THERE  # renewed
    assert phones.accounts(DESK) == [DESK, WEB]
    assert phones.heard(WEB, "Removed", "sip:a") is News.WENT
    assert phones.heard(WEB, "NonQualified", "sip:b") is News.CAME
    assert phones.accounts(DESK) == [WEB, DESK]
    assert phones.heard(WEB, "Unreachable", "sip:b") is News.NOTHING


def test_accounts_have_owners(phones: Telephones) -> None:
    assert [phones.owner(each) for each in (WEB, DESK, "agent09-web", "trunk", "operator")] == [
        "agent01", "agent01", "", "", "",
    ]  # fmt: skip
    assert account_of("PJSIP/agent01-web-0000001a") == WEB
    assert is_browser(WEB)
    assert not is_browser(DESK)


def test_a_line_hangs_on_the_socket_it_was_rung_at(phones: Telephones) -> None:
    phones.heard(WEB, "NonQualified", "sip:old")
    phones.rung("leg1", WEB)
    phones.heard(WEB, "NonQualified", "sip:new")  # the page was opened in another window
    assert phones.cut_off("leg1", "PJSIP/agent01-web-1", WEB, "sip:old")
    phones.over("leg1")
    phones.rung("leg2", WEB)
    assert not phones.cut_off("leg2", "PJSIP/agent01-web-2", WEB, "sip:old")
    assert phones.cut_off("leg2", "PJSIP/agent01-web-2", WEB, "sip:new")


def test_a_line_that_an_earlier_core_rang_goes_with_its_account(phones: Telephones) -> None:
    assert phones.cut_off("leg1", "PJSIP/agent01-web-1", WEB, "sip:any")
    assert not phones.cut_off("leg1", "PJSIP/agent02-web-1", WEB, "sip:any")


def test_a_telephone_on_the_desk_only_changes_its_address(phones: Telephones) -> None:
    phones.heard(DESK, "Reachable", "sip:old")
    phones.rung("leg1", DESK)
    assert not phones.cut_off("leg1", "PJSIP/agent01-1", DESK, "sip:old")


def test_a_line_that_rings_in_a_window_that_was_left_is_seen_when_another_registers(
    phones: Telephones,
) -> None:
    phones.heard(WEB, "NonQualified", "sip:second")
    phones.rung("leg1", WEB)
    assert not phones.moved("leg1", WEB, "sip:second")
    assert phones.moved("leg1", WEB, "sip:first")
    assert not phones.moved("leg1", DESK, "sip:desk")
    assert not phones.moved("unknown", WEB, "sip:first")
