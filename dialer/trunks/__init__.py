"""How much the way to the network bears: lines at once and calls a second, by trunk, and when one rests."""

from dialer.trunks.breaker import MOST_REST_SECONDS, Breaker, BreakerState, numbers_own
from dialer.trunks.bucket import Bucket
from dialer.trunks.capacity import Trunk, Trunks, TrunkState

__all__ = [
    "MOST_REST_SECONDS",
    "Breaker",
    "BreakerState",
    "Bucket",
    "Trunk",
    "TrunkState",
    "Trunks",
    "numbers_own",
]
