"""Asks servers in the background whether they are well: those of upstreams in use that name a path for it.

One thread per process looks which are due; a few more ask, each for a few seconds at most.
"""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor

from actionstudio.core.behaviour import Upstream
from actionstudio.runtime.forwarding import fleet as fleets
from actionstudio.runtime.forwarding.credentials import Secret
from actionstudio.runtime.forwarding.request import PSEUDONYM, base_path
from actionstudio.runtime.outbound import OutboundRefused
from actionstudio.runtime.relaying import relay

TICK = 0.5  # seconds between looks
SECONDS = 5.0  # that one question may take
LARGEST = 64 * 1024
RESTS = 600.0  # seconds after its last call an upstream is asked no more
ASKERS = 4
_due: dict[tuple[int, str, str], float] = {}
_asked: dict[tuple[int, str], tuple[Secret, bool]] = {}
_lock = threading.Lock()
_thread: threading.Thread | None = None


def watch(project_id: int, fleet: fleets.Fleet, secret: Secret, private: bool) -> None:
    """The servers of this fleet are asked from now on, with this secret."""
    global _thread
    if not fleet.upstream.health:
        return
    with _lock:
        if len(_asked) > 2 * fleets.FLEETS:
            _asked.clear()  # those in use come back with their next call
        _asked[project_id, fleet.upstream.name] = (secret, private)
        if _thread is None or not _thread.is_alive():
            _thread = threading.Thread(target=_run, name="upstream health", daemon=True)
            _thread.start()


def is_well(upstream: Upstream, url: str, secret: Secret, private: bool) -> bool:
    """Whether a server answers its health path with a success or a redirect."""
    target = base_path(url) + upstream.health
    if secret.query:
        target += f"{'&' if '?' in target else '?'}{secret.query}"
    names = {name for name, _value in secret.headers}
    own = [(name.lower(), value) for name, value in upstream.headers]
    headers = [("via", f"1.1 {PSEUDONYM}"), *(pair for pair in own if pair[0] not in names), *secret.headers]
    try:
        got = relay("GET", url, target, headers, timeout=SECONDS, max_bytes=LARGEST, allow_private=private)
    except OutboundRefused:
        return False
    return got.status < 400


def due(now: float) -> list[tuple[int, fleets.Fleet, str]]:
    """Which servers are to be asked now; they are due again after the upstream's ``health_seconds``."""
    found = []
    for project_id, fleet in fleets.fleets():
        upstream = fleet.upstream
        if not upstream.health or now - fleet.used > RESTS or (project_id, upstream.name) not in _asked:
            continue
        for url in list(fleet.states):
            key = (project_id, upstream.name, url)
            if _due.get(key, 0) <= now:
                _due[key] = now + max(1, upstream.health_seconds)
                found.append((project_id, fleet, url))
    return found


def _run() -> None:
    pause = threading.Event()
    with ThreadPoolExecutor(ASKERS, thread_name_prefix="health") as pool:
        while not pause.wait(TICK):
            if len(_due) > 4 * fleets.FLEETS:
                _due.clear()
            for project_id, fleet, url in due(fleets.clock()):
                pool.submit(_ask, project_id, fleet, url)


def _ask(project_id: int, fleet: fleets.Fleet, url: str) -> None:
    asked = _asked.get((project_id, fleet.upstream.name))
    if asked is not None:
        fleet.note(url, is_well(fleet.upstream, url, *asked))
