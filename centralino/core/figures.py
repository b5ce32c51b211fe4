"""The core's figures for Prometheus."""

from collections.abc import Callable, Iterator, Sequence

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, generate_latest
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.registry import Collector

from agi import Server
from ami import Gateway
from calls import CallEnd, CallStart, Journal
from dialer.trunks import BreakerState, TrunkState

_ROUND_TRIPS = (0.0005, 0.001, 0.002, 0.005, 0.01, 0.025, 0.05, 0.1, 0.5)


class Figures:
    """Counts calls as they end, and reads the rest when asked."""

    def __init__(self) -> None:
        self._registry = CollectorRegistry()
        self._ended = Counter(
            "centralino_calls_ended",
            "Calls whose record was closed.",
            ("direction", "flow", "outcome"),
            registry=self._registry,
        )
        self._cause = Counter(
            "centralino_hangup_causes", "Q.850 causes of ended calls.", ("cause",), registry=self._registry
        )
        self._round_trip = Histogram(
            "centralino_agi_round_trip_seconds",
            "FastAGI commands that wait for nobody.",
            buckets=_ROUND_TRIPS,
            registry=self._registry,
        )

    def ended(self, start: CallStart, end: CallEnd) -> None:
        """A call's record was closed."""
        self._ended.labels(start.direction.value, start.flow, end.outcome or "hangup").inc()
        self._cause.labels(str(end.cause)).inc()

    def round_trip(self, _verb: str, seconds: float) -> None:
        """An AGI command was answered (`agi.limits.Observer`)."""
        self._round_trip.observe(seconds)

    def watch(self, server: Server, gateway: Gateway, journal: Journal, live: Callable[[], int]) -> None:
        """Read these parts whenever the figures are asked for."""
        self._gauge("centralino_calls_live", "Calls that are up.", live)
        self._gauge("centralino_agi_sessions", "FastAGI sessions open.", lambda: server.counters.now)
        self._gauge("centralino_agi_failed", "Sessions that failed.", lambda: server.counters.failed)
        self._gauge(
            "centralino_agi_refused",
            "FastAGI connections turned away.",
            lambda: sum(server.counters.refused.values()),
        )
        self._gauge(
            "centralino_ami_connected", "Whether the manager is connected.", lambda: int(gateway.connected)
        )
        self._gauge("centralino_journal_waiting", "Records not yet in the database.", lambda: journal.waiting)
        self._gauge(
            "centralino_journal_away", "Whether the database refuses records.", lambda: int(journal.away)
        )

    def watch_trunks(self, states: Callable[[], Sequence[TrunkState]]) -> None:
        """Read how the trunks stand whenever the figures are asked for."""
        self._registry.register(_TrunkFigures(states))

    def text(self) -> str:
        """All figures in Prometheus' text form."""
        return generate_latest(self._registry).decode()

    def _gauge(self, name: str, words: str, read: Callable[[], float]) -> None:
        Gauge(name, words, registry=self._registry).set_function(read)


class _TrunkFigures(Collector):
    """Lines in use by trunk, and whether it is left alone because it refused too many calls in a row."""

    def __init__(self, states: Callable[[], Sequence[TrunkState]]) -> None:
        self._states = states

    def collect(self) -> Iterator[GaugeMetricFamily]:
        """As of now."""
        used = GaugeMetricFamily("centralino_trunk_lines_used", "Lines in use.", labels=["trunk"])
        rests = GaugeMetricFamily(
            "centralino_trunk_resting", "1 while nothing starts on it: it refused too many.", labels=["trunk"]
        )
        for each in self._states():
            used.add_metric([each.name], each.used)
            rests.add_metric([each.name], int(each.state is BreakerState.RESTING))
        yield used
        yield rests
