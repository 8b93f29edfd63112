"""The simulator's secrets, sealed: what was typed into an action's dialog, and what a person's sign-in brought."""

from __future__ import annotations

import logging
from collections.abc import Mapping

import orjson

from actionstudio.apps.publishing import sealing
from actionstudio.apps.simulator.models import Action, Grant, PluginInstall

KEY, CLIENT_SECRET = "api_key", "oauth_client_secret"  # of an action, by the names of the dialog's stored form
log = logging.getLogger(__name__)


def secrets(action: Action) -> dict[str, str]:
    """The secret texts of an action's dialog: KEY or CLIENT_SECRET, as far as one was typed. Shown to nobody."""
    return _opened(action)


def put_secrets(action: Action, texts: Mapping[str, str]) -> None:
    """Seals these texts into the row, in the place of what was there. The caller saves it."""
    _put(action, texts)


def held(grant: Grant | PluginInstall) -> dict[str, str]:
    """What a sign-in holds: state, back, access, refresh, each where there is one. A plugin's install holds its key or
    its client's secret besides."""
    return _opened(grant)


def put_held(grant: Grant | PluginInstall, texts: Mapping[str, str]) -> None:
    """Seals what a sign-in holds into its row. The caller saves it."""
    _put(grant, texts)


def reseal() -> tuple[int, int]:
    """Seals every text with the newest key; how many were sealed anew, and how many could not be opened."""
    found = [sealing.anew(model.objects.exclude(sealed=None), _place) for model in (Action, Grant, PluginInstall)]
    return sum(done for done, _lost in found), sum(lost for _done, lost in found)


def _put(row: Action | Grant | PluginInstall, texts: Mapping[str, str]) -> None:
    kept = {name: text for name, text in texts.items() if text}
    row.sealed = sealing.seal(orjson.dumps(kept).decode(), _place(row)) if kept else None


def _opened(row: Action | Grant | PluginInstall) -> dict[str, str]:
    if not row.sealed:
        return {}
    try:
        return orjson.loads(sealing.unseal(row.sealed, _place(row)))
    except sealing.Unreadable:
        log.error("the secrets of simulator %s cannot be opened: their encryption key is gone", _place(row))
        return {}


def _place(row: Action | Grant | PluginInstall) -> str:
    """Whose it is. An action and a plugin keep their key, a sign-in its action and user, as long as they live."""
    if isinstance(row, Action):
        return f"simulator-action/{row.gpt_id}/{row.key}"
    if isinstance(row, PluginInstall):
        return f"simulator-plugin/{row.key}"
    return f"simulator-grant/{row.action_id}/{row.user_id}"
