"""What can go wrong between us and Asterisk on an AGI connection."""

from values import CentralinoError


class AgiError(CentralinoError):
    """The AGI connection did not do what it was asked."""

    error_id = "agi"


class CommandError(AgiError):
    """Asterisk refused an AGI command."""

    error_id = "agi-command"

    def __init__(self, verb: str, code: int, said: str) -> None:
        """Take the command's verb (never its values, they may be private), Asterisk's code and its words."""
        super().__init__(f"{verb}: {code} {said}".rstrip())
        self.verb = verb
        self.code = code


class RecordingError(AgiError):
    """The recording could not be written."""

    error_id = "agi-recording"


class GarbageError(AgiError):
    """The peer does not speak AGI."""

    error_id = "agi-garbage"
