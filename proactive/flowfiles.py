"""Where this room's flows lie."""

from pathlib import Path

FLOWS = Path(__file__).parent / "flows"
