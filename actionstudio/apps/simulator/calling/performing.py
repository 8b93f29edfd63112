"""Performs one call as ChatGPT does: refuses it, asks for it, or makes it, and says what the model is told of it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from actionstudio.apps.simulator.calling import filing, pacing
from actionstudio.apps.simulator.calling.acting import Acting
from actionstudio.apps.simulator.calling.making import GPT, PLUGIN, Making, Wishes
from actionstudio.apps.simulator.calling.performed import ASKS, REFUSED, SENT, Attempt, Performed
from actionstudio.core.chatgpt import arguments
from actionstudio.core.chatgpt import consent as asking
from actionstudio.core.chatgpt import told as telling
from actionstudio.core.chatgpt.credential import Credential
from actionstudio.core.chatgpt.files import Sent
from actionstudio.core.chatgpt.identity import Identity
from actionstudio.core.sendable import Refusal
from actionstudio.core.words import said

__all__ = ["ASKS", "REFUSED", "SENT", "Attempt", "Performed", "perform"]
type JSON = Any


def perform(
    acting: Acting,
    operation_id: str,
    text: str,
    *,
    identity: Identity,
    credential: Credential | None = None,
    consent: str | None = None,
    mode: str = telling.REPORTED,
    always: bool = False,
    first: bool = True,
    era: str = GPT,
    retries: int = 0,
    paced: bool = True,
    attached: Mapping[str, Sent] | None = None,
) -> Performed:
    """One call of an action. ``text`` are the arguments as the model wrote them.

    ``consent`` is the user's choice, None while there is none; ``always``: the domain is allowed for good; ``first``:
    nobody has allowed it in this conversation yet. ``retries``: how often a call that gets 429 or 5xx is made again.
    ``paced``: too many failures of late hold the call back. ``attached`` are the files that may be handed on, by id;
    None: the project's. Raises Refused for a choice that the card does not offer, and for nothing that goes wrong on
    the way.
    """
    made = arguments.made(acting.imported, operation_id, text)
    if isinstance(made, Refusal):
        return Performed(REFUSED, telling.refused(made), made.code, refusal=made)
    op = made.operation
    card = None
    if era != PLUGIN:  # nobody reports a question before the calls of plugins (PL-18)
        card = asking.card(op.consequential, op.method, always, first, gpt=acting.gpt, domain=acting.domain)
    if card is not None and consent is None:
        placeholder = asking.placeholder(operation_id, acting.domain, acting.key)
        return Performed(ASKS, placeholder, "asks", card, arguments=made.arguments)
    if card is not None and not asking.agreed(card, consent or ""):
        return Performed(REFUSED, telling.DECLINED, "declined", card, arguments=made.arguments)
    if paced and (seconds := pacing.hold(acting.project, acting.domain)):
        return _held(made, card, seconds)
    wishes = Wishes(identity, None if operation_id in acting.open else credential, era, retries, paced)
    making = Making(acting, filing.handed_on(acting.project, made, attached), wishes)
    return _told(making, made, card, mode)


def _held(made: arguments.Made, card: asking.Card | None, seconds: float) -> Performed:
    message = said("ChatGPT holds back: this domain has answered too often with 429 or 5xx.")
    detail = said("In about %(n)s seconds calls go on. OpenAI tells no numbers; these are ours.", n=int(seconds) + 1)
    refusal = Refusal("backing-off", message, detail, "A")
    return Performed(REFUSED, telling.FAILED, "backing-off", card, refusal, arguments=made.arguments)


def _told(making: Making, made: arguments.Made, card: asking.Card | None, mode: str) -> Performed:
    """Makes the call; the outcome with what the model is told of it."""
    got = making.make()
    if got.error:
        found = telling.failure()
        return Performed(SENT, found.text, found.code, card, attempts=making.attempts, arguments=made.arguments)
    body, returned = filing.taken(making.acting.project, making.line, got)
    found = telling.answer(got.status, making.hide(body), mode)
    return Performed(SENT, found.text, found.code, card, None, making.attempts, returned, made.arguments)
