"""What the page of a sign-in says of it: the verdict on the whole, and on one step the reason, its cure and the causes
of a silence."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.urls import reverse
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from actionstudio.apps.oauth import callers, codes, faults, reasons, repairing
from actionstudio.apps.oauth.models import Client, SignIn
from actionstudio.apps.oauth.reasons import unseen
from actionstudio.apps.oauth.reasons.unseen import Cause, Silence
from actionstudio.apps.projects.models import Project
from actionstudio.apps.signin import runs
from actionstudio.apps.signin import words as emulators
from actionstudio.apps.signin.steps import DONE, FAILED, ODD, STALE, WAITING, Step, ended, is_call, stopped, unchecked

_CALLS: dict[str, tuple[str | Promise, str | Promise]] = {
    "missing": (
        lazy("No token"),
        lazy("The call carried no token, so it was answered 401. The client has to sign in."),
    ),
    "wrong": (
        lazy("Not a token of this project"),
        lazy(
            "The call carried something that this provider never issued. Look whether client and address belong "
            "together."
        ),
    ),
    "revoked": (
        lazy("The token was revoked"),
        lazy("The call was answered 401. ChatGPT signs in again then, or tries its refresh token."),
    ),
    "expired": (
        lazy("The token has expired"),
        lazy("The call was answered 401: the client has to use its refresh token, or people have to sign in again."),
    ),
    "scope": (
        lazy("The token does not reach that far"),
        lazy(
            "The token does not have every scope that the operation needs. The client has to ask for the missing ones: "
            "in a GPT they stand in the Scope field of its OAuth settings, and the client's page says which ones it "
            "may ask for. Then the person has to sign in again."
        ),
    ),
}


@dataclass(frozen=True, slots=True)
class Badge:
    """The verdict on a whole run: ``kind`` of a badge, and its words."""

    kind: str
    words: str


@dataclass(frozen=True, slots=True)
class Told:
    """What is said of one step. ``kind`` is ok, warn, bad or info; ``offers`` are the repairs that fit now; ``again``:
    it was repaired, and the next thing to do is another sign-in."""

    kind: str
    title: str
    words: str
    source: str = ""
    offers: list[repairing.Offer] = field(default_factory=list)
    causes: list[Cause] = field(default_factory=list)
    facts: list[tuple[str, str]] = field(default_factory=list)
    again: bool = False


def badge(run: SignIn, made: Sequence[Step]) -> Badge:
    """How a run stands, from its steps."""
    if unchecked(made):
        return _unchecked()
    if step := stopped(made):
        return _called() if is_call(step) else Badge("bad", _("Stopped at step %(n)d") % {"n": step.number})
    if run.outcome == SignIn.Outcome.PASSED or any(step.name == "answer" and step.state == DONE for step in made):
        return Badge("ok", _("Passed"))
    awaited = next((step for step in made if step.state == WAITING), None)
    if stale(run) or awaited is None:
        return Badge("", _("Not finished"))
    return Badge("info", _("Waiting for step %(n)d") % {"n": awaited.number})


def brief(run: SignIn, refused: bool = False) -> Badge:
    """The same from the run's row, for lists. ``refused``: the newest that was heard of it is a refused call. What the
    emulator plays has judged its calls itself: one with a token that was taken back has to be refused."""
    called = run.step.startswith("call") and run.step != "callback"  # the emulator's own
    if run.outcome == SignIn.Outcome.FAILED:
        if run.reason == codes.STATE_UNCHECKED:
            return _unchecked()
        return _called() if called else Badge("bad", _("Failed"))
    if run.outcome == SignIn.Outcome.PASSED:
        return _called() if refused and not run.emulator else Badge("ok", _("Passed"))
    return Badge("", _("Not finished")) if stale(run) else Badge("info", _("Going on"))


def _called() -> Badge:
    """The sign-in has done what it was for; what failed came later."""
    return Badge("warn", _("Signed in, then a call failed"))


def _unchecked() -> Badge:
    return Badge("bad", str(reasons.of(codes.STATE_UNCHECKED).title))


def stale(run: SignIn) -> bool:
    """Whether nothing has happened for so long that nothing will, or nothing can, since its client is gone."""
    return timezone.now() - run.updated > STALE or runs.gone(run)


def case(project: Project, run: SignIn, step: Step) -> repairing.Case:
    """What a repair of this step is about."""
    leg = step.leg or {"code": "", "facts": {}}
    client = run.client or _named(project, leg["facts"].get("client_id"))
    return repairing.Case(project, leg["code"], leg["facts"], client, run.user)


def told(project: Project, run: SignIn, made: Sequence[Step], step: Step, base: str, repaired: str = "") -> Told:
    """What is said of one step of a run. ``base`` is the URL of the project's address, ``repaired`` the name of the
    repair that was just done to it."""
    causes = _silence(run, made, step, base)
    if step.leg is None:
        title = _("It never came") if stale(run) else _("It has not come yet")
        return Told("info", title, _("This page shows it as soon as it is seen."), causes=causes)
    facts, code = step.leg["facts"], step.leg["code"]
    if kind := faults.KINDS.get(str(facts.get("fault"))):
        if unchecked(made) is step:
            reason = reasons.of(codes.STATE_UNCHECKED)
            words = reason.sentence(facts, run.who or "client")
            return Told("bad", str(reason.title), words, reason.source, facts=_facts(facts))
        words = _("It misbehaved on purpose: %(what)s") % {"what": f"{kind.struck} {kind.then}"}
        return Told("warn", str(kind.title), words, facts=_facts(facts))
    if step.name == "callback" and step.state == DONE and (error := facts.get("error")):
        why = _why(made, step)
        words = _("Instead of a code the client got the error %(error)s.") % {"error": error}
        return Told("warn", _("The error went back to the client"), f"{words} {why}".strip(), facts=_facts(facts))
    if step.state not in (FAILED, ODD):
        return Told("ok", _("As it should be"), _seen(step), causes=causes, facts=_facts(facts))
    if step.name.startswith("call") and code in _CALLS:
        title, words = _CALLS[code]
        if cause := ended(made, step):
            title, words = reasons.of(cause.leg["code"] if cause.leg else "").title, _at(cause)
        said = _("In the log's words: %(words)s.") % {"words": facts["guard"]} if facts.get("guard") else ""
        offers = _of_scopes(project, run) if code == "scope" else []
        return Told("bad", str(title), f"{words} {said}".strip(), offers=offers)
    if code not in reasons.REASONS and (known := emulators.of(code)):
        return Told(_KINDS[step.state], str(known.title), _cure(known, facts), facts=_facts(facts))
    if code == codes.CLIENT_UNKNOWN and runs.gone(run):
        return Told("bad", *(str(text) for text in runs.GONE), facts=_facts(facts))
    reason = reasons.of(code)
    offers = repairing.offers(case(project, run, step))
    if repaired in reason.repairs and all(offer.name != repaired for offer in offers):
        words = _("It was: %(what)s. Run the sign-in again: this one stays as it was.") % {"what": reason.title}
        return Told("ok", _("Repaired"), words, facts=_facts(facts), again=True)
    words = reason.sentence(facts, run.who or "client")
    return Told("bad", str(reason.title), words, reason.source, offers, facts=_facts(facts))


def _why(made: Sequence[Step], step: Step) -> str:
    cause = stopped(made)
    return _at(cause) if cause is not None and cause is not step else ""


def _at(cause: Step) -> str:
    return _("Why, and what helps, stands at step %(n)d: %(title)s.") % {"n": cause.number, "title": cause.title}


def _of_scopes(project: Project, run: SignIn) -> list[repairing.Offer]:
    """Where it stands which scopes the client may ask for, and what its Scope field has to hold."""
    if run.client is None:
        return []
    url = reverse("oauth:client", args=[project.slug, run.client.client_id])
    return [repairing.Offer("client", _("The client's scopes"), url)]


_KINDS = {FAILED: "bad", ODD: "warn"}


def _cure(known: emulators.Words, facts: Mapping[str, Any]) -> str:
    """The cure of what the emulator saw, with the other provider's own words."""
    said = " ".join(str(facts[name]) for name in ("error", "said") if facts.get(name))
    told = [str(known.cure), _("In the server's own words: %(words)s") % {"words": said} if said else ""]
    also = [str(one.title) for code in facts.get("also", ()) if (one := emulators.of(code))]
    return " ".join([*(text for text in told if text), *(f"{title}." for title in also)])


