"""What the user is asked before a call, by the consequential flag and what was chosen earlier.

Source: docs/chatgpt-rules.md, ASK-01 to ASK-04 (OpenAI's documentation and the texts of ChatGPT's web client).
"""

from __future__ import annotations

import json
from dataclasses import dataclass

from actionstudio.core.problem import Problem, Refused
from actionstudio.core.words import said

CONFIRM, DENY, ALLOW, ALWAYS, DECLINE = "confirm", "deny", "allow", "always", "decline"
BUTTONS = {"confirm": (CONFIRM, DENY), "allow": (ALLOW, ALWAYS, DECLINE)}
CHOICES = (CONFIRM, DENY, ALLOW, ALWAYS, DECLINE)
LABELS = {
    CONFIRM: said("Confirm"),
    DENY: said("Deny"),
    ALLOW: said("Allow"),
    ALWAYS: said("Always allow"),
    DECLINE: said("Decline"),
}
_YES, _NO = frozenset((CONFIRM, ALLOW, ALWAYS)), frozenset((DENY, DECLINE))


@dataclass(frozen=True, slots=True)
class Card:
    """A question to the user. ``kind`` confirm: asked each time; allow: may be allowed for good, for the domain.

    ``buttons`` are choices, the one that says yes first; their texts are LABELS. ``panel`` stands above the arguments.
    """

    kind: str
    buttons: tuple[str, ...]
    title: str
    subtitle: str
    panel: str

    @property
    def labels(self) -> tuple[tuple[str, str], ...]:
        """The buttons as (choice, text)."""
        return tuple((choice, LABELS[choice]) for choice in self.buttons)


def consequential(flag: bool | None, method: str) -> bool:
    """Whether each call is asked for (ASK-01): the document's flag, else every method but GET."""
    return method.upper() != "GET" if flag is None else flag


def card(
    flag: bool | None,
    method: str,
    domain_allowed_always: bool,
    first_call_to_domain: bool,
    *,
    gpt: str = "",
    domain: str = "",
) -> Card | None:
    """What the user is asked before this call; None: nothing.

    ``domain_allowed_always``: the user chose "Always allow" for the domain in this GPT. ``first_call_to_domain``:
    nobody has allowed a call to it in this conversation yet; a plain "Allow" holds for the conversation (ASK-04, one
    report).
    """
    names = {"gpt": gpt or said("This GPT"), "domain": domain}
    if consequential(flag, method):
        kind = "confirm"
    elif domain_allowed_always or not first_call_to_domain:
        return None
    else:
        kind = "allow"
    title = said("%(gpt)s wants to talk to %(domain)s", **names)
    subtitle = said("Only allow sites you trust")
    panel = said("%(gpt)s needs to send this info to %(domain)s", **names)
    return Card(kind, BUTTONS[kind], title, subtitle, panel)


def agreed(asked: Card, choice: str) -> bool:
    """Whether the user's choice lets the call go. Yes and no of either card do for both; only "always" does not, since
    a call that is asked for each time cannot be allowed for good. Raises Refused."""
    if choice in _NO:
        return False
    if choice not in _YES:
        message = said("Use one of %(names)s.", names=", ".join(asked.buttons))
        raise Refused(Problem("/consent", message, "choice"))
    if choice == ALWAYS and ALWAYS not in asked.buttons:
        message = said("This call changes something, so ChatGPT asks each time: there is no “Always allow”.")
        raise Refused(Problem("/consent", message, "choice"))
    return True


def pressed(kind: str, choice: str) -> str:
    """The button of a card in a chat that a choice means, "" for none: the yes and the no of one card do for those of
    another. A card of the kind "sign-in" has no yes, since its button leads elsewhere."""
    buttons = BUTTONS.get(kind, (DECLINE,) if kind == "sign-in" else ())
    if choice in buttons:
        return choice
    meant = buttons[-1:] if choice in _NO else buttons[:-1][:1] if choice in (CONFIRM, ALLOW) else ()
    return "".join(meant)


def placeholder(operation_id: str, domain: str, action_id: str) -> str:
    """What stands in the place of the answer until the user has chosen (RT-19). It is no answer of the server."""
    return json.dumps(
        {
            "function_name": operation_id,
            "domain": domain,
            "message": "The requested action requires approval",
            "action_id": action_id,
        }
    )
