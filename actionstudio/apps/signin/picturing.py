"""What the page of a run shows: its legs with their words, where it stands, and what can be done next."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlsplit

from django.utils.translation import gettext as _

from actionstudio.apps.oauth.models import SignIn
from actionstudio.apps.projects.models import Project
from actionstudio.apps.signin import emulating, legs, reviewing, words
from actionstudio.apps.signin.profiles import PROFILES
from actionstudio.apps.signin.runs import AWAY, DONE, FINDING, GONE, READY, WORKING, Run

SHOWN = 8  # newest runs beside the form


def of(run: Run) -> dict[str, Any]:
    """The context of a run's page."""
    told = [worded(leg) for leg in legs.of_run(run.row.legs, ())]
    waits = run.stage in (READY, AWAY) and not run.gone
    return {
        "run": run.row,
        "setup": run.setup,
        "profile": run.profile,
        "legs": told,
        "stage": run.stage,
        "busy": run.stage in (FINDING, WORKING) and not run.stuck,
        "stuck": run.stuck,
        "gone": GONE if run.gone and run.stage in (READY, AWAY) else None,
        "waits": waits and run.holds,
        "lapsed": waits and not run.holds,
        "url": emulating.authorize_url(run) if waits else "",
        "host": urlsplit(run.setup.authorization_url).netloc,
        "deeds": deeds(run),
        "reason": words.of(run.row.reason),
        "odd": odd(told),
        "returned_wrong": waits and bool(told) and told[-1]["kind"] == "callback" and told[-1]["outcome"] == "failed",
    }


def odd(told: list[legs.Leg]) -> int:
    """How many legs deserve a look; a wrong way back does not, once the browser has come back well."""
    back = [leg for leg in told if leg["kind"] == "callback"][:-1]
    return sum(leg["outcome"] in ("odd", "failed") and leg not in back for leg in told)


def worded(leg: legs.Leg) -> legs.Leg:
    """The leg with the words of its codes."""
    codes = [leg["code"], *leg["facts"].get("also", ())]
    found = [one for code in codes if code and (one := words.of(code))]
    return leg | {"words": [{"title": one.title, "cure": one.cure} for one in found]}


def deeds(run: Run) -> list[str]:
    """What can be done again with what the run holds."""
    if run.stage != DONE or not run.held.get("access") or run.gone:
        return []
    found = ["refresh"] if run.held.get("refresh") else []
    if run.setup.operation or run.setup.call_url:
        found.append("call")
    return found + (["revoke"] if run.setup.revocation_url else [])


def reviewable(project: Project) -> list[dict[str, Any]]:
    """The newest runs whose provider can be reviewed, those that signed in first."""
    rows = SignIn.objects.filter(project=project, emulator__has_key="setup").select_related("client")[:SHOWN]
    found = [run for run in map(Run, rows) if reviewing.usable(run)]
    found.sort(key=lambda run: run.row.outcome != SignIn.Outcome.PASSED)
    return [
        {
            "run": run,
            "host": urlsplit(run.setup.authorization_url).netloc,
            "client": _("a test client") if run.setup.made else run.row.client and run.row.client.name,
        }
        for run in found
    ]


def newest(project: Project) -> list[dict[str, Any]]:
    """The newest emulated runs, without their legs."""
    rows = SignIn.objects.filter(project=project).filter(emulator__has_key="setup").defer("legs")[:SHOWN]
    return [
        {
            "row": row,
            "profile": PROFILES.get(row.emulator.get("setup", {}).get("profile", ""), PROFILES["gpt"]),
            "host": urlsplit(row.emulator.get("setup", {}).get("authorization_url", "")).netloc,
            "reason": words.of(row.reason),
        }
        for row in rows
    ]
