"""The emulator's deeds: begins a run, gives the browser its URL, takes what it brought back, and goes on from there."""

from __future__ import annotations

from urllib.parse import parse_qs, urlsplit

from django.conf import settings
from django.db import transaction
from django.urls import reverse
from django.utils import timezone

from actionstudio.apps.oauth import registering
from actionstudio.apps.oauth import secrets as client_secrets
from actionstudio.apps.oauth.models import Client
from actionstudio.apps.projects import jobs
from actionstudio.apps.projects.models import Job, Project
from actionstudio.apps.signin import legs, runs, verdict
from actionstudio.apps.signin.asking import Asking
from actionstudio.apps.signin.finding import Finding
from actionstudio.apps.signin.profiles import PROFILES
from actionstudio.apps.signin.profiles.profile import BASIC, JSON, NONE, POST
from actionstudio.apps.signin.runs import AWAY, DONE, FINDING, HOLDS, READY, WORKING, Run, Setup
from actionstudio.apps.signin.verdict import Verdict

DEEDS = ("refresh", "call", "revoke")
_METHODS = {POST: Client.Method.POST, BASIC: Client.Method.BASIC, NONE: Client.Method.NONE}


def callback_url() -> str:
    """Where the browser comes back to: one address for all runs, which are told apart by their state."""
    return settings.STUDIO_PUBLIC_URL + reverse("signin:emulator-callback")


def made_client(project: Project, setup: Setup, like: Client | None = None) -> tuple[Client, str]:
    """A client of the project's own provider for one run alone, and the text of its secret ("" for a public one).

    It is set as the profile's client would be, or as ``like`` is; but it may return to the emulator's callback only,
    people are always asked, and it is deleted with the next sweep: no real client is loosened for a test.
    """
    profile = PROFILES[setup.profile]
    public = profile.pkce and like is None
    fields = {
        "token_method": Client.Method.NONE if public else _METHODS[setup.method],
        "pkce": Client.Pkce.REQUIRED if profile.pkce else Client.Pkce.OPTIONAL,
        "json_bodies": (setup.content_type or profile.content_type) == JSON,
    }
    if like is not None:
        fields = {name: getattr(like, name) for name in ("token_method", "pkce", "json_bodies", "scopes")}
    client = registering.register(
        project,
        Client.Preset.OTHER,
        name=f"{like.name if like else profile.title} (sign-in test)"[: registering.NAME_LONGEST],
        redirect_uris=(callback_url(),),
        consent=Client.Consent.ALWAYS,
        **fields,
    )
    client.lapses = timezone.now() + HOLDS  # registering.PASSING
    client.save(update_fields=["lapses"])
    return client, "" if client.token_method == Client.Method.NONE else client_secrets.mint(client)


def begin(project: Project, owner, setup: Setup, secret: str = "") -> Run:
    """A new run. One that discovers starts with that, in the background; the others wait for the browser."""
    runs.sweep(project)
    with transaction.atomic():
        run = Run.begin(project, setup, secret)
        runs.tidy(project)
        if run.profile.discovers:
            run.keep(FINDING)
            _start(run, owner, "find")
        else:
            _offer(run)
    return run


def authorize_url(run: Run) -> str:
    """The URL that the builder's browser opens, "" before the provider is found or after the run has forgotten it."""
    if not run.setup.authorization_url or not run.holds:
        return ""
    query = run.profile.query(run.values())
    where = run.setup.authorization_url
    return f"{where}{'&' if '?' in where else '?'}{query}"


def returned(run: Run, owner, query: str) -> Verdict | None:
    """What the browser brought back: the query of the callback. With a good one the run goes on in the background.

    None when the run does not wait for it: a second visit of the same callback comes to nothing.
    """
    if not run.claim(READY, AWAY):
        return None
    got = parse_qs(query, keep_blank_values=True, max_num_fields=50)
    setup = run.setup
    found = verdict.of_callback(got, run.held.get("state", ""), setup.issuer, setup.promised, run.profile.discovers)
    run.held["code"] = (got.get("code") or [""])[0]
    request = ("GET", f"{setup.redirect_uri}?{query}", [("Host", urlsplit(setup.redirect_uri).netloc)], b"")
    run.add(
        legs.made("callback", request, outcome=found.outcome, code=found.code, facts=found.facts, secrets=run.secrets())
    )
    if found.failed:
        run.held["code"] = ""
        run.keep(AWAY if found.code in ("no_state", "other_state") else DONE)
        run.end(found)
        return found
    with transaction.atomic():
        run.keep(WORKING)
        _start(run, owner, "finish")
    return found


def again(run: Run, owner, deed: str) -> bool:
    """Refreshes, calls or revokes once more with what the run holds. False when it is at work already."""
    with transaction.atomic():
        if not run.claim(DONE):
            return False
        _start(run, owner, deed)
    return True


def work(progress: jobs.Progress) -> dict:
    """The job: one deed of a run."""
    told = progress.job.input
    run = runs.of(progress.job.project, told["run"])
    if run is not None and run.holds and run.stage in (FINDING, WORKING):
        _DEEDS[told["deed"]](run)
    return {}


def _start(run: Run, owner, deed: str) -> Job:
    return jobs.start(work, owner=owner, project=run.row.project, input={"run": run.row.key, "deed": deed})


def _find(run: Run) -> None:
    found = Finding(Asking(run)).search()
    if found.failed:
        run.keep(DONE)
        run.end(found)
    else:
        _offer(run)


def _offer(run: Run) -> None:
    """The run waits for the browser; the leg that it will make is shown already."""
    run.keep(READY)
    request = ("GET", authorize_url(run), [("Host", urlsplit(run.setup.authorization_url).netloc)], b"")
    run.add(legs.made("authorize", request, outcome="waiting", secrets=run.secrets()))


def _finish(run: Run) -> None:
    """From the code to the call. The code is taken from the run before it is spent: a second worker finds none."""
    if not run.held.get("code"):
        _closed(run, verdict.failed("interrupted"))
        return
    asking = Asking(run)
    code = run.held["code"]
    run.held["code"] = ""
    run.keep()
    run.held["code"] = code
    found = asking.exchange()
    run.held["spent"] = run.held.pop("code")
    run.keep()
    if not found.failed:
        found = _use(asking)
    run.keep(DONE)
    run.end(found)


def _use(asking: Asking) -> Verdict:
    """Calls, refreshes as at expiry, and calls with the fresh token: what changes something is not called unasked."""
    found, _heard = asking.call()
    if found.failed:
        return found
    found = asking.refresh()
    asking.run.keep()
    if found.failed or found.code == "nothing_to_refresh" or asking.run.setup.changes:
        return found
    return asking.call()[0]


def _refresh(run: Run) -> None:
    _closed(run, Asking(run).refresh())


def _call(run: Run) -> None:
    _closed(run, Asking(run).call()[0])


def _revoke(run: Run) -> None:
    """Takes the tokens back; then the API should refuse the old one. A call that might change something is spared."""
    asking = Asking(run)
    found = asking.revoke()
    if not found.failed and not run.setup.changes:
        called, heard = asking.call("revoked")
        found = called if heard is not None else found
    _closed(run, found)


def _closed(run: Run, found: Verdict) -> None:
    run.keep(DONE)
    run.end(found)


_DEEDS = {"find": _find, "finish": _finish, "refresh": _refresh, "call": _call, "revoke": _revoke}
