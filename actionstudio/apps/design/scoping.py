"""The scopes that an operation asks for, in the editor's state: as names to tick, and back into its ``security``.

``state["scheme"]`` is the name of the project's OAuth in the document, and is there only where people sign in by it.
"""

from collections.abc import Sequence
from typing import Any

from django.utils.translation import gettext as _

from actionstudio.apps.design.problems import Problems
from actionstudio.core import codec
from actionstudio.core.auth import Auth, OAuth
from actionstudio.core.contract import Operation
from actionstudio.core.resolve import scopes_of

type State = dict[str, Any]
type Box = tuple[str, bool, bool]  # a scope, whether it is ticked, whether the project defines it


def auth_of(document) -> OAuth | None:
    """The project's OAuth; None where people do not sign in by it."""
    auth = codec.value_of(Auth, document.auth)
    return auth if isinstance(auth, OAuth) else None


def add(state: State, auth: OAuth | None) -> State:
    """Adds what ``state`` asks for, in the order in which it is shown."""
    if auth is None:
        return state
    asks = _said(state["security"], auth.scheme_name)
    names = [name for name in _known(auth) if name in asks]
    return state | {"scheme": auth.scheme_name, "scopes": names + [name for name in asks if name not in names]}


def security(state: State) -> tuple[dict[str, Any], ...] | None:
    """What the operation asks of its callers. One that asks for the same as before keeps the words it has."""
    if state["open"]:
        return ()
    kept = tuple(state["security"]) if state["security"] else None
    if "scopes" not in state or set(state["scopes"]) == set(_said(kept, state["scheme"])):
        return kept
    return ({state["scheme"]: list(state["scopes"])},) if state["scopes"] else None


def boxes(state: State, auth: OAuth | None) -> list[Box] | None:
    """What can be ticked: the project's scopes, then those that are only asked for. None where nothing can be."""
    if auth is None or "scopes" not in state:
        return None
    asks, known = state["scopes"], _known(auth)
    said = _said(state["security"], auth.scheme_name)
    strange = [name for name in dict.fromkeys([*said, *asks]) if name not in known]
    return [(name, name in asks, True) for name in known] + [(name, name in asks, False) for name in strange]


def check(state: State, auth: OAuth | None, problems: Problems) -> None:
    """A scope that nobody defines was in the document already, or it is not asked for."""
    for name, ticked, known in boxes(state, auth) or ():
        if ticked and not known and auth is not None and name not in _said(state["security"], auth.scheme_name):
            problems.add("scopes", _("The project has no scope “%(name)s”.") % {"name": name[:80]})


def _known(auth: OAuth) -> list[str]:
    return [scope.name for scope in auth.scopes]


def _said(requirements: Sequence | None, scheme: str) -> list[str]:
    return list(scopes_of(Operation("", "", security=tuple(requirements or ())), OAuth(scheme_name=scheme)))
