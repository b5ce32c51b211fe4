"""A file of rules is checked whole; each mistake is told with its line and its rule."""

import pytest

from proactive.rules import FlowInputs, Guides, Rule, RulesError, Vocabulary, read_book

pytestmark = pytest.mark.unit

WORDS = Vocabulary(
    {
        "order.planned": frozenset({"order", "kind", "planned"}),
        "order.moved": frozenset({"order", "planned"}),
    },
    campaigns={
        "line_notice": Guides(),
        "works_notice": Guides(),
        "line": Guides("proactive.line"),
        "talks": Guides("proactive.line", "proactive.welcome", agents=True),
    },
    flows={"proactive.line": FlowInputs(frozenset({"planned"}), frozenset({"planned", "language"}))},
    scripts={"proactive.welcome": FlowInputs(frozenset({"email"}), frozenset({"email", "agent_name"}))},
)


def read(rule: str, *, name: str = "notice") -> Rule:
    indented = "\n".join(f"    {line}" for line in rule.strip().splitlines())
    (found,) = read_book([("r.yaml", f"edition: 1\nrules:\n  {name}:\n{indented}\n")], WORDS).rules
    return found


def test_a_sound_rule_is_read() -> None:
    rule = read("on: [order.planned, order.moved]\ncampaign: line_notice\ncontrol: 0.1")
    assert (rule.name, rule.on, rule.campaign, rule.control) == (
        "notice", {"order.planned", "order.moved"}, "line_notice", 0.1,
    )  # fmt: skip


@pytest.mark.parametrize("more", ["", "\nflow: proactive.line"])
def test_agents_are_told_what_their_script_takes_and_whatever_else_their_card_shows(more: str) -> None:
    told = 'fields: {planned: "{planned}", email: "a@b.it", old_contract: "77"}'
    rule = read(f"on: order.planned\ncampaign: talks\n{told}{more}")
    assert rule.fields.keys() == {"planned", "email", "old_contract"}


@pytest.mark.parametrize(
    ("rule", "words"),
    [
        ("on: order.plannd\ncampaign: line_notice", ("r.yaml:4:9: rule notice: on: there is no type of event "
         "'order.plannd'; did you mean 'order.planned'?")),
        ("campaign: line_notice", "r.yaml:3:3: rule notice: on: name the type of event"),
        ("on: order.planned", "name the campaign that calls, or with replaces:"),
        ("on: order.planned\ncampaign: line_notise", "did you mean 'line_notice'"),
        ("on: order.planned\ncampain: line_notice", "r.yaml:5:5: rule notice: campain: there is no such"),
        ("on: order.planned\ncampaign: line_notice\nwhen: kind = 'la'", "r.yaml:6:11: rule notice: when:"),
        ("on: [order.planned, order.moved]\ncampaign: line_notice\nwhen: kind == none",
         "there is no value 'kind'"),
        ('on: order.planned\ncampaign: line_notice\nfields: {planned: "{plannd}"}', "did you mean 'planned'"),
        ('on: order.planned\ncampaign: line_notice\nfields: {planned: "{planned:dya}"}', "there is no form"),
        ('on: order.planned\ncampaign: line_notice\nfields: {planned: "{planned"}', "stands in braces"),
        ("on: order.planned\ncampaign: line_notice\nnot_before: soon", "there is no value 'soon'"),
        ("on: order.planned\ncampaign: line_notice\nnot_before: now + 2 weeks", "is no moment"),
        ("on: order.planned\ncampaign: line_notice\nquiet_hours: '25:00-09:00'", "is no time of the day"),
        ("on: order.planned\ncampaign: line_notice\ncontrol: 10", "write a share"),
        ("on: order.planned\ncampaign: line_notice\npriority: true", "write a whole number"),
        ('on: order.planned\nreplaces: "o-{order}"\nexpires: now + 1d', "belongs to a call"),
        ("on: order.planned\ncampaign: line_notice\nflow: proactive.line", "wants 'planned'"),
        ("on: order.planned\ncampaign: line_notice\nflow: proactive.lin",
         "r.yaml:6:11: rule notice: flow: there is no flow 'proactive.lin'; did you mean 'proactive.line'?"),
        ('on: order.planned\ncampaign: line\nfields: {planed: "{planned}"}',
         "fields.planed: the flow proactive.line has no input 'planed'; did you mean 'planned'?"),
        ("on: order.planned\ncampaign: line\nfields: {email: a}", "proactive.line has no input 'email'"),
        ("on: order.planned\ncampaign: talks\nfields: {emial: a}", ("neither the flow proactive.line nor the "
         "script proactive.welcome has an input 'emial'; did you mean 'email'?")),
        (('on: order.planned\ncampaign: line_notice\nflow: proactive.line\n'
         'fields: {planned: "{planned}", langage: it}'), "did you mean 'language'"),
    ],
)  # fmt: skip
def test_each_mistake_is_told_with_what_to_do(rule: str, words: str) -> None:
    with pytest.raises(RulesError) as caught:
        read(rule)
    assert words in str(caught.value)
    assert all(str(each).startswith("r.yaml:") for each in caught.value.problems)


def test_all_mistakes_of_a_file_are_told_at_once() -> None:
    text = "edition: 2\nrules:\n  a: {on: order.planned}\n  b: {on: x, campaign: line_notice}\nrulez: 1\n"
    with pytest.raises(RulesError) as caught:
        read_book([("r.yaml", text)], WORDS)
    assert [each.line for each in caught.value.problems] == [1, 3, 4, 5]


@pytest.mark.parametrize(
    "text", ["", "[]", "rules: [a]\nedition: 1", "a: b: c", "\t", "edition: 1\nrules: {a: b}"]
)
def test_what_is_no_file_of_rules_is_refused(text: str) -> None:
    with pytest.raises(RulesError):
        read_book([("r.yaml", text)], WORDS)


def test_the_operators_rules_stand_over_the_houses() -> None:
    house = """
edition: 1
rules:
  a: {on: order.planned, campaign: line_notice}
  b: {on: order.moved, campaign: line_notice}
"""
    own = """
edition: 1
rules:
  a: {on: order.planned, campaign: works_notice}
  b: {off: true}
  c: {on: order.moved, campaign: works_notice}
"""
    found = read_book([("house.yaml", house), ("rules.yaml", own)], WORDS)
    assert [(rule.name, rule.campaign) for rule in found.rules] == [
        ("a", "works_notice"), ("c", "works_notice"),
    ]  # fmt: skip
