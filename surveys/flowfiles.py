"""Where the questionnaires lie."""

from pathlib import Path

FLOWS = Path(__file__).parent / "flows"
