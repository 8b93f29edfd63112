"""Throw-away servers for the tests: a PostgreSQL cluster and a Redis, on unix sockets in a folder of their own."""

import contextlib
import os
import pwd
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path


def binaries() -> Path | None:
    """The folder of PostgreSQL's programs (Debian keeps initdb off the path), the newest version first."""
    versions = Path("/usr/lib/postgresql").glob("*/bin/initdb")
    newest = sorted(versions, key=lambda path: float(path.parent.parent.name))
    if newest:
        return newest[-1].parent
    on_path = shutil.which("initdb")
    return Path(on_path).resolve().parent if on_path else None


@contextlib.contextmanager
def cluster() -> Iterator[str]:
    """A new cluster with an empty database, as DATABASE_URL. Gone afterwards. Loses nothing it need not: no fsync."""
    programs = binaries()
    if programs is None:
        raise RuntimeError("PostgreSQL is not installed")
    account = _account()
    with _folder("studio-pg-", account) as folder:
        data = folder / "data"
        _run([programs / "initdb", "-D", data, "-U", "studio", "-A", "trust", "-E", "UTF8", "--no-sync"], account)
        options = {"listen_addresses": "", "fsync": "off", "full_page_writes": "off", "max_connections": "200"}
        settings = [part for name, value in options.items() for part in ("-c", f"{name}={value}")]
        with _server([programs / "postgres", "-D", data, "-k", folder, *settings], account, signal.SIGINT, folder):
            _until(lambda: _works([programs / "pg_isready", "-q", "-h", folder, "-U", "studio", "-d", "postgres"]))
            _run([programs / "createdb", "-h", folder, "-U", "studio", "studio"], account)
            yield f"postgresql://studio@/studio?host={folder}"


@contextlib.contextmanager
def redis() -> Iterator[str]:
    """A new Redis that keeps nothing, as REDIS_URL."""
    program = shutil.which("redis-server")
    if program is None:
        raise RuntimeError("Redis is not installed")
    with _folder("studio-redis-", None) as folder:
        socket = folder / "redis.sock"
        command = [program, "--port", "0", "--unixsocket", socket, "--save", "", "--dir", folder]
        with _server(command, None, signal.SIGTERM, folder):
            _until(socket.exists)
            yield f"unix://{socket}"


def shared_cache() -> dict[str, str]:
    """The REDIS_URL of a studio, when there is one. Each of xdist's workers has a database of its own in it: the rows
    of two studios have the same numbers, so their counters would have the same names."""
    url, worker = os.environ.get("REDIS_URL", ""), os.environ.get("PYTEST_XDIST_WORKER", "gw0")
    return {"REDIS_URL": f"{url}?db={worker.removeprefix('gw')}"} if url else {}


def _account() -> str | None:
    """PostgreSQL refuses to run as root: the account to run it as, or None for our own."""
    if os.geteuid():
        return None
    names = {entry.pw_name for entry in pwd.getpwall()}
    return "postgres" if "postgres" in names else "nobody"


@contextlib.contextmanager
def _folder(prefix: str, account: str | None) -> Iterator[Path]:
    with tempfile.TemporaryDirectory(prefix=prefix, ignore_cleanup_errors=True) as name:
        folder = Path(name)
        if account:
            entry = pwd.getpwnam(account)
            os.chown(folder, entry.pw_uid, entry.pw_gid)
        folder.chmod(0o755)  # our own account connects to the socket inside
        yield folder


def _as(account: str | None) -> dict:
    if account is None:
        return {}
    return {"user": account, "group": pwd.getpwnam(account).pw_gid, "extra_groups": []}


def _run(command: list, account: str | None) -> None:
    done = subprocess.run(command, capture_output=True, text=True, cwd="/", **_as(account))
    if done.returncode:
        raise RuntimeError(f"{Path(command[0]).name} failed:\n{done.stdout}{done.stderr}")


def _works(command: list) -> bool:
    return subprocess.run(command, capture_output=True).returncode == 0


@contextlib.contextmanager
def _server(command: list, account: str | None, stop: signal.Signals, folder: Path) -> Iterator[None]:
    with (folder / "server.log").open("wb") as log:
        process = subprocess.Popen(command, stdout=log, stderr=log, cwd="/", **_as(account))
        try:
            yield
        finally:
            process.send_signal(stop)
            try:
                process.wait(20)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()


def _until(ready, seconds: float = 20) -> None:
    deadline = time.monotonic() + seconds
    while not ready():
        if time.monotonic() > deadline:
            raise RuntimeError("the server did not come up in time")
        time.sleep(0.05)
