"""Measures the product beside the bare server and other mock servers, in turns, and writes docs/performance.md.

Read the ratios, not the absolute figures: all of it runs on one machine, load generator included. One worker each,
keep-alive, 64 connections, the durable log on.
"""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import json
import os
import platform
import re
import shutil
import socket
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(ROOT), str(ROOT / "bench")]

import httpx2  # noqa: E402
import importer  # noqa: E402
import lint  # noqa: E402
import mocks  # noqa: E402
import peers  # noqa: E402

from tests.stories.hammer import Hammer  # noqa: E402
from tests.studio import Studio, free_port  # noqa: E402

CONNECTIONS = 64
CASES = ("GET example", "POST validated", "GET with bearer", "POST refused")
IDLE_PROJECTS = 200


@dataclass
class Target:
    """One server under test: where it listens, which process is measured, and what was measured, by case."""

    name: str
    url: str
    host: str
    pid: int
    token: str = "bench"
    speeds: dict[str, list[float]] = field(default_factory=dict)
    p50: dict[str, list[float]] = field(default_factory=dict)
    p99: dict[str, list[float]] = field(default_factory=dict)
    memory: float = 0.0

    def speed(self, case: str) -> float:
        return statistics.median(self.speeds.get(case) or [0.0])


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=float, default=2.0, help="length of one sample")
    parser.add_argument("--rounds", type=int, default=5, help="samples of each case on each server")
    parser.add_argument("--no-peers", action="store_true", help="only the bare server and the product")
    options = parser.parse_args()
    if shutil.which("wrk") is None:
        raise SystemExit("The benchmark drives its load with wrk: apt-get install wrk (or your system's package).")
    with contextlib.ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="bench-")))
        targets, notes = [stack.enter_context(hello(folder))], []
        studio = stack.enter_context(Studio(env={"STUDIO_LOG_LEVEL": "ERROR"}))
        ours = product(studio)
        targets.append(ours)
        if not options.no_peers:
            found, notes = others(stack, folder)
            targets += found
        measure(targets, options.rounds, options.seconds, folder)
        for target in targets:
            target.memory = memory(target.pid)
        facts = {
            "log": complete(studio),
            "operations": many_operations(studio, options.seconds, folder),
            "mocks": state_and_rules(studio, options.seconds, folder),
            "idle": idle_memory(studio),
            "import": max(took for _, took, _ in importer.measured()),
            "sign-in": signing_in(options.seconds),
            "lint": {target: took for target, took, _ in lint.measured(lint.document())},
        }
    write(targets, facts, notes, options)


def measure(targets: list[Target], rounds: int, seconds: float, folder: Path) -> None:
    """Every case on every server, in turns, so that what else the machine does falls on all alike."""
    for target in targets:
        for case in CASES:
            wrk(target, case, 0.5, folder)  # warm
    for number in range(rounds):
        for case in CASES:
            for target in targets:
                if target.name != "granian hello" or case == CASES[0]:
                    speed, p50, p99 = wrk(target, case, seconds, folder)
                    target.speeds.setdefault(case, []).append(speed)
                    target.p50.setdefault(case, []).append(p50)
                    target.p99.setdefault(case, []).append(p99)
        print(f"round {number + 1} of {rounds} done", flush=True)


def wrk(target: Target, case: str, seconds: float, folder: Path, path: str = "") -> tuple[float, float, float]:
    """Calls per second, and milliseconds at the median and at 99 %."""
    script = folder / f"{case.replace(' ', '-')}-{target.pid}.lua"
    script.write_text(_script(target, case, path))
    return drive(script, target.url, seconds)


def drive(script: Path, url: str, seconds: float) -> tuple[float, float, float]:
    """One sample of wrk: calls per second, and milliseconds at the median and at 99 %."""
    command = ["wrk", "-t", "1", "-c", str(CONNECTIONS), "-d", f"{max(1, round(seconds))}s", "--latency"]
    run = subprocess.run([*command, "-s", script, url], capture_output=True, text=True, check=True).stdout
    speed = re.search(r"Requests/sec:\s+([\d.]+)", run)
    if speed is None:
        raise RuntimeError(run)
    return float(speed[1]), _latency(run, "50%"), _latency(run, "99%")


