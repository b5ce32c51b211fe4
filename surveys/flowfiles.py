"""Where the questionnaires lie, and the scripts of agents."""

from pathlib import Path

FLOWS = Path(__file__).parent / "flows"
SCRIPTS = Path(__file__).parent / "scripts"
