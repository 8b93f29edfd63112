"""Repairs of a failed sign-in: each one is a button, does one thing, and says what it has done.

A repair fits a case or not: it is not offered where it would change nothing, or where the rules forbid it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext as _

from actionstudio.apps.design import editing, newest
from actionstudio.apps.design.models import Document
from actionstudio.apps.oauth import callbacks, offered, people, reasons, registering
from actionstudio.apps.oauth.models import Client, EndUser, Provider
from actionstudio.apps.projects.models import Project
from actionstudio.core import codec
from actionstudio.core.auth import Auth, OAuth, Scope
from actionstudio.core.problem import Problem, Refused

LONGER = 600  # seconds of a code's life, the most that RFC 6749, section 4.1.2 recommends
DAYS = 30


@dataclass(frozen=True)
class Case:
    """A leg that failed: its code and its facts, whose client it was and who signed in, as far as that is known."""

    project: Project
    code: str
    facts: Mapping[str, Any] = field(default_factory=dict)
    client: Client | None = None
    user: EndUser | None = None

    @property
    def sent(self) -> str:
        """What was sent, when it was one text."""
        sent = self.facts.get("sent")
        return sent if isinstance(sent, str) else ""

    @property
    def scopes(self) -> list[str]:
        """The scopes that were sent, or those of them that were wrong."""
        sent = self.facts.get("sent")
        return [str(one) for one in sent] if isinstance(sent, list) else self.sent.split()


@dataclass(frozen=True)
class Repair:
    """One repair: when it fits, what its button says, and its deed, which returns what was done.

    Without a deed ``page`` leads to where a person does it: something is shown once there, or has to be chosen.
    """

    fits: Callable[[Case], bool]
    label: Callable[[Case], str]
    deed: Callable[[Case, Any], str] | None = None
    page: Callable[[Case], tuple[str, list[str]]] | None = None
    warning: Callable[[Case], str] | None = None  # what to know before the button is pressed


@dataclass(frozen=True)
class Offer:
    """A repair as a page shows it: a button that posts ``name``, or a link to ``url``."""

    name: str
    label: str
    url: str = ""
    warning: str = ""


def offers(case: Case) -> list[Offer]:
    """The repairs that fit, the best one first."""
    found = []
    for name in reasons.of(case.code).repairs:
        repair = REPAIRS[name]
        if not repair.fits(case):
            continue
        url = _url(repair, case)
        if repair.deed is not None or url:
            warning = repair.warning(case) if repair.warning else ""
            found.append(Offer(name, repair.label(case), url, warning))
    return found


def run(name: str, case: Case, by: Any = None) -> str:
    """Does a repair; what was done, in words. Raises Refused when it does not fit, or what it changes refuses it."""
    repair = REPAIRS.get(name) if name in reasons.of(case.code).repairs else None
    if repair is None or repair.deed is None or not repair.fits(case):
        raise Refused(Problem("/repair", _("This repair does not fit any more: look at the sign-in again."), "gone"))
    return repair.deed(case, by)


def _url(repair: Repair, case: Case) -> str:
    if repair.page is None:
        return ""
    name, arguments = repair.page(case)
    try:
        return reverse(name, args=[case.project.slug, *arguments])
    except NoReverseMatch:
        return ""


def _change(case: Case, **fields: Any) -> None:
    assert case.client is not None
    registering.change(case.client, **fields)


# The callback


def _uris(case: Case) -> list[str]:
    """The callback that was sent, and its twin on ChatGPT's other host; without those that are registered. [] for what
    could be a stranger's: of a form that no such client has, or refused before."""
    client, uri = case.client, case.sent
    if client is None or not uri or not callbacks.likeness(client, uri) or callbacks.is_refused(client, uri):
        return []
    return _unregistered(case)


def _unregistered(case: Case) -> list[str]:
    gpt_id = callbacks.ids(case.sent)
    wanted = callbacks.pair(gpt_id) if gpt_id else [case.sent]
    kept = case.client.uris if case.client else []
    return [uri for uri in wanted if uri not in kept and not callbacks.objection(uri)]


def _twins(case: Case) -> bool:
    """Whether a sign-in began with the one host of a GPT and went on with the other, and they are not both there."""
    gpt_id, began = callbacks.ids(case.sent), case.facts.get("registered")
    return bool(gpt_id) and {case.sent, began} == set(callbacks.pair(gpt_id)) and bool(_uris(case))


def _allow_callback(case: Case, by: Any) -> str:
    assert case.client is not None
    new = _uris(case)
    gpt_id = case.client.gpt_id or callbacks.ids(case.sent)
    _change(case, redirect_uris=[*case.client.uris, *new], gpt_id=gpt_id)
    case.client.callbacks.filter(uri__in=[case.sent, *new]).update(state="allowed")
    return _("Registered: %(uris)s") % {"uris": ", ".join(new)}


