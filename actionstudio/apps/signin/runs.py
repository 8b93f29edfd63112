"""A run of the emulator: what it was told, what it holds for a while, and its legs, kept in one row of oauth.SignIn."""

from __future__ import annotations

import base64
import datetime
import hashlib
import json
import secrets
from collections.abc import Callable
from dataclasses import asdict, dataclass, fields, replace
from typing import Any

from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as lazy

from actionstudio.apps.oauth import registering, tracing
from actionstudio.apps.oauth.models import Client, SignIn
from actionstudio.apps.projects.models import Project
from actionstudio.apps.publishing import sealing
from actionstudio.apps.signin import legs
from actionstudio.apps.signin.profiles import PROFILES, Profile
from actionstudio.apps.signin.profiles.profile import POST
from actionstudio.apps.signin.verdict import Verdict

NAME = "Action Studio sign-in test"  # of a client that a run registered
TIDY = 3  # runs whose test clients stay when a new one begins
HOLDS = datetime.timedelta(hours=1)  # how long a run keeps the secret and the tokens it got
LONGEST = 4000  # characters of a text of the setup
PATIENCE = datetime.timedelta(minutes=5)  # after which work that shows no sign of life is given up
SAFE = ("GET", "HEAD")  # methods that change nothing (RFC 9110, section 9.2.1): what may be called unasked, and again
GONE = (
    lazy("The client of this run is gone"),
    lazy("It was deleted, as the test clients of older runs are when new ones begin. Begin a new run."),
)
READY, FINDING, AWAY, WORKING, DONE = "ready", "finding", "away", "working", "done"


@dataclass(frozen=True, slots=True)
class Setup:
    """What the emulator was told, and what it found out about the provider by itself. Nothing in it is secret.

    ``method``: post, basic or none. ``content_type``: "" for the profile's. ``paste``: the builder brings the callback
    by hand. ``operation``: ``GET /items`` of the project, to be called afterwards; else ``call_url``. ``server_url`` is
    where a client that discovers begins. ``promised``: the metadata says that ``iss`` is sent. ``client``: the row of
    the client at the project's own provider, ``made`` whether it was made for this run alone, and ``like`` which one it
    was set like.
    """

    profile: str = "gpt"
    authorization_url: str = ""
    token_url: str = ""
    client_id: str = ""
    method: str = POST
    content_type: str = ""
    scope: str = ""
    redirect_uri: str = ""
    paste: bool = False
    operation: str = ""
    call_url: str = ""
    server_url: str = ""
    resource: str = ""
    issuer: str = ""
    promised: bool = False
    registration_url: str = ""
    revocation_url: str = ""
    client: int | None = None
    made: bool = False
    like: int | None = None

    @property
    def changes(self) -> bool:
        """Whether the call afterwards may change something."""
        return bool(self.operation) and not self.call_url and self.operation.partition(" ")[0] not in SAFE


