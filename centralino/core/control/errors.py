"""Why a talk cannot be steered as asked. In each case it goes on as it was."""

from values import CentralinoError


class NotNowError(CentralinoError):
    """That cannot be done as the talk stands now."""

    error_id = "talk-not-now"


class NobodyTalksError(CentralinoError):
    """They talk to nobody."""

    error_id = "talk-nobody"


class NotFreeError(CentralinoError):
    """They are not free just now."""

    error_id = "talk-not-free"


class ForbiddenTargetError(CentralinoError):
    """Nobody may be put through there."""

    error_id = "talk-forbidden-target"
