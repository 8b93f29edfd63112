"""What the provider holds on one worker: people sent to sign in, codes redeemed, refreshes, clients' own tokens.

    python bench/oauth.py [seconds]

Each is driven over HTTP with 64 connections, log and trace on; beside it the CPU of the worker per request, which other
work on the machine falsifies less. Goal: 200 a second, and 5 ms of CPU for a code.
"""

from __future__ import annotations

import json
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlencode

ROOT = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(ROOT), str(ROOT / "bench")]

from run import children, drive  # noqa: E402

from tests.studio import Studio  # noqa: E402

GOAL = 200  # requests a second
CODES = 6000
CALLBACK = "https://chatgpt.com/aip/g-1/oauth/callback"
MAKE = f"""
import json
from django.db import transaction
from tests import make
from tests.apps.oauth import flows
from tests.apps.oauth.entering import shop
project = shop(owner=make.user("bench"))
gpt, machine = flows.client(project), flows.client(project, grants=["client_credentials"])
person = flows.person(project)
from actionstudio.apps.oauth.engine import texts
from actionstudio.apps.oauth.models import Grant
from django.utils import timezone
from datetime import timedelta
first = flows.signed_in(project, gpt, person)
codes = [texts.make(texts.CODE) for _ in range({CODES})]
end = timezone.now() + timedelta(hours=1)
Grant.objects.bulk_create(Grant(user=person, application=gpt.row, code=texts.digest(one), expires=end,
    redirect_uri=flows.CALLBACK, scope="orders:read", claims="{{}}") for one in codes)
from actionstudio.apps.oauth.models import RefreshToken
olds = [texts.make(texts.REFRESH) for _ in range({CODES})]
import uuid
RefreshToken.objects.bulk_create(RefreshToken(user=person, application=gpt.row, token="", scope="orders:read",
    token_checksum=texts.digest(one), token_family=uuid.uuid4()) for one in olds)
print(json.dumps({{"codes": codes, "olds": olds, "gpt": [gpt.id, gpt.secret], "machine": [machine.id, machine.secret],
    "refresh": first["refresh_token"]}}))
"""


def cases(made: dict) -> Iterator[tuple[str, str]]:
    """The name of each measure, and the lines of Lua that make its requests."""
    gpt = {"client_id": made["gpt"][0], "client_secret": made["gpt"][1], "redirect_uri": CALLBACK}
    asked = {"response_type": "code", "client_id": gpt["client_id"], "redirect_uri": CALLBACK, "scope": "orders:read"}
    yield "authorize, nobody signed in", f'wrk.path = "/oauth/authorize?{urlencode(asked)}"'
    own = {"grant_type": "client_credentials", "client_id": made["machine"][0], "client_secret": made["machine"][1]}
    yield "a client's own token", _posted(json.dumps(urlencode(own)))
    again = {**gpt, "grant_type": "refresh_token", "refresh_token": made["refresh"]}
    yield "a refresh, asked for again", _posted(json.dumps(urlencode(again)))
    for name, kind, texts in (("a refresh", "refresh_token", made["olds"]), ("a code", "code", made["codes"])):
        grant = "authorization_code" if kind == "code" else kind
        yield name, _posted('""') + "\n" + _in_turn(f"{urlencode({**gpt, 'grant_type': grant})}&{kind}=", texts)


def _in_turn(first: str, texts: list[str]) -> str:
    """Lua that sends each text once."""
    turn = "n = n % #texts + 1; return wrk.format(nil, nil, nil, first .. texts[n])"
    listed = "{" + ",".join(json.dumps(one) for one in texts) + "}"
    return f"texts, n, first = {listed}, 0, {json.dumps(first)}\nrequest = function() {turn} end"


def _posted(body: str) -> str:
    kind = 'wrk.headers["Content-Type"] = "application/x-www-form-urlencoded"'
    return f'wrk.method, wrk.path, wrk.body = "POST", "/oauth/token", {body}\n{kind}'


def cpu(pid: int) -> float:
    """Seconds of CPU that a process has used."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / 100


def measured(seconds: float) -> Iterator[tuple[str, float, float, float, float]]:
    """The name of each measure, requests a second, milliseconds at the median and at 99 %, and those of CPU each."""
    with Studio(env={"STUDIO_LOG_LEVEL": "ERROR"}) as studio, tempfile.TemporaryDirectory(prefix="bench-") as folder:
        made = json.loads(studio.shell(MAKE).strip().splitlines()[-1])
        assert studio.process is not None
        pid = children(studio.process.pid)[-1]
        script = Path(folder) / "case.lua"
        for name, lines in cases(made):
            script.write_text(f'wrk.headers["Host"] = "shop.live.localhost:{studio.port}"\n{lines}\n')
            began = cpu(pid)
            speed, p50, p99 = drive(script, f"http://127.0.0.1:{studio.port}", seconds)
            each = (cpu(pid) - began) / (speed * seconds) * 1000
            yield name, speed, p50, p99, each


def main() -> None:
    seconds = float(sys.argv[1]) if len(sys.argv) > 1 else 4.0
    print(f"{'':32} {'a second':>9} {'p50 ms':>8} {'p99 ms':>8} {'CPU ms':>8}")
    for name, speed, p50, p99, each in measured(seconds):
        print(f"{name:32} {speed:9.0f} {p50:8.1f} {p99:8.1f} {each:8.2f}", flush=True)
    print(f"goal: {GOAL} a second each")


if __name__ == "__main__":
    main()