def _latency(text: str, mark: str) -> float:
    found = re.search(rf"{mark}\s+([\d.]+)(us|ms|s)", text)
    return float(found[1]) * {"us": 0.001, "ms": 1, "s": 1000}[found[2]] if found else 0.0


def _script(target: Target, case: str, path: str) -> str:
    lines = [f'wrk.headers["Host"] = {json.dumps(target.host)}']
    if case.startswith("POST"):
        body = json.dumps(peers.NEW_PET if case == "POST validated" else peers.BAD_PET)
        lines += ['wrk.method = "POST"', f"wrk.body = {json.dumps(body)}", 'wrk.path = "/pets"']
        lines += ['wrk.headers["Content-Type"] = "application/json"']
    elif case == "GET with bearer":
        lines += ['wrk.path = "/mine"', f'wrk.headers["Authorization"] = "Bearer {target.token}"']
    else:
        lines += [f'wrk.path = "{path or "/pets/7"}"']
    return "\n".join(lines) + "\n"


HELLO = """
headers = [(b"content-type", b"application/json"), (b"content-length", {length!r})]
start = {{"type": "http.response.start", "status": 200, "headers": headers}}
end = {{"type": "http.response.body", "body": {body!r}, "more_body": False}}

async def app(scope, receive, send):
    await send(start)
    await send(end)
"""


@contextlib.contextmanager
def hello(folder: Path) -> Iterator[Target]:
    """The floor: the same server with an application that does nothing."""
    body = json.dumps(peers.PET, separators=(",", ":")).encode()
    (folder / "hello.py").write_text(HELLO.format(body=body, length=str(len(body)).encode()))
    port = free_port()
    command = [sys.executable, "-m", "granian", "--interface", "asginl", "--http", "1", "--no-ws", "--loop", "uvloop"]
    command += ["--port", str(port), "--backlog", "16384", "--log-level", "warning", "hello:app"]
    with running(command, folder, port) as process:
        yield Target("granian hello", f"http://127.0.0.1:{port}", "localhost", children(process.pid)[-1])


def product(studio: Studio) -> Target:
    """A project made through the API, with a key issued."""
    token = studio.manage("studio_token", "bench@example.test", "--create").strip()
    with httpx2.Client(
        base_url=f"http://127.0.0.1:{studio.port}/api/v1/",
        headers={"Authorization": f"Bearer {token}"},
        trust_env=False,
        timeout=120,
    ) as api:
        source = json.dumps(peers.document())
        made(api.post("projects/import/", json={"source": source, "slug": "pets"}))
        key = made(api.post("projects/pets/auth/keys/", json={"name": "bench"}))["text"]
        many = json.dumps(large_document())
        made(api.post("projects/import/", json={"source": many, "slug": "many"}))
    port = studio.port
    target = Target("Action Studio", f"http://127.0.0.1:{port}", f"pets.live.localhost:{port}", 0, token=key)
    assert studio.process is not None
    target.pid = children(studio.process.pid)[-1]
    for method, path, status in (("GET", "/pets/7", 200), ("GET", "/mine", 401)):
        answer = studio.call("pets", method, path)
        assert answer.status_code == status, (path, answer.status_code, answer.text)
    return target


def made(answer: httpx2.Response) -> dict:
    if answer.status_code != 201:
        raise RuntimeError(f"{answer.request.url}: {answer.status_code} {answer.text[:500]}")
    return answer.json()


def large_document(operations: int = 500) -> dict:
    """The bench's document with many more paths."""
    document = peers.document()
    one = document["paths"]["/pets/{petId}"]["get"]
    for number in range(operations - 3):
        document["paths"][f"/group{number % 25}/things{number}/{{petId}}"] = {
            "get": {**one, "operationId": f"op{number}"}
        }
    return document


def others(stack: contextlib.ExitStack, folder: Path) -> tuple[list[Target], list[str]]:
    """The peers that can be installed and started here, and what could not."""
    trouble = peers.install()
    if trouble:
        return [], [f"The other servers were left out: {trouble}."]
    found, notes = [], []
    for peer in peers.PEERS:
        port = free_port()
        home = folder / peer.name.split()[0].lower()
        home.mkdir()
        try:
            process = stack.enter_context(running(peer.command(home, port), home, port))
        except (OSError, RuntimeError) as error:
            notes.append(f"{peer.name} was left out: {error}.")
            continue
        found.append(Target(peer.name, f"http://127.0.0.1:{port}", f"localhost:{port}", process.pid))
    return found, notes


