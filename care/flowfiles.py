"""Where this room's flows lie, and the scripts of its agents."""

from pathlib import Path

FLOWS = Path(__file__).parent / "flows"
SCRIPTS = Path(__file__).parent / "scripts"
