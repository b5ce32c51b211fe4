"""Asterisk: the PATH's when it is new enough, else Debian's, unpacked into the cache from apt's mirror."""

import os
import re
import shutil
import subprocess
from pathlib import Path

from setup.places import held
from setup.step import Context, Progress, StepError, run_program

OLDEST = 20
FOLDER = "asterisk"
VERSION_FILE = "centralino-version"
_PACKAGES = (
    "asterisk",
    "asterisk-modules",
    "asterisk-core-sounds-en",
    "asterisk-core-sounds-it",
    "asterisk-core-sounds-ru",
)
_ADVICE = (
    "see above; apt's own mirror and proxy are used, so `apt-get update` must work first. Or install an"
    f" Asterisk of version {OLDEST} or later on the PATH, and that one is used"
)


def unpack(context: Context) -> str:
    """See to it that there is an Asterisk. Raises `StepError`."""
    if (version := _on_path()) is not None:
        return f"{version} from the PATH"
    target = context.cache / FOLDER
    if (target / VERSION_FILE).is_file():
        return f"{(target / VERSION_FILE).read_text().strip()} from the cache"
    with held(context.cache, FOLDER):
        if (target / VERSION_FILE).is_file():  # somebody else made it while we waited
            return "from the cache"
        return _unpack(context, target)


def _unpack(context: Context, target: Path) -> str:
    progress = Progress("Asterisk")
    mirror = _mirror()
    fresh = context.cache / f"{FOLDER}.new"
    log = context.cache / "set-up.log"
    progress.doing("unpacking Debian's package, half a minute")
    options = [f"--aptopt={line}" for line in _proxies()]
    for strictness in ([], ['--aptopt=Acquire::Check-Valid-Until "false"']):
        shutil.rmtree(fresh, ignore_errors=True)
        command = [
            "mmdebstrap", "--variant=extract", "--mode=fakechroot", "--components=main", "--format=directory",
            f"--include={','.join(_PACKAGES)}", *options, *strictness, "sid", str(fresh), mirror,
        ]  # fmt: skip
        try:
            run_program(command, advice=_ADVICE, log=log)
            break
        except StepError as problem:
            if strictness or "expired" not in problem.why:
                raise
            progress.doing(
                "the mirror's list is out of date; taking it all the same, signatures are checked as ever"
            )
    version = _version(_started(fresh))
    if version is None:
        raise StepError(f"the Asterisk unpacked in {fresh} does not start", f"look into {log}; {_ADVICE}")
    (fresh / VERSION_FILE).write_text(version + "\n", encoding="ascii")
    fresh.chmod(0o755)
    shutil.rmtree(target, ignore_errors=True)
    fresh.rename(target)
    progress.done(version)
    return version


def _mirror() -> str:
    """Debian's own archive as this machine's apt knows it."""
    columns = "|".join(f"$({name})" for name in ("REPO_URI", "RELEASE", "COMPONENT", "ORIGIN", "CREATED_BY"))
    listing = run_program(["apt-get", "indextargets", "--format", columns], advice=_ADVICE)
    rows = [line.split("|") for line in listing.splitlines() if line.endswith("|Packages")]
    main = [
        (uri.rstrip("/"), origin)
        for uri, release, component, origin, _ in rows
        if component == "main" and not release.endswith(("-updates", "-security", "-backports"))
    ]
    # Until apt has fetched its lists it does not know whose a mirror is; Debian's is called so by custom.
    for uri, origin in main:
        if origin == "Debian" or (not origin and uri.endswith("/debian")):
            return uri
    raise StepError("apt names no Debian mirror", f"put Debian's archive into apt's sources; {_ADVICE}")


def _proxies() -> list[str]:
    """Apt's own proxy settings; mmdebstrap's apt starts without any."""
    dump = run_program(["apt-config", "dump"], advice=_ADVICE)
    return re.findall(r"^(Acquire::(?:http|https)::[Pp]roxy \"[^\"]+\");$", dump, re.MULTILINE)


def _started(root: Path) -> list[str]:
    for library in sorted(root.glob("usr/lib/*-linux-gnu*")):
        for loader in sorted(library.glob("ld*.so.*")):
            return [str(loader), "--library-path", str(library), str(root / "usr/sbin/asterisk")]
    return [str(root / "usr/sbin/asterisk")]


def _on_path() -> str | None:
    path = f"{os.environ.get('PATH', '')}:/usr/sbin:/usr/local/sbin"
    found = shutil.which("asterisk", path=path)
    version = _version([found]) if found else None
    return version if version is not None and int(version.partition(".")[0]) >= OLDEST else None


def _version(command: list[str]) -> str | None:
    try:
        said = subprocess.run([*command, "-V"], capture_output=True, text=True, timeout=30, check=True).stdout
    except (OSError, subprocess.SubprocessError):
        return None
    match = re.search(r"(\d+(?:\.\d+)+)", said)
    return match.group(1) if match else None
