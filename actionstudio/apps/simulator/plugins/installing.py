"""The way of an install: found, verified, given its secrets, installed; found anew, and taken away."""

from __future__ import annotations

import dataclasses
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from actionstudio.apps.projects.models import Project
from actionstudio.apps.simulator import keeping
from actionstudio.apps.simulator.models import PluginInstall
from actionstudio.apps.simulator.plugins import fetching, judging, own
from actionstudio.apps.simulator.plugins.judging import CLIENT_SECRET, CREDENTIAL
from actionstudio.core.chatgpt.credential import header
from actionstudio.core.chatgpt.plugin import checks, finding
from actionstudio.core.chatgpt.plugin.reading import NONE, OAUTH, Manifest
from actionstudio.core.problem import Problem, Refused

MOST = 30  # plugins of a user in a project; ChatGPT had three on at once
SECRET_LONGEST, ID_LONGEST = 8_000, 500  # characters


def find(project: Project, user: Any, typed: str) -> PluginInstall:
    """Looks for the plugin of a domain, and keeps what is there. A plugin that was found before is found anew, as when
    "Develop your own plugin" is gone through again: it is to be installed again. Raises Refused."""
    domain = finding.domain(typed)
    mine = PluginInstall.objects.filter(project=project, user=user)
    if not mine.filter(domain=domain).exists() and mine.count() >= MOST:
        raise Refused(Problem("/domain", _("Use at most %(n)s plugins; remove one first.") % {"n": MOST}, "many"))
    manifest = fetching.manifest(project, domain)
    document, missing = _document(project, manifest)
    with transaction.atomic():
        row, fresh = PluginInstall.objects.select_for_update(no_key=True, of=("self",)).get_or_create(
            project=project, user=user, domain=domain, defaults={"url": manifest.url}
        )
        if not fresh and Manifest(row.manifest).kind != manifest.kind:
            own.forget(row)
            row.oauth_client_id, row.fault, row.digest, row.scope, row.expires = "", "", "", "", None
            keeping.put_held(row, {})
        _take(row, manifest, document, missing)
        row.verified = row.installed = None
        row.save()
    return row


def verify(install: PluginInstall) -> PluginInstall:
    """ "Verify tokens": fetches the manifest again and looks for the token. Raises Refused when it is not there."""
    manifest = fetching.manifest(install.project, install.domain)
    install.manifest, install.url = manifest.raw, manifest.url
    flaw = checks.unverified(manifest, install.token)
    install.verified = timezone.now() if flaw is None else None
    if flaw is not None:
        install.installed = None
    install.save(update_fields=["manifest", "url", "verified", "installed"])
    if flaw is not None:
        raise Refused(Problem("/token", flaw.message, flaw.rule))
    return install


def give(install: PluginInstall, *, secret: str | None = None, client_id: str = "") -> PluginInstall:
    """Seals what the install dialog asks for: a user's token, the service's key, or OAuth's client with its secret.
    ``secret`` None keeps the one that there is. Raises Refused, and then nothing was changed."""
    kind = Manifest(install.manifest).kind
    if kind in ("", NONE):
        raise Refused(Problem("/secret", _("This plugin asks for no secret."), "kind"))
    held, client_id = keeping.held(install), client_id.strip()
    name = CLIENT_SECRET if kind == OAUTH else CREDENTIAL
    if secret is not None:
        held = {**held, name: secret}
    if found := [*_problems(kind, held.get(name, ""), client_id)]:
        raise Refused(*found)
    if kind == OAUTH and client_id != install.oauth_client_id:
        held = {key: text for key, text in held.items() if key not in ("access", "refresh")}
        install.expires, install.scope = None, ""
    if secret is not None or client_id != install.oauth_client_id:
        own.forget(install)
        held.pop(own.MADE, None)
    install.oauth_client_id = client_id
    keeping.put_held(install, held)
    install.save()
    return install


def install(row: PluginInstall) -> PluginInstall:
    """The last step. Raises Refused with what is missing yet."""
    lacks = judging.judged(row).lacks
    if lacks:
        raise Refused(*(Problem(f"/{one}", str(_words(one)), one) for one in lacks))
    row.installed = timezone.now()
    row.save(update_fields=["installed"])
    return row


def remove(row: PluginInstall) -> None:
    """The install with its sign-in, and with what was made for it: its key, its client."""
    with transaction.atomic():
        own.forget(row)
        row.delete()


def refresh(row: PluginInstall) -> PluginInstall:
    """Asks for the document again, as ChatGPT did with every request (PL-16); the copy on the page follows."""
    row.document, row.missing = _document(row.project, Manifest(row.manifest, row.url))
    row.fetched = timezone.now()
    row.save(update_fields=["document", "missing", "fetched"])
    return row


def _take(row: PluginInstall, manifest: Manifest, document: str, missing: str) -> None:
    row.manifest, row.url = manifest.raw, manifest.url
    row.document, row.missing, row.fetched = document, missing, timezone.now()


def _document(project: Project, manifest: Manifest) -> tuple[str, str]:
    """The document's text, or why there is none."""
    if not manifest.document:
        return "", _("“api.url” names none.")
    try:
        return fetching.document(project, manifest.document), ""
    except Refused as refused:
        return "", str(refused.problems[0].message)


def _problems(kind: str, secret: str, client_id: str):
    if kind == OAUTH and not client_id:
        yield Problem("/client_id", _("Write the client's ID, as its server tells it."), "required")
    if len(client_id) > ID_LONGEST:
        yield Problem("/client_id", _("Use at most %(n)s characters.") % {"n": ID_LONGEST}, "long")
    if "\0" in client_id + secret:
        yield Problem("", _("Leave out the NUL character: no database keeps it."), "nul")
    elif len(secret) > SECRET_LONGEST:
        yield Problem("/secret", _("Use at most %(n)s characters.") % {"n": SECRET_LONGEST}, "long")
    elif kind != OAUTH and not secret.strip():
        yield Problem("/secret", _("Write the token that calls are to carry."), "required")
    elif kind != OAUTH:
        try:
            header({"type": "service_http", "authorization_type": "bearer"}, secret)
        except Refused as refused:
            yield dataclasses.replace(refused.problems[0], pointer="/secret")


def _words(lack: str) -> str:
    return {
        judging.FLAWED: _("The plugin has faults that keep it from being installed: mend them, and find it again."),
        judging.TOKEN: _("Its verification token has not been seen yet: paste it into the manifest and verify it."),
        judging.SECRET: _("Fill in what the plugin signs in with."),
    }[lack]
