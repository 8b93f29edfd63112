"""How tests of the emulator play the builder: runs at a provider that is not ours, with a browser of their own."""

from __future__ import annotations

from urllib.parse import urlsplit

import httpx2

from actionstudio.apps.signin import emulating, runs
from actionstudio.apps.signin.runs import Run, Setup
from tests.provider import Elsewhere


def setup(other: Elsewhere, **changes) -> Setup:
    """What the form would say about the other provider."""
    told = {
        "authorization_url": f"{other.url}/authorize",
        "token_url": f"{other.url}/token",
        "revocation_url": f"{other.url}/revoke",
        "client_id": other.client_id,
        "scope": "read",
        "redirect_uri": emulating.callback_url(),
        "call_url": f"{other.url}/api",
    }
    return Setup(**(told | changes))


def browse(run: Run) -> str:
    """The query with which the provider sends the browser back."""
    answer = httpx2.get(emulating.authorize_url(run), follow_redirects=False, trust_env=False)
    assert answer.status_code == 302, answer.text
    return urlsplit(answer.headers["location"]).query


def sign_in(project, owner, other: Elsewhere, **changes) -> Run:
    """A whole run: begun, through the browser, and what follows."""
    secret = changes.pop("secret", other.client_secret)
    run = emulating.begin(project, owner, setup(other, **changes), secret)
    run = runs.of(project, run.row.key)
    if run.stage == "ready":
        emulating.returned(run, owner, browse(run))
    return runs.of(project, run.row.key)


def kinds(run: Run) -> list[str]:
    return [leg["kind"] for leg in run.row.legs]


def leg(run: Run, kind: str) -> dict:
    """The last leg of that kind."""
    return next(one for one in reversed(run.row.legs) if one["kind"] == kind)


def codes(run: Run, kind: str) -> list[str]:
    """What is said about the last leg of that kind."""
    found = leg(run, kind)
    return [code for code in (found["code"], *found["facts"].get("also", ())) if code]
