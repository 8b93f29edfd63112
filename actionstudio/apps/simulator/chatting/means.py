"""What a turn works with: the model, the actions as ChatGPT has them, their sign-in, and the deed of calling."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from actionstudio.apps.simulator import dialog, signing
from actionstudio.apps.simulator.calling import acting as actings
from actionstudio.apps.simulator.calling import by_hand, performing
from actionstudio.apps.simulator.calling.acting import Acting
from actionstudio.apps.simulator.calling.performed import Attempt, Performed, plain_refusal
from actionstudio.apps.simulator.models import Action, Chat
from actionstudio.apps.simulator.providers import table
from actionstudio.apps.simulator.providers.provider import Provider
from actionstudio.core.chatgpt import consent
from actionstudio.core.importer import ImportedOperation

SIGN_IN = "sign-in"  # kind of a card
type JSON = Any


def provider(chat: Chat) -> Provider:
    """Who answers as the model of this chat. Raises ProviderError."""
    return table.provider_of(chat.endpoint, chat.gpt.project)


def acting(action: Action) -> Acting:
    """An action as ChatGPT has it. Raises Refused when it has none, or none that answers."""
    return actings.of(action)


def operation(acting: Acting, operation_id: str) -> ImportedOperation | None:
    """The imported operation of that name."""
    return next((op for op in acting.imported.kept if op.operation_id == operation_id), None)


def needs_sign_in(action: Action, user) -> bool:
    """Whether the user must sign in at the action first."""
    return signing.needed(action, user)


def fault(action: Action, user) -> str:
    """Why the user's last sign-in at the action failed, "" when it did not."""
    return signing.fault(action, user)


def signed_in_as(action: Action, user) -> str:
    """Who the user is at an action with a sign-in, "" when only its server knows."""
    return signing.who(action, user) if action.auth.get("type") == dialog.OAUTH else ""


def sign_in_card(acting: Acting, fault: str = "") -> dict[str, JSON]:
    """ChatGPT's card with one button (docs/chatgpt-rules.md, OA-13). ``fault``: what came of the last try."""
    label = f"Sign in with {acting.domain}"
    buttons = [{"choice": SIGN_IN, "label": label}]
    return {"kind": SIGN_IN, "title": label, "subtitle": "", "buttons": buttons} | ({"fault": fault} if fault else {})


def confirm_card(acting: Acting) -> dict[str, JSON]:
    """The card that asks whatever was chosen before."""
    made = consent.card(True, "POST", False, True, gpt=acting.gpt, domain=acting.domain)
    assert made is not None
    return card(made)


def card(made: consent.Card) -> dict[str, JSON]:
    """A card as its message keeps it."""
    return {
        "kind": made.kind,
        "title": str(made.title),
        "subtitle": str(made.subtitle),
        "panel": str(made.panel),
        "buttons": [{"choice": choice, "label": str(label)} for choice, label in made.labels],
    }


def perform(chat: Chat, action: Action, acting: Acting, data: Mapping[str, JSON], first: bool) -> Performed:
    """Makes the call that a message's ``data`` tells of, unless something speaks against it. ``first``: nobody has
    allowed one to its domain in this branch."""
    return performing.perform(
        acting,
        data["operation"],
        data["arguments"],
        identity=by_hand.identity_of(chat.gpt, chat.user, chat.conversation),
        credential=by_hand.credential_of(action, chat.user),
        consent=data["choice"] or None,
        mode=chat.mode,
        always=by_hand.is_allowed(chat.gpt, chat.user, acting.domain),
        first=first,
    )


def attempt(made: Attempt) -> dict[str, JSON]:
    """One sending as a message keeps it."""
    sent, got = made.request, made.response or {}
    return {
        "method": sent["method"],
        "url": sent["url"],
        "request_headers": sent["headers"],
        "request_body": sent["body"],
        "request_cut": sent["cut"],
        "status": got.get("status", 0),
        "response_headers": got.get("headers", []),
        "response_body": got.get("body", ""),
        "response_cut": got.get("cut", False),
        "ms": made.ms,
        "exchange": made.exchange,
        "error": made.error,
        "detail": made.detail,
    }


def refusal(performed: Performed) -> JSON:
    """Why nothing was sent, as a message keeps it."""
    return plain_refusal(performed.refusal)
