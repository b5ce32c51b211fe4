"""What other systems do, as pacers, to be measured beside ours.

Rebuilt from the formulas that `anchors.md` took from documentation and from reading; none of their code is
here. Where a system knows something that `PacingState` does not say, its module tells what stands for it.
"""

from dialer.simulator.baselines.genesys import GenesysPacer
from dialer.simulator.baselines.impact import ImpactPacer
from dialer.simulator.baselines.issabel import IssabelPacer
from dialer.simulator.baselines.plain import FixedRatioPacer, ProgressivePacer
from dialer.simulator.baselines.vicidial import VicidialMethod, VicidialPacer

__all__ = [
    "FixedRatioPacer",
    "GenesysPacer",
    "ImpactPacer",
    "IssabelPacer",
    "ProgressivePacer",
    "VicidialMethod",
    "VicidialPacer",
]
