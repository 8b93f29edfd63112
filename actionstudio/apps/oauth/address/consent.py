"""The question whether a client may use somebody's account: who asks, for what, for how long, and where it leads."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from django.http import HttpResponse
from django.utils.translation import gettext as _

from actionstudio.apps.oauth import callbacks, callers, consents, tenancy
from actionstudio.apps.oauth.address import pages, waiting
from actionstudio.apps.oauth.address.onward import Onward
from actionstudio.apps.oauth.consents import Question
from actionstudio.apps.oauth.engine.authorizing import Asked
from actionstudio.apps.oauth.models import Client
from actionstudio.core.auth import OAuth, Scope
from actionstudio.core.resolve import scopes_of
from actionstudio.core.specs import advice

if TYPE_CHECKING:
    from actionstudio.apps.oauth.door import AddressRequest

_REFRESH = "refresh_token"


@dataclass(frozen=True, slots=True)
class Line:
    """A scope as people read it. ``new``: they have not allowed it before, though they have allowed others. ``asks``:
    ChatGPT asks them again before each change that it lets through."""

    name: str
    sentence: str
    changes: bool
    new: bool = False
    asks: bool = False


def show(request: AddressRequest, way: Onward, question: Question) -> HttpResponse:
    """The page. Its form leads back to this request, and through it to the client."""
    asked = way.asked
    assert asked is not None
    context: dict[str, Any] = {
        "client": str(asked.client),
        "mark": mark(asked),
        "user": request.user,
        "initial": pages.letters(str(request.user))[:1],
        "login": way.page("login"),
        "lines": lines(asked.scopes, question.new),
        "by": by(asked),
        "host": urlsplit(asked.redirect_uri).netloc,
        "lasts": lasts(asked.client),
        "from_chatgpt": callbacks.is_chatgpts(asked.redirect_uri),
        "question": question,
        "warnings": warnings(asked),
    }
    return pages.show(request, "consent.html", context, returns=asked.redirect_uri)


def lines(names: tuple[str, ...], new: frozenset[str] = frozenset()) -> list[Line]:
    """The scopes in the project's order; one that is no longer there under its bare name."""
    known = {scope.name: scope for scope in tenancy.current().offered}
    order = {name: number for number, name in enumerate(known)}
    sorted_names = sorted(names, key=lambda name: order.get(name, len(order)))
    return [_line(known.get(name) or Scope(name), name in new) for name in sorted_names]


def _line(scope: Scope, new: bool) -> Line:
    return Line(scope.name, scope.sentence or scope.name, scope.changes, new, scope.changes and _asks(scope.name))


def _asks(name: str) -> bool:
    """Whether ChatGPT asks before every change that this scope lets through: not where the document says that an
    operation needs no asking (x-openai-isConsequential: false). What is hidden from ChatGPT it cannot call."""
    contract = tenancy.current().hosted.contract
    auth = contract.auth
    mine = [
        op
        for op in contract.operations
        if op.exposed and op.method != "GET" and isinstance(auth, OAuth) and name in scopes_of(op, auth)
    ]
    return all(map(advice.asks, mine))


def by(asked: Asked) -> str:
    """Who asks, as far as the callback proves it: what a client says of itself proves nothing."""
    if callbacks.is_chatgpts(asked.redirect_uri):
        return _("ChatGPT, OpenAI")
    if consents.is_local(asked.redirect_uri):
        return _("A program on this computer")
    if consents.is_stranger(asked.client):
        return _("An app that registered itself")
    who = callers.who(asked.redirect_uri)
    return callers.name(who) if who not in ("client", "local") else _("An app of %(name)s") % {"name": _title()}


def mark(asked: Asked) -> str:
    """What stands for the client beside the project's own mark."""
    return "GPT" if callbacks.is_chatgpts(asked.redirect_uri) else pages.letters(str(asked.client))


def lasts(client: Client) -> str:
    """For how long the client may use the account, in words."""
    provider = tenancy.current().provider
    told = {"time": waiting.span(provider.access_seconds)}
    if _REFRESH not in client.grants or not provider.refresh_days:
        return _("%(time)s, then you are asked to sign in again") % told
    told["days"] = waiting.span(provider.refresh_days * 86_400)
    return _("Until you disconnect it, or until nobody has used it for %(days)s") % told


def warnings(asked: Asked) -> list[str]:
    """What a careful reader should know before they say yes."""
    found = []
    if consents.is_stranger(asked.client):
        found.append(_("This app registered itself. Nobody at %(name)s has checked it.") % {"name": _title()})
    if consents.is_local(asked.redirect_uri):
        found.append(
            _(
                "It returns to a program on this computer. Go on only if you have just started that program yourself: "
                "any other one here could pretend to be it."
            )
        )
    elif not callbacks.is_chatgpts(asked.redirect_uri):
        host = urlsplit(asked.redirect_uri).netloc
        found.append(_("It returns to %(host)s, which is not ChatGPT. Go on only if you know it.") % {"host": host})
    return found


def _title() -> str:
    return tenancy.current().hosted.contract.title
