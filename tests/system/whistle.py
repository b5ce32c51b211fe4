"""A speech engine of tones for whole telcos in tests: `whistle.py TEXT_FILE WAV` (see `ivr.speech.testing`).

It is started for each piece of speech, so it loads that one module and not the rooms around it.
"""

import importlib.util
import sys
from pathlib import Path

VOICE = Path(__file__).parents[2] / "ivr" / "speech" / "testing.py"


def main() -> None:
    """Write the tone that stands for the text."""
    spec = importlib.util.spec_from_file_location("tones", VOICE)
    assert spec is not None
    assert spec.loader is not None
    tones = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(tones)
    words = Path(sys.argv[1]).read_text(encoding="utf-8")
    tones.write_tone(Path(sys.argv[2]), tones.tone_of(words), 0.4)


if __name__ == "__main__":
    main()