class Run:
    """One run. ``held`` are its secrets by name: secret, state, verifier, code, access, refresh."""

    def __init__(self, row: SignIn) -> None:
        self.row = row
        known = {field.name for field in fields(Setup)}
        told = row.emulator.get("setup", {})
        self.setup = Setup(**{name: value for name, value in told.items() if name in known})
        self.held: dict[str, str] = self._unsealed()

    @classmethod
    def begin(cls, project: Project, setup: Setup, secret: str) -> Run:
        """A new run, which keeps ``secret`` sealed for as long as it may need it."""
        key = secrets.token_hex(10)
        row = SignIn.objects.create(
            project=project, key=key, who=PROFILES[setup.profile].who, emulator={"stage": READY}
        )
        run = cls(row)
        run.setup = setup
        state, verifier = PROFILES[setup.profile].state(), secrets.token_urlsafe(48)
        run.held = {"secret": secret, "state": state, "verifier": verifier}
        run.keep()
        return run

    @property
    def profile(self) -> Profile:
        return PROFILES[self.setup.profile]

    @property
    def stage(self) -> str:
        """ready (for the browser), finding (the provider), away (in the browser), working, done."""
        return self.row.emulator.get("stage", DONE)

    @property
    def stuck(self) -> bool:
        """Whether its work was interrupted for good: a step takes 45 seconds at most."""
        return self.stage in (FINDING, WORKING) and timezone.now() - self.row.updated > PATIENCE

    @property
    def holds(self) -> bool:
        """Whether it still has its secrets: afterwards nothing can be asked with it."""
        return bool(self.held)

    @property
    def gone(self) -> bool:
        """Whether its client at the project's own provider was deleted, with what it held."""
        return gone(self.row)

    def change(self, **changes: Any) -> None:
        self.setup = replace(self.setup, **changes)

    def keep(self, stage: str = "") -> None:
        """Writes what was changed of ``setup`` and ``held``. Metadata of strangers may hold what no database keeps."""
        told = {name: _bounded(value) for name, value in asdict(self.setup).items()}
        sealed = sealing.seal(json.dumps(self.held), self._place())
        self.row.emulator = {
            "setup": told,
            "stage": stage or self.stage,
            "sealed": base64.b64encode(sealed).decode(),
        }
        self.row.client = Client.objects.filter(pk=self.setup.client).first() if self.setup.client else None
        self.row.state_digest = tracing.digest_of(self.row.project_id, self.setup.client_id, self.held.get("state", ""))
        self.row.save(update_fields=["emulator", "client", "state_digest"])

    def claim(self, *stages: str) -> bool:
        """Takes the run out of one of these stages into work. Only one of several at once succeeds."""
        told = {**self.row.emulator, "stage": WORKING}
        mine = SignIn.objects.filter(pk=self.row.pk, emulator__stage__in=stages)
        if not mine.update(emulator=told, updated=timezone.now()):
            return False
        self.row.emulator = told
        return True

    def add(self, leg: legs.Leg) -> None:
        """Keeps one more leg; the newest ones count when there are too many."""
        with transaction.atomic():
            row = SignIn.objects.select_for_update().get(pk=self.row.pk)
            row.legs = [*row.legs, leg][-legs.MOST :]
            row.step, row.updated = leg["kind"][:20], timezone.now()
            row.save(update_fields=["legs", "step", "updated"])
        self.row.legs, self.row.step = row.legs, row.step

    def amend(self, kind: str, code: str) -> None:
        """The last leg of that kind was wrong for another reason than it seemed: a later one has shown it."""
        self._mend(kind, lambda leg: leg.update(code=code))

    def remark(self, kind: str, code: str) -> None:
        """The last leg of that kind went well, but is worth a look for this reason."""
        self._mend(kind, lambda leg: leg.update(outcome="odd", code=code))

    def _mend(self, kind: str, change: Callable[[legs.Leg], None]) -> None:
        with transaction.atomic():
            row = SignIn.objects.select_for_update().get(pk=self.row.pk)
            leg = next((one for one in reversed(row.legs) if one["kind"] == kind), None)
            if leg is not None:
                change(leg)
                row.save(update_fields=["legs"])
        self.row.legs = row.legs

    def end(self, verdict: Verdict) -> None:
        """How it went as a whole."""
        self.row.outcome = SignIn.Outcome.FAILED if verdict.failed else SignIn.Outcome.PASSED
        self.row.reason, self.row.updated = (verdict.code if verdict.failed else ""), timezone.now()
        self.row.save(update_fields=["outcome", "reason", "updated"])

    def values(self) -> dict[str, str]:
        """Every parameter that a profile may send, by its name on the wire."""
        setup, held = self.setup, self.held
        return {
            "response_type": "code",
            "access_type": "offline",
            "client_id": setup.client_id,
            "client_secret": held.get("secret", ""),
            "redirect_uri": setup.redirect_uri,
            "scope": setup.scope,
            "state": held.get("state", ""),
            "resource": setup.resource,
            "code": held.get("code", ""),
            "code_verifier": held.get("verifier", ""),
            "code_challenge": challenge(held.get("verifier", "")),
            "code_challenge_method": "S256",
            "refresh_token": held.get("refresh", ""),
        }

    def secrets(self) -> list[str]:
        """What no leg may show. The state is none of them: both sides compare it openly."""
        return [text for name, text in self.held.items() if name != "state" and text]

    def _place(self) -> str:
        return f"emulator/{self.row.project_id}/{self.row.key}"

    def _unsealed(self) -> dict[str, str]:
        told = self.row.emulator
        if not told.get("sealed") or timezone.now() > self.row.started + HOLDS:
            return {}
        try:
            return json.loads(sealing.unseal(base64.b64decode(told["sealed"]), self._place()))
        except (sealing.Unreadable, ValueError):
            return {}


def _bounded(value: Any) -> Any:
    return value.replace("\0", "")[:LONGEST] if isinstance(value, str) else value


def challenge(verifier: str) -> str:
    """The S256 challenge of a verifier (RFC 7636, section 4.2)."""
    return base64.urlsafe_b64encode(hashlib.sha256(verifier.encode()).digest()).decode().rstrip("=")


def gone(row: SignIn) -> bool:
    """Whether the client that an emulated run played was deleted since: nothing can follow. No query."""
    return row.client_id is None and row.emulator.get("setup", {}).get("client") is not None


def of(project: Project, key: str) -> Run | None:
    """The emulated run of that key, None when there is none."""
    row = SignIn.objects.filter(project=project, key=key, emulator__has_key="setup").select_related("client").first()
    return None if row is None else Run(row)


def tidy(project: Project) -> None:
    """Deletes the test clients of all but the newest runs: people would find one more connected app after each."""
    newest = SignIn.objects.filter(project=project, emulator__has_key="setup").order_by("-pk")
    kept = [pk for pk in newest.values_list("client_id", flat=True)[:TIDY] if pk]
    registered = Q(registration_source=Client.RegistrationSource.DCR, name=NAME)
    made = Client.objects.filter(registering.PASSING | registered, project=project)
    for client in made.exclude(pk__in=kept)[:100]:
        registering.delete(client)


def sweep(project: Project | None = None) -> None:
    """Wipes what runs hold beyond their time, of one project or of all, and the clients that were made for them."""
    now = timezone.now()
    mine = {} if project is None else {"project": project}
    old = SignIn.objects.filter(started__lt=now - HOLDS, emulator__has_key="setup", **mine).exclude(emulator__sealed="")
    for row in old.defer("legs")[:1000]:
        row.emulator = {**row.emulator, "sealed": ""}
        row.save(update_fields=["emulator"])
    for client in Client.objects.filter(registering.PASSING, created__lt=now - HOLDS, **mine)[:1000]:
        registering.delete(client)
