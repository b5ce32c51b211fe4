"""The caller's own voice, and other people: recording and transfer."""

from dataclasses import dataclass
from datetime import timedelta

from calls import RecordingMade
from ivr.runner.listening import Ears, Keypad
from ivr.runner.questions import RIGHT, SILENCE, WRONG
from ivr.runner.state import AGAIN
from ivr.runner.walk import Leave, PreparedPrompt, Walk
from values import HangupError, Recorded, Sound, TransferEnd

_LONGEST_NAME = 100  # characters of a file's name; call and number come first, so it stays the only one

REVIEWS = 3
"""How often the caller is asked whether to keep a recording; silence keeps it, so that nothing is lost."""


@dataclass(frozen=True, slots=True)
class RecordStep:
    """Record what the caller says."""

    name: str
    next: str
    prompt: PreparedPrompt
    into: str
    max_seconds: float
    silence: float
    beep: bool
    review: PreparedPrompt | None
    reviewing: Keypad
    ears: Ears
    kind: str = "record"

    async def walk(self, walk: Walk) -> Leave:
        """One recording; another one, if the caller wants it, is a step of the walk by itself."""
        await walk.line.play(await walk.sounds(self.prompt))
        name = f"{walk.start.call_id}-{walk.state.seq}-{self.name}"[:_LONGEST_NAME]
        try:
            made = await walk.line.record(
                name, max_seconds=self.max_seconds, silence_seconds=self.silence, beep=self.beep
            )
        except HangupError as gone:
            if gone.recorded is not None:  # people end a message by hanging up
                self._keep(walk, gone.recorded)
            raise
        walk.idle, walk.ahead = 0, ""
        self._keep(walk, made)
        if self.review is None:
            return Leave("done", self.next)
        keys: list[str] = []
        for _ in range(REVIEWS):
            own = Sound("", str(made.path.with_suffix("")))
            heard = await self.reviewing.hear(walk, [*await walk.sounds(self.review), own], self.ears)
            keys.append(heard.keys or SILENCE)
            if heard.keys == WRONG:
                return Leave(AGAIN, self.name, " ".join(keys))
            if heard.keys == RIGHT:
                break
        return Leave("done", self.next, " ".join(keys))

    def _keep(self, walk: Walk, made: Recorded) -> None:
        now = walk.now()
        walk.tools.recorded(
            RecordingMade(
                call_id=walk.start.call_id,
                path=str(made.path),
                seconds=made.seconds,
                at=now,
                purpose=walk.state.path,
                consent=True,  # whoever speaks after being asked to has agreed
                expires=now + timedelta(days=walk.tools.recordings_kept_days),
            )
        )
        walk.keep(self.into, str(made.path))


@dataclass(frozen=True, slots=True)
class TransferStep:
    """Hand the caller to a person, and go on by how that went."""

    name: str
    target: str
    ring: float
    ways: dict[TransferEnd, str]
    kind: str = "transfer"

    async def walk(self, walk: Walk) -> Leave:
        """Ring; stay until the talk is over."""
        end = await walk.line.transfer(self.target, ring_seconds=self.ring)
        walk.idle, walk.ahead = 0, ""
        return Leave(end.value, self.ways[end])
