"""make test and make lint: prepares what the suite needs, runs its parts one after another, and sums them up."""

import contextlib
import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from tests import npm, postgres, real  # noqa: E402

CI = os.environ.get("CI", "").lower() in ("1", "true", "yes")
DEBIAN = {
    "chromium": "chromium",
    "PostgreSQL": "postgresql",
    "Redis": "redis-server",
    "gettext": "gettext",
    "npm": "npm",  # fetches the real documents of tests/corpus, and the OAuth clients of tests/clients
}
PROGRAMS = {"Redis": "redis-server", "gettext": "msgfmt", "npm": "npm"}
CORES = str(min(4, os.cpu_count() or 1, 2))
PYTEST = [sys.executable, "-m", "pytest", "-ra", "--durations=25", "--durations-min=4"]
OUTER = ["tests/stories", "tests/browser"]
# What has no database, or asks one alone (ASK_ONE_DATABASE in tests/conftest.py), need not even be collected for
# PostgreSQL.
ONE = ["core", "runtime", *(f"apps/{app}" for app in ("design", "library", "gpt", "signin", "web", "oauth/address"))]
# Once is enough for what asks no database (pytest-django lets no other test touch one), or always asks it the same.
STORED = ["-m", "django_db and not one_database"]
SPREAD = ["-n", CORES, "--dist", "loadfile", "--no-loadscope-reorder"]  # and see tests/browser/conftest.py


def found(tool: str) -> bool:
    """Whether this machine has the tool already."""
    if tool == "PostgreSQL":
        return postgres.binaries() is not None
    if tool in PROGRAMS:
        return shutil.which(PROGRAMS[tool]) is not None
    return any(shutil.which(name) for name in ("chromium", "chromium-browser", "google-chrome"))


def install() -> list[str]:
    """Installs the missing tools where that needs no question (Debian, as root). Returns what is still missing."""
    missing = [tool for tool in DEBIAN if not found(tool)]
    if missing and not os.geteuid() and shutil.which("apt-get"):
        packages = [DEBIAN[tool] for tool in missing]
        print(f"» Installing {', '.join(packages)} from Debian", flush=True)
        quiet = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
        for command in (["update", "-qq"], ["install", "-y", "-qq", "--no-install-recommends", *packages]):
            subprocess.run(["apt-get", *command], env=quiet, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL)
    return [tool for tool in missing if not found(tool)]


def _worked() -> float:
    """Seconds of CPU of all that was started here and has ended."""
    times = os.times()
    return times.children_user + times.children_system


def _took(start: float, worked: float) -> str:
    return f"{time.monotonic() - start:.0f} s, {_worked() - worked:.0f} s of CPU"


class Sum:
    """What each part came to, for the last lines of the run."""

    def __init__(self) -> None:
        self.lines: list[str] = []
        self.failed = False

    def run(self, name: str, command: list[str], **environment: str) -> None:
        print(f"\n» {name}", flush=True)
        start, worked = time.monotonic(), _worked()
        env = {**os.environ, **environment}
        with subprocess.Popen(command, cwd=ROOT, env=env, stdout=subprocess.PIPE, text=True, errors="replace") as child:
            assert child.stdout
            last = ""
            for line in child.stdout:
                sys.stdout.write(line)
                sys.stdout.flush()
                last = line.strip() or last
        good = child.returncode == 0
        self.failed |= not good
        self.note("passed" if good else "FAILED", f"{name} ({_took(start, worked)}): {last}")

    def skip(self, name: str, why: str) -> None:
        self.failed |= CI
        self.note("FAILED" if CI else "skipped", f"{name}: {why}")

    def note(self, word: str, text: str) -> None:
        self.lines.append(f"{word:8} {text}")

    def close(self) -> None:
        print("\n" + "\n".join(self.lines), flush=True)
        sys.exit(1 if self.failed else 0)


def test(*arguments: str) -> None:
    """The whole suite; with arguments, pytest with those arguments alone."""
    os.environ.pop("PYTHONDONTWRITEBYTECODE", None)  # hundreds of processes are started: each would compile all again
    if arguments:
        sys.exit(subprocess.run([*PYTEST, *arguments], cwd=ROOT).returncode)
    total = Sum()
    missing = install()
    if lacking := real.fetch():
        total.skip("stories with real upstreams", f"{', '.join(lacking)} is not here (apt install pdns-server caddy)")
    if lacking := npm.fetch():
        total.skip("stories with OAuth clients for Node", lacking)
    inner = [f"--ignore={folder}" for folder in OUTER]
    total.run("unit tests, SQLite", [*PYTEST, "-n", CORES, *inner, "tests"])
    # Each file has a server, a port and a data folder of its own
    alone = ["-n", CORES, "--dist", "loadfile", "-m", "not postgresql_alone"]
    total.run("stories, SQLite, one process", [*PYTEST, *alone, "tests/stories"])
    if "PostgreSQL" in missing:
        total.skip("the suite on PostgreSQL", "PostgreSQL is not installed (apt install postgresql)")
    else:
        with postgres.cluster() as url, shared_cache(missing, total) as cache:
            stored = [*inner, *(f"--ignore=tests/{folder}" for folder in ONE)]
            total.run("unit tests, PostgreSQL", [*PYTEST, "-n", CORES, *STORED, *stored, "tests"], DATABASE_URL=url)
            more = {"DATABASE_URL": url, "STUDIO_WORKERS": "2", **cache}
            stories = [*PYTEST, "-n", CORES, "--dist", "loadfile", "-m", "not sqlite_alone", "tests/stories"]
            total.run("stories, PostgreSQL, two workers", stories, **more)
    if "chromium" in missing:
        total.skip("browser tests", "no Chromium (apt install chromium)")
    else:
        total.run("browser tests", [*PYTEST, *SPREAD, "tests/browser"])
    total.close()


@contextlib.contextmanager
def shared_cache(missing: list[str], total: Sum) -> Iterator[dict[str, str]]:
    """REDIS_URL of a throw-away Redis: what several workers share their rate limits through."""
    if "Redis" in missing:
        total.skip("Redis", "not installed (apt install redis-server); two workers ran without a shared cache")
        yield {}
    else:
        with postgres.redis() as url:
            yield {"REDIS_URL": url}


def lint(*_: str) -> None:
    """Style, types, templates."""
    total = Sum()
    module = [sys.executable, "-m"]
    total.run("ruff check", [*module, "ruff", "check", "."])
    total.run("ruff format", [*module, "ruff", "format", "--check", "."])
    total.run("mypy", [*module, "mypy", "actionstudio/core", "actionstudio/runtime"])
    total.run("layers and templates", [*PYTEST, "tests/test_layers.py", "tests/test_templates.py"])
    total.run("Django's checks", [sys.executable, "manage.py", "check"])
    total.close()


if __name__ == "__main__":
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))  # so that the throw-away servers are stopped too
    {"test": test, "lint": lint}[sys.argv[1]](*sys.argv[2:])
