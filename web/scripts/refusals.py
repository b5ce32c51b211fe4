"""What the scripts' pages refuse."""

from values import CentralinoError


class ChangedMeanwhileError(CentralinoError):
    """Somebody else has saved this script meanwhile; copy what you need and reload the page."""

    error_id = "script-changed"
