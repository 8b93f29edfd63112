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
from collections.abc import Iterator
from pathlib import Path
from typing import Any

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
        done = subprocess.run(
            [npm, "ci", "--no-progress"], cwd=making, capture_output=True, text=True, timeout=PATIENCE, check=False
        )
        if done.returncode:
            return f"npm could not fetch the clients of tests/clients: {done.stderr.strip()[-300:]}"
        making.rename(home)
    return missing()


@contextlib.contextmanager
def running(*command: str) -> Iterator[subprocess.Popen[str]]:
    """A program of Node's with its standard input and output, ended with the block. A script of tests/clients is named
    by its file; anything else is a path in node_modules."""
    found = node()
    if found is None:
        raise RuntimeError(missing())
    home = folder()
    for script in HERE.glob("*.mjs"):
        shutil.copy(script, home)  # Node looks for packages beside the script
    program = home / command[0] if (HERE / command[0]).exists() else home / "node_modules" / command[0]
    whole = [found, "--import", (home / "hosts.mjs").as_uri(), program, *command[1:]]
    with (home / "stderr.log").open("w+") as said:
        pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "stderr": said}
        child = subprocess.Popen([str(part) for part in whole], cwd=home, text=True, **pipes)
        try:
            yield child
        finally:
            child.kill()
            child.communicate()


def signing_in(script: str, go, **facts: Any) -> dict[str, Any]:
    """Runs a client of tests/clients with these facts. Whenever it names a URL to open, ``go(url)`` gives the callback
    it gets back. Returns what it found out; raises AssertionError with its words when it fails."""
    with running(script) as child:
        assert child.stdin and child.stdout
        child.stdin.write(json.dumps(facts) + "\n")
        child.stdin.flush()
        for line in child.stdout:
            said = json.loads(line)
            if "open" in said:
                child.stdin.write(json.dumps(go(said["open"])) + "\n")
                child.stdin.flush()
            else:
                return said["found"]
        child.wait(10)
    raise AssertionError(f"{script} failed:\n{(folder() / 'stderr.log').read_text()[-3000:]}")


def _version(program: str | Path) -> int:
    with contextlib.suppress(OSError, ValueError):
        said = subprocess.run([program, "--version"], capture_output=True, text=True, timeout=20, check=False).stdout
        return int(said.strip().lstrip("v").partition(".")[0])
    return 0
