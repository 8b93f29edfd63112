"""Clients of other makers that are written for Node, and the Node they need: fetched with npm into the tests' folder.

``tests/clients`` says which (package.json) and what exactly they are (package-lock.json, with their hashes). No script
of a package is run. The folder is kept between runs, as other tools of the tests are.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import shutil
import subprocess
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, NamedTuple

HERE = Path(__file__).resolve().parent / "clients"
LISTED = ("package.json", "package-lock.json", ".npmrc")
NEEDED = 22  # the conformance suite asks for this Node or a newer one
PATIENCE = 300


def folder() -> Path:
    """Where they are: another folder whenever the lists change."""
    state = hashlib.sha256(b"".join((HERE / name).read_bytes() for name in LISTED)).hexdigest()[:12]
    return Path(tempfile.gettempdir()) / f"action-studio-npm-{os.getuid()}" / state


def node() -> Path | None:
    """A Node that is new enough: this machine's, or the fetched one. None when there is neither."""
    own = shutil.which("node")
    if own is not None and _version(own) >= NEEDED:
        return Path(own)
    fetched = [*folder().glob("node_modules/node-linux-*/bin/node")]
    return next((path for path in fetched if _version(path) >= NEEDED), None)


def missing() -> str:
    """Why the clients cannot run, "" when they can."""
    if not (folder() / "node_modules").is_dir():
        return "the Node clients of tests/clients are not here"
    return "" if node() else f"there is no Node {NEEDED} or newer"


def fetch() -> str:
    """Fetches them where they are not here yet. Returns why they cannot run, "" when they can."""
    if not missing():
        return ""
    npm = shutil.which("npm")
    if npm is None:
        return "npm is not installed (apt install npm)"
    home = folder()
    home.parent.mkdir(mode=0o700, exist_ok=True)
    shutil.rmtree(home, ignore_errors=True)
    with tempfile.TemporaryDirectory(dir=home.parent) as name:
        making = Path(name) / "made"  # under another name first, so that a run that is stopped leaves no half
        making.mkdir()
        for listed in LISTED:
            shutil.copy(HERE / listed, making)
        command = [npm, "ci", "--no-progress"]
        quiet: dict[str, Any] = {"stdin": subprocess.DEVNULL, "capture_output": True, "text": True}
        try:
            done = subprocess.run(command, cwd=making, timeout=PATIENCE, check=False, **quiet)
        except subprocess.TimeoutExpired:
            return f"npm did not fetch the clients of tests/clients within {PATIENCE} seconds"
        if done.returncode:
            return f"npm could not fetch the clients of tests/clients: {done.stderr.strip()[-300:]}"
        making.rename(home)
    return missing()


class Running(NamedTuple):
    """A program that runs: its process, and the file of what it says of its failures."""

    child: subprocess.Popen[str]
    errors: Path

    def told(self) -> str:
        return self.errors.read_text(errors="replace")[-3000:]


@contextlib.contextmanager
def running(*command: str) -> Iterator[Running]:
    """A program of Node's with its standard input and output, ended with the block. A script of tests/clients is named
    by its file; anything else is a path in node_modules."""
    found = node()
    if found is None:
        raise RuntimeError(missing())
    home = folder()
    with tempfile.TemporaryDirectory(dir=home, ignore_cleanup_errors=True) as name:
        place = Path(name)
        for script in HERE.glob("*.mjs"):
            shutil.copy(script, place)  # Node looks for packages in the folders above the script
        program = place / command[0] if (place / command[0]).exists() else home / "node_modules" / command[0]
        whole = [found, "--import", (place / "hosts.mjs").as_uri(), program, *command[1:]]
        errors = place / "errors.log"
        with errors.open("w") as said:
            pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "stderr": said}
            child = subprocess.Popen([str(part) for part in whole], cwd=place, text=True, **pipes)
        try:
            yield Running(child, errors)
        finally:
            child.kill()
            child.communicate()


def signing_in(script: str, go: Callable[[str], str] | None, **facts: Any) -> dict[str, Any]:
    """Runs a client of tests/clients with these facts. Whenever it names a URL to open, ``go(url)`` gives the callback
    it gets back. Returns what it found out; raises AssertionError with its words when it fails."""
    with running(script) as run:
        child = run.child
        assert child.stdin and child.stdout
        said: dict[str, Any] = {"give": facts}
        while "found" not in said:
            given = facts if "give" in said else go(said["open"]) if go else ""
            with contextlib.suppress(BrokenPipeError):
                print(json.dumps(given), file=child.stdin, flush=True)
            line = child.stdout.readline()
            if not line:
                child.wait(10)
                raise AssertionError(f"{script} failed:\n{run.told()}")
            said = json.loads(line)
        return said["found"]


def _version(program: str | Path) -> int:
    with contextlib.suppress(OSError, ValueError):
        said = subprocess.run([program, "--version"], capture_output=True, text=True, timeout=20, check=False).stdout
        return int(said.strip().lstrip("v").partition(".")[0])
    return 0
