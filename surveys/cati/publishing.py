"""The scripts of all questionnaires in force, brought up to date."""

import structlog

from ivr import FlowStore
from ivr.language import FlowError, load_flow
from ivr.language.model import FlowKind
from ivr.versions.store import PublicationConflictError
from surveys.cati.converting import BEGIN, desk_script, script_name
from values import BadInputError

log = structlog.get_logger(__name__)


async def publish_scripts(flows: FlowStore, *, by: str) -> list[str]:
    """Make the script of each questionnaire that is published, also of one that people here have changed.

    Passed over is a script that somebody but `by` has published, and a questionnaire that no agent can ask.
    Gives the names of scripts that are new or changed.
    """
    texts: list[str] = []
    for published in await flows.published():
        if BEGIN not in published.text:
            continue
        if load_flow(published.text, file=published.name).flow.kind is FlowKind.SCRIPT:
            continue
        history = await flows.history(script_name(published.name))
        if history and history[0].by != by:
            continue
        try:
            texts.append(desk_script(published.text, file=published.name))
        except BadInputError as problem:
            log.info("cati.not_for_the_desk", questionnaire=published.name, why=str(problem))
    changed: list[str] = []
    for text in texts:
        try:
            changed += (await flows.publish(text, by=by, note="made of its questionnaire")).names
        except (FlowError, PublicationConflictError) as problem:
            log.warning("cati.script_refused", why=str(problem)[:200])
    return changed
