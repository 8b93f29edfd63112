"""A plugin's calls: its document is asked for again each time, its headers are those of 2023, and nobody is asked."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.translation import gettext as _

from actionstudio.apps.simulator import keeping
from actionstudio.apps.simulator.calling import by_hand, performing
from actionstudio.apps.simulator.calling.acting import Acting
from actionstudio.apps.simulator.calling.by_hand import Done
from actionstudio.apps.simulator.calling.making import PLUGIN
from actionstudio.apps.simulator.calling.performed import REFUSED, Performed
from actionstudio.apps.simulator.models import PluginInstall
from actionstudio.apps.simulator.plugins import installing, judging, signing
from actionstudio.apps.simulator.plugins.judging import CREDENTIAL, Judged
from actionstudio.core.chatgpt.credential import Credential, header
from actionstudio.core.chatgpt.plugin.reading import NONE, OAUTH
from actionstudio.core.chatgpt.told import REPORTED
from actionstudio.core.problem import Problem, Refused
from actionstudio.core.sendable import Refusal
from actionstudio.core.words import said


@dataclass(frozen=True, slots=True)
class Wish:
    """A call, as in calling/by_hand.py."""

    operation_id: str
    arguments: str = "{}"
    mode: str = REPORTED
    conversation: str = ""
    retries: int = 0
    paced: bool = True


def call(install: PluginInstall, wish: Wish) -> Done:
    """Makes a call of an installed plugin, for the user whose it is. Raises Refused when it is not installed."""
    if install.installed is None:
        raise Refused(Problem("", _("Install the plugin first."), "not-installed"))
    found = judging.judged(installing.refresh(install))
    acting = Acting(install.project, found.imported, key=install.key, gpt=found.manifest.text("name_for_human"))
    who = by_hand.identity_of(install, install.user, wish.conversation)
    if found.imported.fatal:
        return Done(_unreadable(found, install), who, acting)
    credential = _credential(install, found)
    if credential is None and found.manifest.kind == OAUTH:
        return Done(by_hand.unsigned(acting), who, acting)
    performed = performing.perform(
        acting,
        wish.operation_id,
        wish.arguments,
        identity=who,
        credential=credential,
        mode=wish.mode,
        era=PLUGIN,
        retries=wish.retries,
        paced=wish.paced,
    )
    return Done(performed, who, acting)


def _credential(install: PluginInstall, found: Judged) -> Credential | None:
    kind = found.manifest.kind
    if kind in ("", NONE):
        return None
    if kind == OAUTH:
        return header({"type": "oauth"}, signing.access(install))
    scheme = found.manifest.auth.get("authorization_type")
    stored = {"type": "service_http", "authorization_type": scheme if scheme == "basic" else "bearer"}
    return header(stored, keeping.held(install).get(CREDENTIAL, ""))


def _unreadable(found: Judged, install: PluginInstall) -> Performed:
    """A plugin whose document broke since: the conversation ends with the converter's words (PL-17)."""
    message = found.error or said("The plugin's document could not be fetched.")
    detail = install.missing or said("The document is asked for with every request; mend it, and call again.")
    return Performed(REFUSED, found.error, "document", refusal=Refusal("document", message, detail, "D"))
