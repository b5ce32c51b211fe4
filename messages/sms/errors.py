"""What can become of a text that was not taken."""

from values import CentralinoError


class TextProblemError(CentralinoError):
    """The text could not be sent."""

    error_id = "text-problem"

    def __init__(self, words: str = "", *, code: str = "") -> None:
        """`code`: the carrier's own."""
        super().__init__(words)
        self.code = code


class TextLaterError(TextProblemError):
    """The carrier is away or busy; it has not taken the text, so it may be tried again."""

    error_id = "text-later"


class TextRefusedError(TextProblemError):
    """The carrier will not take this text, now or later."""

    error_id = "text-refused"


class TextUnsureError(TextProblemError):
    """The connection broke off while the text was handed over: it may have been sent, or not."""

    error_id = "text-unsure"
