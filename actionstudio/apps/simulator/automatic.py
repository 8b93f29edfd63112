"""The dialog of an action at an address of this studio, filled in by itself: what the address asks for is made, sealed,
and made anew when the address asks for something else. A person who saves the dialog ends that.

A key is issued only where callers need an issued one: on an address for which none was ever issued any well-formed
key is good (runtime/guard.py), and a first key would shut everybody else out.
"""

from __future__ import annotations

import base64
import hashlib
import secrets
from collections.abc import Iterable

from django.conf import settings
from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext as _

from actionstudio.apps.oauth import people, registering
from actionstudio.apps.oauth import secrets as client_secrets
from actionstudio.apps.oauth.models import Client, Provider, UserKey
from actionstudio.apps.projects.models import Project
from actionstudio.apps.publishing import serving
from actionstudio.apps.publishing.models import Key
from actionstudio.apps.release import credentials, pasting
from actionstudio.apps.simulator import dialog, keeping, places
from actionstudio.apps.simulator.models import Action
from actionstudio.core.auth import ApiKey, Auth, Declared, OAuth, ServiceHttp, UserHttp
from actionstudio.core.contract import Contract
from actionstudio.core.problem import Refused
from actionstudio.core.specs import manifest

_METHODS = {dialog.POST: Client.Method.POST, dialog.HEADER: Client.Method.BASIC}
_OWN = ("oauth_client_id",)  # of the stored form: what is made for one action alone


def callback_url() -> str:
    """Where the browser comes back to after a sign-in in a chat: one address for all, told apart by their state."""
    return settings.STUDIO_PUBLIC_URL + reverse("simulator:callback")


def settle(action: Action) -> Action:
    """Makes the dialog fit what the address asks for now, where it is automatic; else nothing. Two at once do it
    once."""
    if not action.automatic or action.address is None:
        return action
    contract, _number = places.served(action.address)
    wanted = wish(contract, places.base_of(action.address))
    if _fits(action, contract.auth, wanted):
        return action
    with transaction.atomic():
        row = Action.objects.select_for_update(of=("self",), no_key=True).get(pk=action.pk)
        row.address, row.gpt = action.address, action.gpt
        if row.automatic and not _fits(row, contract.auth, wanted):
            _make(row, contract.auth, wanted)
            row.save(update_fields=["auth", "sealed", "client"])
    for name in ("auth", "sealed", "client", "automatic"):
        setattr(action, name, getattr(row, name))
    return action


def wish(contract: Contract, base: str) -> dialog.Stored:
    """The dialog that the address asks for, without what is made for one action alone."""
    auth = contract.auth
    if isinstance(auth, OAuth):
        if auth.ours:
            return dialog.of_provider(auth, base, manifest.wanted(contract, auth))
        return dialog.key(dialog.BEARER)  # whose tokens are judged by their form here: any will do
    if isinstance(auth, ApiKey):
        kinds = {"bearer": dialog.BEARER, "basic": dialog.BASIC, "header": dialog.CUSTOM}
        return dialog.key(kinds[auth.scheme], auth.header)
    if isinstance(auth, ServiceHttp | UserHttp):
        return dialog.key(dialog.BASIC if auth.authorization_type == "basic" else dialog.BEARER)
    return _declared(contract) if isinstance(auth, Declared) else dialog.none()


def lacks(action: Action) -> bool:
    """Whether the address asks for a credential and the action was told to send none: its calls are refused."""
    if action.automatic or action.address is None or action.auth.get("type", dialog.NONE) != dialog.NONE:
        return False
    contract, _number = places.served(action.address)
    return wish(contract, places.base_of(action.address))["type"] != dialog.NONE


def forget(action: Action) -> None:
    """What was made for an action ends with it: its client at the provider, its key. Call before it is deleted, and
    when a person fills in the dialog."""
    if action.client is not None:
        registering.delete(action.client)
        action.client = None
    text = keeping.secrets(action).get(keeping.KEY, "")
    if not (action.automatic and text and action.address is not None):
        return
    end_key(action.address.project, text)


def end_key(project: Project, text: str) -> None:
    """Revokes a key that was made here, issued or a person's own; one that any address takes is in no list."""
    digest = _digest(text)
    for pk in project.keys.filter(digest=digest, revoked=None).values_list("pk", flat=True):
        credentials.revoke(project, pk)
    for key in UserKey.objects.filter(user__project=project, digest=digest, revoked=None).select_related("user"):
        people.revoke_key(key.user, key.pk)


def _declared(contract: Contract) -> dialog.Stored:
    """What the document's own ``security`` asks for, as far as ChatGPT can send it."""
    found = pasting.followed(contract)
    if found is None:
        return dialog.none()
    scheme = found.scheme
    if scheme.get("type") == "apiKey":
        return dialog.key(dialog.CUSTOM, str(scheme.get("name", "")))
    if scheme.get("type") == "http" and str(scheme.get("scheme", "")).lower() == "basic":
        return dialog.key(dialog.BASIC)
    return dialog.key(dialog.BEARER)  # tokens of OAuth are judged by their form here, too


