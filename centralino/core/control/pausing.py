"""Recordings that hold silence for a while: card numbers, a secret, a word between two."""

from calls import Journal, Segment, SegmentKind
from centralino.core.control.errors import NotNowError
from centralino.core.control.live import LiveTalk
from centralino.core.control.ports import Switch
from values import Clock

LEG = "recording"
"""The leg whose segments are the gaps."""


class Pauses:
    """Pauses and resumes. Each gap is in the call's record, with who made it."""

    def __init__(self, switch: Switch, journal: Journal, clock: Clock) -> None:
        self._switch = switch
        self._journal = journal
        self._clock = clock

    async def pause(self, talk: LiveTalk) -> None:
        """From now on it holds silence. Raises `NotNowError` when nothing is recorded."""
        if not talk.recording:
            raise NotNowError("This talk is not recorded.")
        if talk.paused is None:
            now = self._clock.now()
            await self._switch.mute_recording(talk.call, muted=True)
            talk.paused = now

    async def resume(self, talk: LiveTalk) -> None:
        """It holds their voices again. Nothing happens when it was not paused."""
        if talk.paused is not None:
            await self._switch.mute_recording(talk.call, muted=False)  # first: it may fail
            self.note(talk)

    def note(self, talk: LiveTalk) -> None:
        """The gap is over, if there was one: it is written down."""
        began, talk.paused = talk.paused, None
        if began is not None:
            gap = Segment(talk.call, LEG, SegmentKind.PAUSE, began, self._clock.now(), talk.holder.agent)
            self._journal.segment(gap)
