"""`python3 -m setup run` or `python3 -m setup test`; `front` bundles the pages' scripts alone."""

import os
import sys
from pathlib import Path

OLDEST = (3, 11)


def main(arguments: list[str]) -> int:
    """Do the set-up; the exit code says whether it went well."""
    if sys.version_info < OLDEST:
        sys.stderr.write(
            f"set-up stopped at: Python\n  why: this is {sys.version.split()[0]}; 3.11 or later is needed\n"
            "  what to do: install a newer Python, or name one: make PYTHON=/path/to/python3.11 …\n"
        )
        return 1
    from setup import account, environment, front, packages, switch  # noqa: PLC0415  (they need 3.11 to be read at all)
    from setup.places import cache_folder  # noqa: PLC0415
    from setup.step import Context, Step, run_steps  # noqa: PLC0415

    os.umask(0o022)  # what root makes here, the service's account must be able to read
    os.environ["LC_ALL"] = "C.UTF-8"
    context = Context(
        checkout=Path(__file__).resolve().parent.parent,
        cache=cache_folder(),
        tests=arguments == ["test"],
        root=os.geteuid() == 0,
    )
    steps = [
        Step("system packages", packages.install),
        Step("account", account.create),
        Step("Python environment", environment.build),
        Step("Asterisk", switch.unpack),
        Step("page scripts", front.build),
    ]
    return run_steps(steps[-1:] if arguments == ["front"] else steps, context)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
