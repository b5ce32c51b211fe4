"""The account that services run under when root starts them."""

import pwd

from setup.step import Context, Progress, run_program

NAME = "centralino"
HOME = "/var/lib/centralino"


def create(context: Context) -> str:
    """Make the system account, when we are root and it is missing. It cannot log in."""
    if not context.root:
        return "not needed"
    try:
        pwd.getpwnam(NAME)
    except KeyError:
        progress = Progress("account")
        progress.doing(f"making {NAME}")
        run_program(
            ["/usr/sbin/useradd", "--system", "--user-group", "--no-create-home", "--home-dir", HOME,
             "--shell", "/usr/sbin/nologin", "--comment", "Centralino", NAME],
            advice=f"make a system account {NAME} yourself, or run as an ordinary user",
        )  # fmt: skip
        progress.done("made")
    return "there"