def _likeness(case: Case) -> str:
    return callbacks.likeness(case.client, case.sent) if case.client else ""


def _strange(case: Case) -> bool:
    """Whether only its owner can say whether a callback is theirs: then a person writes it down, or leaves it."""
    return case.client is not None and bool(case.sent) and bool(_unregistered(case)) and not _uris(case)


def _strangeness(case: Case) -> str:
    if case.client is not None and callbacks.is_refused(case.client, case.sent):
        return _("You have refused this callback. If it is yours after all, offer it again on the client's page.")
    return _(
        "Anybody can open a sign-in with a callback of their own, and this one is not of the form that a client of "
        "this kind has. Only if you know that it is yours, write it down among the client's callbacks."
    )


# How the client shows who it is


def _other_method(case: Case) -> bool:
    known = case.sent in (Client.Method.POST, Client.Method.BASIC)
    return known and case.client is not None and case.client.token_method not in (case.sent, Client.Method.ANY)


def _method_as_sent(case: Case, by: Any) -> str:
    _change(case, token_method=case.sent)
    if case.client is not None and not case.client.secrets.exists():
        return _("The client takes its secret this way now. It has none yet: make one on the client's page.")
    return _("The client takes its secret this way now.")


def _both_methods(case: Case) -> bool:
    return _other_method(case) and case.client is not None and case.client.token_method != Client.Method.NONE


def _method_any(case: Case, by: Any) -> str:
    _change(case, token_method=Client.Method.ANY)
    return _("The client may show its secret in either way now.")


# PKCE


def _confidential(case: Case) -> bool:
    return case.client is not None and case.client.token_method != Client.Method.NONE


def _may_be_optional(case: Case) -> bool:
    return _confidential(case) and case.client is not None and case.client.pkce == Client.Pkce.REQUIRED


def _pkce_optional(case: Case, by: Any) -> str:
    assert case.client is not None
    _change(case, pkce=Client.Pkce.OPTIONAL)
    Client.objects.filter(pk=case.client.pk).update(pkce_seen=False)  # else one challenge of old still demands it
    return _("PKCE is optional for this client now.")


def _may_be_off(case: Case) -> bool:
    return _confidential(case) and case.client is not None and case.client.pkce == Client.Pkce.OPTIONAL


def _pkce_off(case: Case, by: Any) -> str:
    _change(case, pkce=Client.Pkce.OFF)
    return _("PKCE is not asked of this client any more.")


# What the client may


def _takes_forms_only(case: Case) -> bool:
    return case.client is not None and not case.client.json_bodies


def _json_bodies(case: Case, by: Any) -> str:
    _change(case, json_bodies=True)
    return _("The client's token requests may be JSON now.")


def _new_grants(case: Case) -> list[str]:
    if case.client is None or case.sent not in registering.GRANTS or case.sent in case.client.grants:
        return []
    if case.sent == registering.MACHINE and not _confidential(case):
        return []
    needed = [registering.CODE] if case.sent == registering.REFRESH else []
    return [*case.client.grants, *(one for one in (*needed, case.sent) if one not in case.client.grants)]


def _grant(case: Case, by: Any) -> str:
    _change(case, grants=_new_grants(case))
    return _("The client may use %(grant)s now.") % {"grant": case.sent}


def _switched_off(case: Case) -> bool:
    return case.client is not None and not case.client.enabled


def _enable(case: Case, by: Any) -> str:
    assert case.client is not None
    registering.switch(case.client, True)
    return _("The client is switched on.")


# Scopes


def _known_scopes(case: Case) -> set[str]:
    return {scope.name for scope in offered.scopes(newest.contract(case.project).auth)}


def _missing_of_client(case: Case) -> list[str]:
    """Scopes that were asked for, that the project has, and that the client may not ask for. [] means all."""
    if case.client is None or not case.client.scopes:
        return []
    known = _known_scopes(case)
    return [name for name in case.scopes if name in known and name not in case.client.scopes]


def _client_scope(case: Case, by: Any) -> str:
    assert case.client is not None
    new = _missing_of_client(case)
    _change(case, scopes=[*case.client.scopes, *new])
    return _("The client may ask for %(scopes)s now.") % {"scopes": ", ".join(new)}


def _missing_of_project(case: Case) -> list[str]:
    auth = newest.contract(case.project).auth
    if not isinstance(auth, OAuth) or not auth.ours:
        return []
    known = _known_scopes(case)
    return [name for name in dict.fromkeys(case.scopes) if name not in known and _is_scope(name)][:5]


def _is_scope(name: str) -> bool:
    """RFC 6749, section 3.3: printable ASCII without quotes and backslashes."""
    return 0 < len(name) <= 100 and all(33 <= ord(sign) < 127 and sign not in '"\\' for sign in name)