def _silence(run: SignIn, made: Sequence[Step], step: Step, base: str) -> list[Cause]:
    """Why nothing follows the last leg that was seen: said beside it, and beside the first one that is awaited."""
    seen = [one for one in made if one.leg is not None]
    awaited = next((one for one in made if one.leg is None), None)
    if run.emulator or not seen or awaited is None or stopped(made) or step not in (seen[-1], awaited):
        return []
    return list(unseen.causes(Silence(seen[-1].name, run.who, base)))


def _seen(step: Step) -> str:
    if step.tries > 1:
        return _("It came %(n)d times; this is the last one.") % {"n": step.tries}
    return _("It was seen, and nothing is wrong with it.")


_NAMES = {
    "sent": lazy("Sent"),
    "registered": lazy("Registered"),
    "client": lazy("Client"),
    "client_id": lazy("Client ID"),
    "redirect_uri": lazy("Callback"),
    "host": lazy("Returns to"),
    "scope": lazy("Scope"),
    "scopes": lazy("Scope"),
    "auth_method": lazy("Secret sent by"),
    "content_type": lazy("Content type"),
    "grant_type": lazy("Grant type"),
    "parameters": lazy("Parameters"),
    "pkce": "PKCE",
    "expires_in": lazy("Expires in"),
    "refresh": lazy("Refresh token"),
    "id_token": lazy("ID token"),
    "state": "state",
    "resource": lazy("Resource"),
    "error": lazy("Error"),
    "guessed": lazy("Belongs here by its time only"),
}


def _facts(facts: dict[str, Any]) -> list[tuple[str, str]]:
    """What the leg told, as names and values; what is empty is left out."""
    return [
        (str(label), _value(facts[name])) for name, label in _NAMES.items() if facts.get(name) not in (None, "", [])
    ]


def _value(value: Any) -> str:
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    return " ".join(str(one) for one in value) if isinstance(value, list) else str(value)


def _named(project: Project, client_id: Any) -> Client | None:
    return project.clients.filter(client_id=client_id).first() if isinstance(client_id, str) and client_id else None


def who(run: SignIn) -> str:
    """Who signs in, in the reader's language."""
    return callers.name(run.who)
