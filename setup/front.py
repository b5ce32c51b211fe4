"""The pages' scripts: the packages of `web/front` from npm, by its lock, and one bundle for each feature."""

import hashlib
import os
import shutil
from pathlib import Path

from setup.places import held
from setup.step import Context, Progress, StepError, run_program

OLDEST_NODE = 18
_ADVICE = (
    "see above; npm uses its own settings (npm config list), so `npm view esbuild version` must work here."
    " The lock is checked by hashes: a mirror must carry the very same files"
)
_NO_NODE = (
    "as root: apt-get install nodejs npm; or put a Node.js of version 18 or later, with its npm, on the PATH"
)


def build(context: Context) -> str:
    """Bundle each `web/front/<feature>/main.js` into `web/static/built`. Raises `StepError`."""
    front, built = context.checkout / "web/front", context.checkout / "web/static/built"
    packages = _packages(context, front)
    wanted = _digest(front, packages)
    mark = built / ".made-from"
    if mark.is_file() and mark.read_text(encoding="ascii") == wanted:
        return "there"
    with held(context.cache, f"front-{hashlib.sha256(str(context.checkout).encode()).hexdigest()[:12]}"):
        _bundle(front, built, packages)
        mark.write_text(wanted, encoding="ascii")
    return "bundled"


def _bundle(front: Path, built: Path, packages: Path) -> None:
    fresh = built.with_name("built.new")
    shutil.rmtree(fresh, ignore_errors=True)
    mains = sorted(str(path.relative_to(front)) for path in front.glob("*/main.js"))
    programs = sorted(packages.glob("node_modules/@esbuild/*/bin/esbuild"))
    if not programs:
        raise StepError(f"there is no esbuild for this machine in {packages}", _ADVICE)
    programs[0].chmod(0o755)
    # the sources lie apart from the packages: NODE_PATH, which is read from the environment only, says where
    run_program(
        [
            "env", "-C", str(front), f"NODE_PATH={packages / 'node_modules'}", str(programs[0]), *mains,
            "--bundle", "--splitting", "--format=esm", "--target=es2022", "--minify", "--charset=utf8",
            "--outbase=.", "--entry-names=[dir]", "--chunk-names=chunk-[hash]", "--asset-names=[name]-[hash]",
            "--legal-comments=eof", "--log-level=warning", f"--outdir={fresh}",
        ],
        advice="mend what is named above in web/front, and again: python3 -m setup front",
    )  # fmt: skip
    built.mkdir(parents=True, exist_ok=True)
    made = {path.name for path in fresh.iterdir()}
    for path in fresh.iterdir():
        path.replace(built / path.name)
    for path in built.iterdir():  # what an earlier bundle left
        if path.name not in made:
            path.unlink()
    fresh.rmdir()


def _packages(context: Context, front: Path) -> Path:
    """The packages that the lock names, in the cache for all clones with the same lock."""
    shared = folder(context.cache, front)
    if (shared / "node_modules").is_dir():
        return shared
    with held(context.cache, shared.name):
        if not (shared / "node_modules").is_dir():
            _install(front, shared, context.cache / "set-up.log")
    return shared


def folder(cache: Path, front: Path) -> Path:
    """Where the packages of this lock lie."""
    lock = (front / "package-lock.json").read_bytes() + os.uname().machine.encode()
    return cache / f"front-{hashlib.sha256(lock).hexdigest()[:12]}"


def _install(front: Path, shared: Path, log: Path) -> None:
    npm = _npm()
    progress = Progress("page scripts")
    progress.doing("fetching what web/front/package-lock.json names")
    fresh = shared.with_name(shared.name + ".new")
    shutil.rmtree(fresh, ignore_errors=True)
    fresh.mkdir()
    for name in ("package.json", "package-lock.json"):
        shutil.copyfile(front / name, fresh / name)
    options = ["--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"]
    run_program([npm, "ci", "--prefix", str(fresh), *options], advice=_ADVICE, log=log)
    shutil.rmtree(shared, ignore_errors=True)
    fresh.rename(shared)
    progress.done("ready")


def _npm() -> str:
    node, npm = shutil.which("node") or shutil.which("nodejs"), shutil.which("npm")
    if node is None or npm is None:
        missing = " and ".join(name for name, found in (("node", node), ("npm", npm)) if found is None)
        raise StepError(
            f"there is no {missing}; the pages' scripts are fetched and bundled with it", _NO_NODE
        )
    version = run_program([node, "--version"], advice=_NO_NODE).strip().removeprefix("v")
    if int(version.partition(".")[0]) < OLDEST_NODE:
        raise StepError(f"this Node.js is {version}; {OLDEST_NODE} or later is needed", _NO_NODE)
    return npm


def _digest(front: Path, packages: Path) -> str:
    """Of everything that a bundle is made from."""
    seen = hashlib.sha256(packages.name.encode() + Path(__file__).read_bytes())
    for path in sorted(front.rglob("*")):
        if path.is_file() and "node_modules" not in path.parts:
            seen.update(f"{path.relative_to(front)}\0".encode() + path.read_bytes())
    return seen.hexdigest()
