"""Alarms: thresholds as data, which of them are crossed, who has seen it.

`Watching` compares figures with thresholds; the wiring hands it the floor's figures each second and writes
down what it says. An alarm that begins is told as the event `RAISED`.
"""

from dialer.alarms.rules import FIGURES, HOUSE_RULES, RULE_SETTINGS, Figure, Threshold, read_rule
from dialer.alarms.service import (
    RAISED,
    UnknownAlarmError,
    acknowledge,
    alarm_rules,
    alarm_told,
    drop_rule,
    latest_alarms,
    note_turns,
    open_alarms,
    put_rule,
    rule_told,
    seed_rules,
    threshold_of,
)
from dialer.alarms.watching import Raised, Turns, Watching

__all__ = [
    "FIGURES",
    "HOUSE_RULES",
    "RAISED",
    "RULE_SETTINGS",
    "Figure",
    "Raised",
    "Threshold",
    "Turns",
    "UnknownAlarmError",
    "Watching",
    "acknowledge",
    "alarm_rules",
    "alarm_told",
    "drop_rule",
    "latest_alarms",
    "note_turns",
    "open_alarms",
    "put_rule",
    "read_rule",
    "rule_told",
    "seed_rules",
    "threshold_of",
]
