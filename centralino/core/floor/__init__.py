"""The floor as operations see it: one snapshot a second on Redis, minutes kept for charts, alarms.

`FloorBoard` reads the dial loop, the desk, the law's counts and the queues' word, and publishes them on
`centralino:floor` and under the key of that name.
"""

from centralino.core.floor.board import CHANNEL, KEY, FloorBoard
from centralino.core.floor.minutes import MINUTES

__all__ = ["CHANNEL", "KEY", "MINUTES", "FloorBoard"]
