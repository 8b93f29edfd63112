"""Real servers of other makers as upstreams: found on this machine, or fetched from Debian into a folder of the tests.

They listen on loopback, keep everything in a folder of their own, and are ended by their process when the test ends.
Nothing is installed: packages are unpacked, not configured.
"""

from __future__ import annotations

import contextlib
import json
import os
import platform
import shutil
import sqlite3
import subprocess
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import httpx2

from tests.studio import free_port

CI = os.environ.get("CI", "").lower() in ("1", "true", "yes")
PACKAGES = ("pdns-server", "pdns-backend-sqlite3", "caddy")
PROGRAMS = {"PowerDNS": "pdns_server", "Caddy": "caddy"}
PATIENCE = 20.0
KEY = "pdns-key-only-for-tests"


class Running(NamedTuple):
    """A server that answers: its base URL and, where it asks for one, its key."""

    url: str
    key: str = ""


def folder() -> Path:
    """Where fetched packages are unpacked: kept between runs, as other tools of the tests are."""
    return Path(tempfile.gettempdir()) / f"action-studio-real-{os.getuid()}"


def program(name: str) -> Path | None:
    """Where the server's program is; None when it is not there."""
    on_path = shutil.which(PROGRAMS[name], path=f"{os.environ.get('PATH', '')}:/usr/sbin:/usr/local/sbin")
    places = [Path(on_path)] if on_path else []
    places += [folder() / "root" / place / PROGRAMS[name] for place in ("usr/sbin", "usr/bin")]
    return next((place for place in places if place.exists()), None)


def fetch() -> list[str]:
    """Fetches what is missing where that needs no question (Debian, as root). Returns what is still missing."""
    missing = [name for name in PROGRAMS if program(name) is None]
    if missing and not os.geteuid() and shutil.which("apt-get") and shutil.which("dpkg"):
        archives = folder() / "archives"
        (archives / "partial").mkdir(parents=True, exist_ok=True)
        quiet = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
        options = ["-o", f"Dir::Cache::archives={archives}", "-o", "APT::Sandbox::User=root"]
        command = ["apt-get", "install", "-y", "-qq", "--download-only", "--no-install-recommends", *options, *PACKAGES]
        for one in (["apt-get", "update", "-qq"], command):
            subprocess.run(
                one, env=quiet, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, timeout=300, check=False
            )
        for archive in archives.glob("*.deb"):
            subprocess.run(["dpkg", "-x", archive, folder() / "root"], check=False, timeout=120)
    return [name for name in missing if program(name) is None]


@contextlib.contextmanager
def powerdns() -> Iterator[Running]:
    """PowerDNS with its HTTP API behind X-API-Key, and no zone yet."""
    port, dns = free_port(), free_port()
    with tempfile.TemporaryDirectory(prefix="studio-pdns-", ignore_cleanup_errors=True) as name:
        home = Path(name)
        with sqlite3.connect(home / "zones.sqlite3") as made:
            made.executescript(_file("schema.sqlite3.sql", "usr/share/pdns-backend-sqlite3/schema").read_text())
        made.close()
        modules = _file("libgsqlite3backend.so", f"usr/lib/{platform.machine()}-linux-gnu/pdns").parent
        settings = {
            "config-dir": home, "socket-dir": home, "module-dir": modules, "daemon": "no", "guardian": "no",
            "launch": "gsqlite3", "gsqlite3-database": home / "zones.sqlite3", "local-address": "127.0.0.1",
            "local-port": dns, "api": "yes", "api-key": KEY, "webserver": "yes", "webserver-address": "127.0.0.1",
            "webserver-port": port, "webserver-allow-from": "127.0.0.1", "setuid": "", "setgid": "",
        }  # fmt: skip
        command = [_program("PowerDNS"), *(f"--{key}={value}" for key, value in settings.items())]
        url = f"http://127.0.0.1:{port}"
        with _running(command, home, f"{url}/api/v1/servers", {"X-API-Key": KEY}):
            yield Running(url, KEY)


@contextlib.contextmanager
def caddy() -> Iterator[Running]:
    """Caddy with its admin API and one site; ``url`` is the admin API's."""
    admin = free_port()
    with tempfile.TemporaryDirectory(prefix="studio-caddy-", ignore_cleanup_errors=True) as name:
        home = Path(name)
        site = {"listen": [f"127.0.0.1:{free_port()}"], "automatic_https": {"disable": True}, "routes": []}
        config = {"admin": {"listen": f"127.0.0.1:{admin}"}, "apps": {"http": {"servers": {"site": site}}}}
        (home / "caddy.json").write_text(json.dumps(config))
        command = [_program("Caddy"), "run", "--config", home / "caddy.json"]
        url = f"http://127.0.0.1:{admin}"
        with _running(command, home, f"{url}/config/", {}, HOME=str(home), XDG_DATA_HOME=name, XDG_CONFIG_HOME=name):
            yield Running(url)


def _program(name: str) -> Path:
    found = program(name)
    if found is None:
        raise RuntimeError(f"{name} is not here")
    return found


def _file(name: str, place: str) -> Path:
    found = [root / place / name for root in (Path("/"), folder() / "root") if (root / place / name).exists()]
    if not found:
        raise RuntimeError(f"{place}/{name} is not here")
    return found[0]


@contextlib.contextmanager
def _running(command: list, home: Path, probe: str, headers: dict[str, str], **environment: str) -> Iterator[None]:
    """The process, from when ``probe`` answers until the block ends."""
    log = home / "server.log"
    if folder() in Path(command[0]).parents:  # its libraries were fetched with it
        environment["LD_LIBRARY_PATH"] = str(folder() / f"root/usr/lib/{platform.machine()}-linux-gnu")
    with log.open("wb") as out:
        child = subprocess.Popen(
            [str(part) for part in command], cwd=home, stdout=out, stderr=out, env={**os.environ, **environment}
        )
    try:
        until = time.monotonic() + PATIENCE
        while not _answers(probe, headers):
            if child.poll() is not None or time.monotonic() > until:
                raise RuntimeError(f"{command[0]} did not start:\n{log.read_text(errors='replace')[-2000:]}")
            time.sleep(0.05)
        yield
    finally:
        child.terminate()
        try:
            child.wait(5)
        except subprocess.TimeoutExpired:
            child.kill()
            child.wait(5)


def _answers(url: str, headers: dict[str, str]) -> bool:
    try:
        return httpx2.get(url, headers=headers, trust_env=False, timeout=2).status_code < 500
    except httpx2.TransportError:
        return False
