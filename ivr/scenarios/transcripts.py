"""Calls written down as their customers hear them: a flow's scenarios, in one of its languages."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from textwrap import fill

from ivr.language.model import Flow
from ivr.scenarios.driving import Ended, run_scenario
from ivr.scenarios.loading import LoadedScenario
from ivr.scenarios.local import TextDriver
from ivr.scenarios.model import Expect

WIDE = 112
WRITTEN_BY = "Written by `centralino flow transcripts`."
"""In every transcript, so that one can be told from other files."""
_HEAD = """{flow} · {language}
{title}

« is said, » is keyed; what is private shows as dots. {by}
"""


def headed(flow: Flow, language: str) -> str:
    """How every transcript begins."""
    return _HEAD.format(flow=flow.flow, language=language, title=flow.title, by=WRITTEN_BY)


def laid_out(title: str, lines: Sequence[str]) -> str:
    """One call or reading, in lines that are not too wide."""
    return "\n".join([f"── {title}", *(fill(line, WIDE, subsequent_indent="  ") for line in lines), ""])


async def transcript(
    flow: Flow, scenarios: Iterable[LoadedScenario], flows: Sequence[Flow], language: str
) -> str:
    """What is said and keyed in each of a flow's scenarios, in a language, and how the call ended.

    A scenario of another language is led by the same keys; what it expects to hear is not looked at then.
    `flows` holds the flow and those it runs. Raises `ScenarioFailedError` for one that goes astray.
    """
    parts = [headed(flow, language)]
    for each in scenarios:
        if each.scenario.flow == flow.flow:
            driver = TextDriver(flows, notes=False)
            ended = await run_scenario(_in_language(each, flow, language), driver)
            lines = [*driver.transcript.splitlines(), _ending(ended)]
            parts.append(laid_out(each.scenario.scenario, lines))
    return "\n".join(parts)


def _in_language(loaded: LoadedScenario, flow: Flow, language: str) -> LoadedScenario:
    """The scenario, led in a language."""
    own = loaded.scenario
    if language == (own.language or flow.languages[0]):
        return loaded
    steps = [Expect(expect=step.expect) if isinstance(step, Expect) else step for step in own.steps]
    return replace(loaded, scenario=own.model_copy(update={"language": language, "steps": steps}))


def _ending(ended: Ended) -> str:
    if not ended.outcome:
        return f"= hung up at {ended.path}"
    return f"= {ended.outcome}{', the goal' if ended.goal else ''}"