@contextlib.contextmanager
def running(command: list[str], folder: Path, port: int) -> Iterator[subprocess.Popen]:
    """A server of ours to start, wait for and end."""
    with (folder / "output.log").open("ab") as log:
        process = subprocess.Popen(command, cwd=folder, stdout=log, stderr=log)
    try:
        until = time.monotonic() + 60
        while time.monotonic() < until and process.poll() is None:
            with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), 0.5):
                time.sleep(0.3)
                break
            time.sleep(0.1)
        else:
            raise RuntimeError(f"{Path(command[0]).name} did not start: {(folder / 'output.log').read_text()[-300:]}")
        yield process
    finally:
        process.terminate()
        with contextlib.suppress(subprocess.TimeoutExpired):
            process.wait(15)
        if process.poll() is None:
            process.kill()


def children(pid: int) -> list[int]:
    """The processes that ``pid`` started; itself when there are none."""
    text = Path(f"/proc/{pid}/task/{pid}/children").read_text()
    return [int(part) for part in text.split()] or [pid]


def memory(pid: int) -> float:
    """Resident memory of a process in MB."""
    found = re.search(r"VmRSS:\s+(\d+) kB", Path(f"/proc/{pid}/status").read_text())
    return int(found[1]) / 1024 if found else 0.0


def complete(studio: Studio) -> tuple[int, int]:
    """Answers to a known number of calls, and rows of the log that belong to them."""
    hammer = Hammer(studio.port, "pets", "/pets/9", CONNECTIONS)
    asyncio.run(hammer.run(2.0))
    count = (
        "from actionstudio.apps.traffic.models import Exchange; print(Exchange.objects.filter(path='/pets/9').count())"
    )
    return len(hammer.answered), int(studio.shell(count))


def many_operations(studio: Studio, seconds: float, folder: Path) -> tuple[float, float]:
    """Calls per second on a project of three operations and on one of 500, in turns."""
    few, many = [], []
    port, pid = studio.port, children(studio.process.pid)[-1] if studio.process else 0
    for _ in range(3):
        for slug, path, kept in (("pets", "/pets/7", few), ("many", "/group12/things487/7", many)):
            target = Target(slug, f"http://127.0.0.1:{port}", f"{slug}.live.localhost:{port}", pid)
            kept.append(wrk(target, CASES[0], seconds, folder, path)[0])
    return statistics.median(few), statistics.median(many)


def state_and_rules(studio: Studio, seconds: float, folder: Path) -> list[tuple[str, str, str]]:
    """What a collection and rules cost beside a plain example, in turns."""
    studio.shell(mocks.MAKE)
    for method, path in mocks.CASES.values():  # compiled before anything is measured
        studio.call("mocks", method, path, json=mocks.CHANGED)

    def run(case: str) -> float:
        script = folder / "mocks.lua"
        script.write_text(mocks.script(case, f"mocks.live.localhost:{studio.port}"))
        return drive(script, f"http://127.0.0.1:{studio.port}", seconds)[0]

    return list(mocks.measured(run))


IDLE = """
import json
from tests import make
from actionstudio.core.specs.readers import openapi
value = openapi.read(json.loads({document!r})).contract
for number in range({count}): make.project(f"idle{{number}}", make.user("idler"), value)
"""


def idle_memory(studio: Studio) -> float:
    """kB that a project costs that was called once and is then left alone."""
    studio.shell(IDLE.format(document=json.dumps(peers.document()), count=IDLE_PROJECTS))
    pid = children(studio.process.pid)[-1] if studio.process else 0
    studio.call("pets", "GET", "/pets/7")
    before = memory(pid)
    for number in range(IDLE_PROJECTS):
        studio.call(f"idle{number}", "GET", "/pets/7")
        studio.call(f"idle{number}", "POST", "/pets", json=peers.NEW_PET)
    return (memory(pid) - before) * 1024 / IDLE_PROJECTS


def write(targets: list[Target], facts: dict, notes: list[str], options: argparse.Namespace) -> None:
    """docs/performance.md."""
    text = report(targets, facts, notes, options)
    print(text)
    (ROOT / "docs" / "performance.md").write_text(text)