def _project_scope(case: Case, by: Any) -> str:
    new = _missing_of_project(case)
    told = {"scopes": ", ".join(new)}
    with editing.editing(case.project, by, _("Scope %(scopes)s added") % told):
        row = Document.objects.get(project=case.project)
        auth = codec.value_of(Auth, row.auth)
        scopes = (*auth.scopes, *(Scope(name) for name in new))
        Document.objects.filter(pk=row.pk).update(auth=codec.plain(replace(auth, scopes=scopes)))
    if case.client is not None and case.client.scopes:
        _change(case, scopes=[*case.client.scopes, *new])
    return _("The project has %(scopes)s now. Write what people read of it under Authentication.") % told


# What the provider grants


def _provider(case: Case) -> Provider:
    return Provider.of(case.project)


def _code_longer(case: Case, by: Any) -> str:
    Provider.objects.filter(project=case.project).update(code_seconds=LONGER)
    return _("A code lives for %(n)d seconds now.") % {"n": LONGER}


def _refreshes_not(case: Case) -> bool:
    return case.client is not None and (
        _provider(case).refresh_days < DAYS or registering.REFRESH not in case.client.grants
    )


def _refresh_on(case: Case, by: Any) -> str:
    assert case.client is not None
    if _provider(case).refresh_days < DAYS:
        Provider.objects.filter(project=case.project).update(refresh_days=DAYS)
    if registering.REFRESH not in case.client.grants:
        _change(case, grants=[*dict.fromkeys([*case.client.grants, registering.CODE, registering.REFRESH])])
    return _("Refresh tokens are issued, and live for %(n)d days without use.") % {"n": DAYS}


def _open_user(case: Case, by: Any) -> str:
    assert case.user is not None
    people.reopen(case.user)
    return _("The account is open again.")


def _to_client(case: Case) -> tuple[str, list[str]]:
    return ("oauth:client", [case.client.client_id]) if case.client is not None else ("oauth:clients", [])


def _to_user(case: Case) -> tuple[str, list[str]]:
    return ("oauth:user", [str(case.user.sub)]) if case.user is not None else ("oauth:users", [])


def _allow_label(case: Case) -> str:
    return _("Allow both addresses") if callbacks.ids(case.sent) else _("Allow this callback")


def _as_sent_label(case: Case) -> str:
    return _("Take it in the header") if case.sent == Client.Method.BASIC else _("Take it in the body")


REPAIRS: dict[str, Repair] = {
    "allow-callback": Repair(lambda case: bool(_uris(case)), _allow_label, _allow_callback, warning=_likeness),
    "allow-both": Repair(_twins, _allow_label, _allow_callback, warning=_likeness),
    "callbacks": Repair(_strange, lambda case: _("The client's callbacks"), page=_to_client, warning=_strangeness),
    "method-as-sent": Repair(_other_method, _as_sent_label, _method_as_sent),
    "method-any": Repair(_both_methods, lambda case: _("Take it in either way"), _method_any),
    "pkce-optional": Repair(_may_be_optional, lambda case: _("Make PKCE optional"), _pkce_optional),
    "pkce-off": Repair(_may_be_off, lambda case: _("Do not ask for PKCE"), _pkce_off),
    "json-bodies": Repair(_takes_forms_only, lambda case: _("Take JSON as well"), _json_bodies),
    "grant": Repair(lambda case: bool(_new_grants(case)), lambda case: _("Let the client use it"), _grant),
    "enable": Repair(_switched_off, lambda case: _("Switch the client on"), _enable),
    "client-scope": Repair(
        lambda case: bool(_missing_of_client(case)), lambda case: _("Let the client ask for it"), _client_scope
    ),
    "project-scope": Repair(
        lambda case: bool(_missing_of_project(case)), lambda case: _("Add the scope to the project"), _project_scope
    ),
    "code-longer": Repair(
        lambda case: _provider(case).code_seconds < LONGER, lambda case: _("Let codes live 10 minutes"), _code_longer
    ),
    "refresh-on": Repair(_refreshes_not, lambda case: _("Issue refresh tokens"), _refresh_on),
    "open-user": Repair(
        lambda case: case.user is not None and not case.user.is_active, lambda case: _("Open the account"), _open_user
    ),
    "user": Repair(lambda case: case.user is not None, lambda case: _("The user's page"), page=_to_user),
    "development": Repair(
        lambda case: not _provider(case).development,
        lambda case: _("The provider's settings"),
        page=lambda case: ("oauth:provider", []),
    ),
    "new-secret": Repair(_confidential, lambda case: _("Make a new secret"), page=_to_client),
    "clients": Repair(lambda case: True, lambda case: _("Clients"), page=lambda case: ("oauth:clients", [])),
}
