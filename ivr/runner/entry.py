"""How a call comes into its flow: at the beginning, or back to where it stood."""

from ivr.runner.editions import Edition
from ivr.runner.quiet import RunStep
from ivr.runner.state import Frame, RunState
from ivr.runner.walk import RunStart
from values import CentralinoError


class UnknownStepError(CentralinoError):
    """The flow has no such step."""

    error_id = "unknown-step"


def begin(start: RunStart, edition: Edition) -> RunState:
    """The state of a call that has just come. Raises `UnknownFlowError`."""
    flow = edition.flow(start.flow, start.version)
    frame = Frame(
        flow.name, flow.version, variables=dict(start.variables), private=set(flow.private), flow=flow
    )
    language = start.language if start.language in flow.languages else flow.languages[0]
    return RunState([frame], flow.start, edition.number, language, slow=start.slow)


def bind(state: RunState, edition: Edition, start: RunStart) -> None:
    """Give each flow in progress its steps, and the first those starting values that a trace cannot hold.

    Raises `UnknownFlowError` or `UnknownStepError` when the library no longer has what the call began with.
    """
    above: Frame | None = None
    for frame in state.frames:
        if frame.flow is None:
            name, version = frame.flow_name or start.flow, frame.version
            if above is not None and above.flow is not None:
                step = above.flow.steps.get(frame.prefix.split(">")[-2])
                if not isinstance(step, RunStep):
                    raise UnknownStepError(f"{above.flow_name} runs no flow at {frame.prefix!r}")
                name = step.run
            frame.flow = edition.flow(name, version)
            frame.flow_name, frame.version = frame.flow.name, frame.flow.version
            frame.private |= frame.flow.private
        above = frame
    for name, value in start.variables.items():
        state.frames[0].variables.setdefault(name, value)
    if state.step not in _flow_of(state.frames[-1]):
        raise UnknownStepError(f"{state.frames[-1].flow_name} has no step {state.step!r}")


def go_to(state: RunState, step: str) -> None:
    """Go on at a step of the flow in progress, or of the nearest flow around it that has one of this name.

    A whole path (`identify>ask_number`) is taken as it is. Raises `UnknownStepError`.
    """
    for depth in range(len(state.frames), 0, -1):
        frame = state.frames[depth - 1]
        name = step.removeprefix(frame.prefix)
        if name in _flow_of(frame):
            del state.frames[depth:]
            state.step = name
            return
    names = ", ".join(frame.flow_name for frame in state.frames)
    raise UnknownStepError(f"there is no step {step!r} in {names}")


def _flow_of(frame: Frame) -> frozenset[str]:
    return frozenset(frame.flow.steps) if frame.flow is not None else frozenset()