def report(targets: list[Target], facts: dict, notes: list[str], options: argparse.Namespace) -> str:
    ours = next(target for target in targets if target.name == "Action Studio")
    lines = [
        "# Performance",
        "",
        f"Written by `make bench`: one worker each, keep-alive, {CONNECTIONS} connections from wrk beside it, "
        f"servers in turns, median of {options.rounds} samples of {options.seconds:g} s. Ours writes every call to its "
        "durable log before the answer leaves. Read ratios: absolute figures belong to the machine "
        f"({os.cpu_count()} processors, Python {platform.python_version()}).",
        "",
        f"| calls/s | {' | '.join(CASES)} | p50 / p99 of GET, ms | memory, MB |",
        f"|---|{'---|' * (len(CASES) + 2)}",
    ]
    for target in targets:
        cells = [f"{target.speed(case):,.0f}" if target.speed(case) else "–" for case in CASES]
        p50, p99 = (statistics.median(kept[CASES[0]]) for kept in (target.p50, target.p99))
        lines.append(f"| {target.name} | {' | '.join(cells)} | {p50:.1f} / {p99:.1f} | {target.memory:.0f} |")
    lines += ["", "| measure | goal | measured |", "|---|---|---|"]
    lines += [f"| {name} | {goal} | {value} |" for name, goal, value in goals(ours, targets, facts)]
    lines += ["", *notes, ""] if notes else [""]
    lines.append("WireMock does not validate requests and keeps no journal here; Prism and Action Studio validate.")
    lines[-1] += " Sign-in is measured with one sample of 4 s each (`bench/oauth.py`)."
    return "\n".join(lines) + "\n"


def signing_in(seconds: float) -> list[tuple[str, str, str]]:
    """What the provider holds (bench/oauth.py), each measure with its goal."""
    import oauth

    return [
        (f"{name}: a second", f"≥ {oauth.GOAL}", f"{speed:.0f} ({each:.1f} ms of CPU)")
        for name, speed, _p50, _p99, each in oauth.measured(max(4.0, seconds))
    ]


def goals(ours: Target, targets: list[Target], facts: dict) -> list[tuple[str, str, str]]:
    """The goals of the data plane, each with what this run gave."""
    get, post, bearer, _ = CASES
    named = {target.name.split()[0]: target for target in targets}
    rows = [("GET example against granian hello", "≥ 50 %", percent(ours.speed(get), named["granian"].speed(get)))]
    for name, case, goal in (
        ("Prism", get, "≥ 5×"),
        ("Mockoon", get, "≥ 7×"),
        ("WireMock", get, "≥ 1×"),
        ("Prism", post, "≥ 4×"),
        ("WireMock", post, "≥ 0.7×"),
    ):
        if name in named and named[name].speed(case):
            rows.append((f"{case} against {name}", goal, f"{ours.speed(case) / named[name].speed(case):.1f}×"))
    answers, logged = facts["log"]
    few, many = facts["operations"]
    return [
        *rows,
        ("bearer-guarded GET against plain GET", "≥ 85 %", percent(ours.speed(bearer), ours.speed(get))),
        ("p99 of GET at 64 connections", "≤ 20 ms", f"{statistics.median(ours.p99[get]):.1f} ms"),
        ("500 operations against 3", "no slower", percent(many, few)),
        *facts["mocks"],
        *facts["sign-in"],
        ("memory after load, one worker", "≤ 160 MB", f"{ours.memory:.0f} MB"),
        ("ChatGPT's import of 1 MB, simulated", f"< {importer.GOAL} ms", f"{facts['import']:.0f} ms"),
        *(
            (f"checks of {lint.OPERATIONS} endpoints for {target}", f"< {goal} ms", f"{facts['lint'][target]:.0f} ms")
            for target, goal in lint.GOALS.items()
        ),
        ("memory per idle project", "< 200 kB", f"{facts['idle']:.0f} kB"),
        ("rows in the log = answers given", "exactly", f"{logged:,} rows, {answers:,} answers"),
    ]


def percent(value: float, base: float) -> str:
    return f"{100 * value / base:.0f} %" if base else "–"


if __name__ == "__main__":
    main()