def _fits(action: Action, auth: Auth, wanted: dialog.Stored) -> bool:
    """Whether the dialog is what is wanted, and what it holds is good."""
    if {name: value for name, value in action.auth.items() if name not in _OWN} != _bare(wanted):
        return False
    if wanted["type"] == dialog.OAUTH:
        return action.client_id is not None and bool(keeping.secrets(action))
    if wanted["type"] == dialog.NONE:
        return True
    text = keeping.secrets(action).get(keeping.KEY, "")
    return bool(text) and _known(action.address.project, auth, text)


def _bare(wanted: dialog.Stored) -> dialog.Stored:
    return {name: value for name, value in wanted.items() if name not in _OWN}


def _known(project: Project, auth: Auth, text: str) -> bool:
    """Whether the address knows the key, or takes any. One that somebody has revoked stays: calls show that."""
    digest = _digest(text)
    if isinstance(auth, UserHttp):
        return UserKey.objects.filter(user__project=project, digest=digest).exists()
    issued = set(project.keys.values_list("digest", flat=True))
    return not issued or digest in issued


def _make(row: Action, auth: Auth, wanted: dialog.Stored) -> None:
    """Fills in the dialog, with a client or a key where one is needed."""
    project = row.address.project
    if row.client is not None and wanted["type"] != dialog.OAUTH:
        registering.delete(row.client)
        row.client = None
    texts = keeping.secrets(row)
    if wanted["type"] == dialog.OAUTH:
        texts = {keeping.CLIENT_SECRET: _client(row, wanted, texts.get(keeping.CLIENT_SECRET, ""))}
        wanted = wanted | {"oauth_client_id": row.client.client_id if row.client else ""}
    elif wanted["type"] == dialog.KEY:
        texts = {keeping.KEY: made_key(project, auth, wanted, texts.get(keeping.KEY, ""))}
    else:
        texts = {}
    row.auth = wanted
    keeping.put_secrets(row, texts)


def _client(row: Action, wanted: dialog.Stored, secret: str) -> str:
    """The client that may come back to the simulator's callback alone, so that no real one is loosened for it; its
    secret. "" when the project can have none: the sign-in says why."""
    project, method = row.address.project, _METHODS[wanted["token_exchange_method"]]
    if row.client is not None and secret:
        if row.client.token_method != method:
            registering.change(row.client, token_method=method)
        return secret
    try:
        with transaction.atomic():
            row.client = made_client(project, row.gpt.name, method)
    except Refused:
        row.client = None
        return ""
    return client_secrets.mint(row.client)


def made_client(project: Project, gpt: str, method: str) -> Client:
    """A client as ChatGPT's, which returns to the simulator's callback only. Raises Refused."""
    name = _("%(gpt)s (simulated)") % {"gpt": gpt[: registering.NAME_LONGEST - 20]}
    client = registering.register(
        project,
        Client.Preset.OTHER,
        name=name[: registering.NAME_LONGEST],
        redirect_uris=(callback_url(),),
        token_method=method,
        pkce=Client.Pkce.OPTIONAL,
    )
    client.registration_source = Client.SIMULATOR
    client.save(update_fields=["registration_source"])
    return client


def made_key(project: Project, auth: Auth, wanted: dialog.Stored, text: str) -> str:
    """A key that the address takes: a person's own, an issued one, or a made-up one where any will do."""
    if isinstance(auth, UserHttp):
        return _persons(project)
    basic = wanted["authorization_type"] == dialog.BASIC
    if not text or basic != _is_pair(text):
        text = Key.PREFIX + secrets.token_urlsafe(32)
        text = base64.b64encode(f"simulator:{text}".encode()).decode() if basic else text
    if project.keys.exists() and not project.keys.filter(digest=_digest(text)).exists():
        Key.mint(project, _free(project.keys.values_list("name", flat=True)), text)
        serving.changed(project)
    return text


def _persons(project: Project) -> str:
    """A key of somebody who may sign in, the first of them; "" when there is nobody."""
    Provider.of(project)  # with it the people of drills
    user = project.end_users.filter(is_active=True).order_by("pk").first()
    if user is None:
        return ""
    try:
        return people.mint_key(user, _free(user.keys.values_list("name", flat=True)))[1]
    except Refused:
        return ""


def _free(taken: Iterable[str]) -> str:
    """A name for a key that none of these has."""
    there, name, number = set(taken), _("Simulator"), 1
    while name in there:
        number += 1
        name = _("Simulator %(n)s") % {"n": number}
    return name


def _is_pair(text: str) -> bool:
    """Whether a text is base64 of user:password (RFC 7617): what Basic asks for, where no key was issued."""
    try:
        return b":" in base64.b64decode(text, validate=True)
    except ValueError:
        return False


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()
