"""Makes .venv, installs the locked dependencies when the lock has changed, and starts what was asked for.

Runs under any Python >= 3.12 with nothing installed (tools/python.sh finds one); standard library only.
"""

import hashlib
import os
import shutil
import subprocess
import sys
import venv
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
VENV = ROOT / ".venv"
PYTHON = VENV / ("Scripts/python.exe" if os.name == "nt" else "bin/python")
COMMANDS = {
    "run": ("run.txt", [["manage.py", "studio_prepare"], ["manage.py", "studio_serve"]]),
    "test": ("dev.txt", [["tools/check.py", "test"]]),
    "lint": ("dev.txt", [["tools/check.py", "lint"]]),
    "bench": ("dev.txt", [["bench/run.py"]]),
    "corpus": ("dev.txt", [["tests/corpus/run.py"]]),
    "messages": (
        "dev.txt",
        [
            ["manage.py", "makemessages", "--all", "--no-obsolete"],
            ["manage.py", "compilemessages", "--ignore", ".venv"],
        ],
    ),
}


def main(command: str, *arguments: str) -> None:
    """Prepares the environment of ``command``, then becomes its last step."""
    lock, steps = COMMANDS[command]
    make_environment()
    install(ROOT / "requirements" / lock)
    os.chdir(ROOT)
    for step in steps[:-1]:
        finished = subprocess.run([PYTHON, *step])
        if finished.returncode:
            sys.exit(finished.returncode)
    os.execv(PYTHON, [str(PYTHON), *steps[-1], *arguments])


def make_environment() -> None:
    """A virtual environment in .venv, made anew when its Python is gone or too old."""
    check = "import sys; sys.exit(sys.version_info < (3, 12))"
    if PYTHON.exists() and subprocess.run([PYTHON, "-c", check], capture_output=True).returncode == 0:
        return
    try:
        import ensurepip
    except ImportError:
        sys.exit("This Python has no ensurepip, so no environment can be made: sudo apt install python3-venv")
    say(f"Making .venv with Python {sys.version.split()[0]}")
    shutil.rmtree(VENV, ignore_errors=True)
    venv.create(VENV, with_pip=True)


def install(lock: Path) -> None:
    """Installs ``lock`` unless this very lock was the last one installed from its name."""
    stamp = VENV / f".installed-{lock.name}"
    wanted = hashlib.sha256(lock.read_bytes()).hexdigest()
    if stamp.exists() and stamp.read_text() == wanted:
        return
    say(f"Installing the locked dependencies of {lock.name} (only when it changes)")
    errors_alone = "-qq"  # not what pip thinks of the settings that a machine has for it
    pip = [PYTHON, "-m", "pip", "install", errors_alone, "--disable-pip-version-check", "--no-input"]
    finished = subprocess.run([*pip, "--require-hashes", "-r", lock], stdin=subprocess.DEVNULL)
    if finished.returncode:
        sys.exit("The dependencies could not be installed; what stopped pip stands above. Nothing was started.")
    stamp.write_text(wanted)


def say(text: str) -> None:
    print(f"» {text}", flush=True)


if __name__ == "__main__":
    if len(sys.argv) < 2 or sys.argv[1] not in COMMANDS:
        sys.exit(f"usage: bootstrap.py {' | '.join(COMMANDS)}")
    main(*sys.argv[1:])
