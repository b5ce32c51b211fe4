"""Writing migrations from the models.

python -m centralino.migrations.revision first             the first one anew (before the first release)
python -m centralino.migrations.revision next "what for"   what changed since the last one
"""

import asyncio
import subprocess
import sys
import tempfile
from pathlib import Path

from alembic import command

from centralino.migrate import FOLDER, config, migrate
from centralino.migrations.models import metadata
from store import changing_tables

VERSIONS = FOLDER / "versions"


async def write(message: str, number: int) -> Path:
    """Write the difference between the migrations so far and the models as revision `number`."""
    with tempfile.TemporaryDirectory() as folder:
        url = f"sqlite:///{folder}/models.db"
        await migrate(url)
        async with changing_tables(url) as connection:
            await connection.run_sync(
                lambda bound: command.revision(
                    config(bound, metadata()), message, autogenerate=True, rev_id=f"{number:04d}"
                )
            )
    made = next(VERSIONS.glob(f"{number:04d}_*.py"))
    kept = [line for line in made.read_text().splitlines() if not line.lstrip().startswith("# ###")]
    made.write_text("\n".join(kept) + "\n")
    subprocess.run([sys.executable, "-m", "ruff", "format", "--quiet", str(made)], check=False)  # noqa: S603, ASYNC221  (our own words; nothing else runs)
    return made


def _numbered() -> list[Path]:
    return sorted(VERSIONS.glob("[0-9][0-9][0-9][0-9]_*.py"))


def main(arguments: list[str]) -> str:
    """Do what the command line says; the words for it."""
    match arguments:
        case ["first"]:
            for old in _numbered():
                old.unlink()
            return f"wrote {asyncio.run(write('The tables of every room', 1))}"
        case ["next", message] if message:
            return f"wrote {asyncio.run(write(message, len(_numbered()) + 1))}"
        case _:
            return __doc__ or ""


if __name__ == "__main__":
    sys.stdout.write(main(sys.argv[1:]) + "\n")
