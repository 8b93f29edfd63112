"""What can be done at once for a plugin that is the project's own: its domain, its token, a key or a client for it."""

from __future__ import annotations

import dataclasses
from typing import Any
from urllib.parse import urlsplit

from django.db import transaction
from django.utils.translation import gettext as _

from actionstudio.apps.oauth import registering
from actionstudio.apps.oauth import secrets as client_secrets
from actionstudio.apps.oauth.models import Client
from actionstudio.apps.projects.models import Project
from actionstudio.apps.publishing.models import Address
from actionstudio.apps.publishing.source import base_urls
from actionstudio.apps.release import credentials
from actionstudio.apps.simulator import automatic, dialog, keeping, places
from actionstudio.apps.simulator.models import PluginInstall
from actionstudio.apps.simulator.plugins.judging import CLIENT_SECRET, CREDENTIAL
from actionstudio.core.auth import ApiKey, Auth, OAuth, ServiceHttp
from actionstudio.core.chatgpt.plugin.reading import OAUTH, Manifest
from actionstudio.core.problem import Problem, Refused

MADE = "made"  # in what an install holds: its key was made here


def domains(project: Project) -> list[str]:
    """The domains of the project's own addresses: hosts of their own, since a path is no place for a plugin."""
    found = [urlsplit(url) for row in project.addresses.all() for url in base_urls(row.name, row.domain)]
    return list(dict.fromkeys(parts.netloc.lower() for parts in found if not parts.path.strip("/")))


def address(install: PluginInstall) -> Address | None:
    """The project's address that the plugin is, None when it is somebody else's."""
    for row in install.project.addresses.select_related("pinned"):
        hosts = {urlsplit(url).netloc.lower() for url in base_urls(row.name, row.domain) if url.count("/") == 2}
        if install.domain in hosts:
            return row
    return None


def place_token(install: PluginInstall, by: Any) -> None:
    """Writes the install's token into the project's manifest, as the authentication page would. Raises Refused."""
    row = _address(install)
    if row.pinned_id is not None:
        words = _("The address serves an older version: let it follow the newest, or paste the token by hand.")
        raise Refused(Problem("/token", words, "pinned"))
    auth = _with(places.served(row)[0].auth, install.token)
    if auth is None:
        words = _("The project's kind of sign-in has no verification tokens. Choose another under Authentication.")
        raise Refused(Problem("/token", words, "kind"))
    credentials.choose(install.project, auth, by)


def _with(auth: Auth, token: str) -> Auth | None:
    """The same sign-in with the token. A key has no place for it; the manifest says service_http of it all the same."""
    if isinstance(auth, ApiKey) and auth.scheme in ("bearer", "basic"):
        return ServiceHttp(auth.scheme, {"openai": token}, scheme_name=auth.scheme_name)
    if isinstance(auth, ServiceHttp | OAuth):
        return dataclasses.replace(auth, verification_tokens={**auth.verification_tokens, "openai": token})
    return None


def fill(install: PluginInstall) -> PluginInstall:
    """Makes what the plugin signs in with, for this install alone: a key, or a client. Raises Refused."""
    row, kind = _address(install), Manifest(install.manifest).kind
    contract = places.served(row)[0]
    with transaction.atomic():
        forget(install)
        if kind == OAUTH:
            _client(install, contract.auth)
        else:
            wanted = automatic.wish(contract, places.base_of(row))
            if wanted["type"] != dialog.KEY:
                raise Refused(Problem("/secret", _("This plugin asks for no secret."), "kind"))
            text = automatic.made_key(install.project, contract.auth, wanted, "")
            keeping.put_held(install, {CREDENTIAL: text, MADE: "1"})
        install.save()
    return install


def _client(install: PluginInstall, auth: Auth) -> None:
    if not (isinstance(auth, OAuth) and auth.ours):
        words = _("People sign in at a server of your own: make the client there, and write it here.")
        raise Refused(Problem("/client_id", words, "elsewhere"))
    name = Manifest(install.manifest).text("name_for_human") or install.domain
    install.client = automatic.made_client(install.project, name, Client.Method.POST)
    install.oauth_client_id = install.client.client_id
    install.scope, install.expires = "", None
    keeping.put_held(install, {CLIENT_SECRET: client_secrets.mint(install.client)})


def forget(install: PluginInstall) -> None:
    """Ends what was made for the install. The caller saves or deletes it."""
    if install.client is not None:
        registering.delete(install.client)
        install.client = None
    held = keeping.held(install)
    if held.get(MADE) and held.get(CREDENTIAL):
        automatic.end_key(install.project, held[CREDENTIAL])


def _address(install: PluginInstall) -> Address:
    row = address(install)
    if row is None:
        raise Refused(Problem("", _("This plugin is not the project's own."), "elsewhere"))
    return row
