"""The commands around the product: finding a Python, installing only when the lock changed, summing up a run."""

import hashlib
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tools import bootstrap, check

ROOT = Path(__file__).resolve().parent.parent


@pytest.mark.skipif(
    Path("/usr/local/bin/python3").exists() or Path("/opt/homebrew/bin/python3").exists(), reason="there is another one"
)
def test_a_python_that_is_too_old_is_named_with_the_cure(tmp_path):
    old = tmp_path / "python3"
    old.write_text('#!/bin/sh\n[ "$1" = --version ] && echo "Python 3.9.1" && exit 0\nexit 1\n')
    old.chmod(0o755)
    (tmp_path / "cat").symlink_to(shutil.which("cat"))
    bare = {"PATH": str(tmp_path), "HOME": str(tmp_path)}
    done = subprocess.run(["/bin/sh", ROOT / "tools/python.sh", "-c", "pass"], env=bare, capture_output=True, text=True)
    assert done.returncode == 1
    assert "needs Python 3.12 or newer" in done.stderr
    assert "Python 3.9.1" in done.stderr


def test_a_lock_that_was_installed_is_not_installed_again(tmp_path, monkeypatch):
    lock = tmp_path / "run.txt"
    lock.write_text("nothing==1.0\n")
    monkeypatch.setattr(bootstrap, "VENV", tmp_path)
    monkeypatch.setattr(bootstrap.subprocess, "run", lambda *a, **k: pytest.fail("pip was started"))
    (tmp_path / ".installed-run.txt").write_text(hashlib.sha256(lock.read_bytes()).hexdigest())
    bootstrap.install(lock)


def test_pip_tells_what_stopped_it_and_nothing_of_the_settings_of_a_machine(tmp_path, monkeypatch, capfd):
    monkeypatch.setattr(bootstrap, "VENV", tmp_path)
    monkeypatch.setattr(bootstrap, "PYTHON", sys.executable)
    monkeypatch.setenv("PIP_NO_INDEX", "1")
    monkeypatch.setenv("PIP_FIND_LINKS", f"file://{tmp_path}/gone")
    lock = tmp_path / "run.txt"
    lock.write_text(f"no-such-package==1 --hash=sha256:{'0' * 64}\n")
    with pytest.raises(SystemExit, match="could not be installed"):
        bootstrap.install(lock)
    said = capfd.readouterr().err
    assert "No matching distribution found for no-such-package==1" in said and "is ignored" not in said


def test_what_is_tested_is_what_is_served():
    def pins(name: str) -> set[str]:
        return set(re.findall(r"^\S+==\S+", (ROOT / "requirements" / name).read_text(), re.M))

    assert pins("run.txt") - pins("dev.txt") == set()


@pytest.mark.parametrize(("ci", "word"), [(True, "FAILED"), (False, "skipped")])
def test_a_missing_tool_fails_in_ci_and_is_a_visible_skip_elsewhere(monkeypatch, ci, word):
    monkeypatch.setattr(check, "CI", ci)
    total = check.Sum()
    total.skip("browser tests", "no Chromium")
    assert total.failed is ci
    assert total.lines[0].startswith(word)


def test_every_command_of_the_makefile_is_known():
    makefile = (ROOT / "Makefile").read_text()
    assert all(f"bootstrap.py {name}" in makefile for name in bootstrap.COMMANDS)
    scripts = [step[0] for _lock, steps in bootstrap.COMMANDS.values() for step in steps]
    assert all((ROOT / script).exists() for script in scripts)
