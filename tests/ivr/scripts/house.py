"""A script for the tests: small, with one of everything."""

from collections.abc import Mapping
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from ivr import Shelf
from ivr.language import Flow, load_flow
from ivr.scripts import Walk, begin
from values import Scalar

NOW = datetime(2026, 11, 25, 10, 0, tzinfo=UTC)
ROME = ZoneInfo("Europe/Rome")

SCRIPT = """\
flow: shop.call
kind: script
title: A call from the shop
languages: [en, it]
start: greet
give_up: broken_off
inputs:
  name: {type: text}
  owed: {type: money}
  vip: {type: flag}
steps:
  greet:
    page:
      stage: greet
      title: {en: Greeting, it: Saluto}
      say: {en: "Good day, {name}.", it: "Buongiorno, {name}."}
      answers:
        1: {text: {en: Good day, it: Buongiorno}, to: who_is_it, set: {polite: true}}
        2: {text: {en: A special answer, it: Una risposta speciale}, to: who_is_it, when: vip}
      objections:
        9: {text: {en: No time, it: Non ho tempo}, to: busy}
  who_is_it: {choose: [{when: vip, to: vip_page}], otherwise: form}
  vip_page:
    page: {stage: listen, title: {en: VIP, it: VIP}, hint: {en: Be kind, it: Sia gentile}}
    next: form
  form:
    page:
      stage: solve
      title: {en: The form, it: Il modulo}
      say: {en: "You owe {owed:money}.", it: "Deve {owed:money}."}
      fields:
        - {into: age, label: {en: Age, it: Età}, type: number, least: 18, most: 120, required: true}
        - {into: grade, label: {en: Grade, it: Voto}, type: scale, least: 0, most: 10, required: true,
           decline: {en: Will not say, it: Non risponde}}
        - {into: pay_on, label: {en: Pays on, it: Paga il}, type: date, least: 0, most: 14}
        - {into: part, label: {en: Pays now, it: Paga ora}, type: money, least: 1}
        - {into: agrees, label: {en: Agrees, it: Accetta}, type: flag}
        - {into: plan, label: {en: Plan, it: Piano}, type: choice,
           options: [{value: S, text: {en: Small, it: Piccolo}}, {value: 2, text: {en: Two, it: Due}}]}
        - {into: code, label: {en: Code, it: Codice}, matches: '[A-Z]{2}[0-9]{2}'}
        - {into: note, label: {en: Note, it: Nota}, lines: 3, least: 3, most: 40, when: vip}
      answers:
        1: {text: {en: Done, it: Fatto}, to: has_plan}
        2: {text: {en: Skip it, it: Salta}, to: has_plan, at_once: true}
  has_plan: {choose: [{when: plan != none, to: find}], otherwise: any_plan}
  any_plan: {set: {plan: S}, next: find}
  find: {run: shop.find, with: {wanted: "{plan}"}, into: {outcome: found}, next: stock}
  stock: {do: shop.stock, with: {plan: "{plan}"}, on_error: no_stock, on_timeout: slow_stock, next: last}
  no_stock: {set: {left: 0}, next: last}
  slow_stock: {set: {left: -1}, next: last}
  last:
    page: {stage: close, title: {en: Last, it: Fine}, say: {en: "{left} left.", it: "{left} rimasti."}}
    next: bye
  bye: {end: served, goal: true, say: {en: Bye, it: Ciao}}
  busy: {end: busy}
  broken_off: {end: broken_off}
"""
FIND = """\
flow: shop.find
kind: script
title: Find it
languages: [en, it]
start: look
give_up: nothing
inputs: {wanted: {type: text}}
steps:
  look:
    page:
      stage: solve
      title: {en: Look, it: Cerca}
      fields: [{into: shelf, label: {en: Shelf, it: Scaffale}, required: true}]
    next: there
  there: {end: there}
  nothing: {end: nothing}
"""


def flows() -> list[Flow]:
    return [load_flow(text, file="script").flow for text in (SCRIPT, FIND)]


def walking(variables: Mapping[str, Scalar] | None = None, *, language: str = "en") -> Walk:
    """A walk at the first page."""
    shelf = Shelf(flows(), {"shop.call": "v1", "shop.find": "v2"})
    walk = Walk(
        shelf.edition(),
        begin(shelf.edition(), "shop.call", variables or {}, language=language),
        now=NOW,
        zone=ROME,
    )
    assert walk.settle() is None
    return walk
