"""A builder keeps calls as tests: saved from the log, run in CI, accepted; two processes keep the schedule once."""

import json
import subprocess
import sys
import time
from xml.etree import ElementTree

import httpx2
import pytest

from tests.studio import ROOT

CLAIM = """
import os, sys, time, datetime
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "actionstudio.settings")
import django; django.setup()
from django.utils import timezone
from actionstudio.apps.replay.models import Suite
from actionstudio.apps.replay.suites import scheduling
now, n = datetime.datetime.fromisoformat(sys.argv[1]), 0
while timezone.now() < now: time.sleep(0.001)
for suite in Suite.objects.filter(next_run__lte=now, slug__startswith="due"):
    n += scheduling.claim(suite, now)
print(n)
"""


@pytest.fixture(scope="module")
def api(studio):
    token = studio.manage("studio_token", "robot@example.test", "--create").strip()
    headers = {"Authorization": f"Bearer {token}"}
    with httpx2.Client(base_url=f"{studio.url}/api/v1/", headers=headers, trust_env=False, timeout=60) as client:
        yield client


def made(response, status=201):
    assert response.status_code == status, response.text
    return response.json()


def answering(api, total) -> None:
    """The mock answers with this total from now on."""
    content = {"application/json": {"schema": {"type": "object"}, "examples": {"one": {"value": {"total": total}}}}}
    body = {"responses": {"200": {"description": "OK", "content": content}}}
    source = json.dumps(
        {
            "openapi": "3.1.0",
            "info": {"title": "Till", "version": "1"},
            "paths": {"/total": {"get": {"operationId": "getTotal", "summary": "The total", **body}}},
        }
    )
    if api.get("projects/till/").status_code == 404:
        made(api.post("projects/import/", json={"source": source, "slug": "till"}))
    else:
        made(api.post("projects/till/import/", json={"source": source, "accept": "all"}), 200)


def replayed(studio, *more: str) -> subprocess.CompletedProcess:
    """What CI would see."""
    command = [sys.executable, "manage.py", "studio_replay", "till", "every-day", *more]
    return subprocess.run(command, cwd=ROOT, env=studio.environment, capture_output=True, text=True, check=False)


def test_calls_are_kept_as_tests_and_ci_knows_what_changed(studio, api, tmp_path):
    answering(api, 12)
    studio.settle()
    assert studio.call("till", "GET", "/total").json() == {"total": 12}
    call = made(api.get("projects/till/exchanges/"), 200)["results"][0]["id"]
    suite = made(api.post("projects/till/suites/", json={"name": "Every day"}))
    made(api.post(f"projects/till/suites/{suite['id']}/cases/save/", json={"exchanges": [call]}))

    good = replayed(studio)
    assert good.returncode == 0, good.stderr + good.stdout
    answering(api, "twelve")
    file = tmp_path / "outcomes.xml"
    bad = replayed(studio, "--junit", str(file))
    assert bad.returncode == 1, bad.stderr + bad.stdout
    assert "$.total became a string." in bad.stdout
    suites = ElementTree.parse(file).getroot()
    assert [suites.get("tests"), suites.get("failures")] == ["1", "1"]
    assert replayed(studio, "--target", "revision:77").returncode == 2

    runs = made(api.get(f"projects/till/suites/{suite['id']}/runs/"), 200)["results"]
    newest = runs[0]["id"].removeprefix("srun_")
    accept = api.post(f"projects/till/suites/{suite['id']}/runs/{newest}/accept/", json={})
    assert made(accept, 200) == {"accepted": 1}
    assert replayed(studio).returncode == 0


def test_a_save_runs_the_suite_by_itself(studio, api):
    suite = made(api.get("projects/till/suites/"), 200)["results"][0]["id"]
    made(api.patch(f"projects/till/suites/{suite}/", json={"on_save": True}), 200)
    answering(api, True)
    until = time.monotonic() + 30
    while time.monotonic() < until:
        newest = made(api.get(f"projects/till/suites/{suite}/runs/"), 200)["results"][0]
        if newest["cause"] == "save" and newest["state"] == "done":
            break
        time.sleep(0.3)
    assert (newest["cause"], newest["state"], newest["counts"]) == ("save", "done", {"broken": 1})


def test_two_processes_keep_the_schedule_once(studio):
    moment = studio.shell(
        "import datetime\nfrom django.utils import timezone\n"
        "from actionstudio.apps.projects.models import Project\nfrom actionstudio.apps.replay.models import Suite\n"
        "project, at = Project.objects.get(slug='till'), timezone.now() + datetime.timedelta(seconds=12)\n"
        "[Suite.objects.create(project=project, name=f'Due {n}', slug=f'due-{n}', schedule='off', next_run=at) "
        "for n in range(20)]\nprint(at.isoformat())"
    )
    command = [sys.executable, "-c", CLAIM, moment]
    both = [
        subprocess.Popen(command, cwd=ROOT, env=studio.environment, stdout=subprocess.PIPE, text=True) for _n in "ab"
    ]
    counts = [int(one.communicate(timeout=90)[0].strip()) for one in both]
    assert sum(counts) == 20, counts
