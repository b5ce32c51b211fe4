"""What the flows of these tests may refer to."""

from collections.abc import Mapping

from ivr.actions import ActionContext, Actions
from ivr.language import Flow, load_flow
from values import Scalar

HEAD = """\
flow: test.broken
title: Broken
languages: [en]
start: hello
give_up: bye
operator: bye
keys: {operator: 0}
inputs:
  vip: {type: flag}
steps:
"""
TAIL = "  bye: {end: bye}\n"

SCRIPT_HEAD = """\
flow: test.broken
kind: script
title: Broken
languages: [en]
start: hello
give_up: bye
inputs:
  name: {type: text}
steps:
"""

OTHER = """\
flow: test.other
title: Another flow
languages: [en]
start: find
give_up: done
inputs: {given: {type: number}}
steps:
  find:
    set: {found: "{given}"}
    next: done
  done: {end: done}
"""
ROUND = """\
flow: test.round
title: Comes back to where it began
languages: [en]
start: again
give_up: done
steps:
  again:
    run: test.broken
    next: done
  done: {end: done}
"""


async def _act(ctx: ActionContext, **fields: Scalar) -> Mapping[str, Scalar]:
    return {}


def actions() -> Actions:
    """`test.act` needs `a`, takes `b` and gives `r`; `test.check` takes the digits as `value`."""
    found = Actions()
    found.register(
        "test.act", _act, fields=frozenset({"a", "b"}), optional=frozenset({"b"}), results=frozenset({"r"})
    )
    found.register("test.check", _act, fields=frozenset({"value"}), results=frozenset({"ok"}))
    return found


def flows() -> dict[str, Flow]:
    """Two other flows."""
    return {text.split()[1]: load_flow(text, file="other").flow for text in (OTHER, ROUND)}
