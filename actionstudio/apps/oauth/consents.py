"""What end users have allowed clients, and when they are asked again. How an app is disconnected: people.py."""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import urlsplit

from django.db import transaction
from django.utils import timezone

from actionstudio.apps.oauth import callbacks
from actionstudio.apps.oauth.models import Client, Consent, EndUser


@dataclass(frozen=True, slots=True)
class Question:
    """Whether a person has to be asked, and what is new since they were asked last. ``known`` is what they allowed."""

    needed: bool
    new: frozenset[str] = frozenset()
    new_host: bool = False
    known: Consent | None = None

    @property
    def news(self) -> bool:
        """Whether there is something to keep when the client gets what it asks for."""
        return self.known is None or bool(self.new) or self.new_host


def question(
    user: EndUser, client: Client, scopes: tuple[str, ...], redirect_uri: str, prompt: bool = False
) -> Question:
    """Whether ``user`` has to be asked before ``client`` gets ``scopes`` and returns to ``redirect_uri``.

    The client's own wishes (``approval_prompt``) count for nothing; ``prompt`` (OpenID Connect's prompt=consent) can
    only lead to asking. A program on the reader's own computer cannot prove which one it is (RFC 8252, section 8.6), so
    it is never let in without a question.
    """
    known = Consent.objects.filter(user=user, client=client).first()
    allowed = frozenset(known.scopes) if known else frozenset()
    hosts = known.hosts if known else []
    new, new_host = frozenset(scopes) - allowed, host_of(redirect_uri) not in hosts
    ask = prompt or is_anybodys(client, redirect_uri)
    if client.consent == Client.Consent.ALWAYS:
        ask = True
    elif client.consent == Client.Consent.REMEMBER:
        ask = ask or known is None or bool(new) or new_host
    return Question(ask, new if known else frozenset(), new_host and known is not None, known)


def remember(user: EndUser, client: Client, scopes: tuple[str, ...], redirect_uri: str) -> None:
    """Keeps what ``user`` has allowed, beside what they had allowed before."""
    with transaction.atomic():
        known, _ = Consent.objects.select_for_update().get_or_create(user=user, client=client)
        known.scopes = list(dict.fromkeys([*known.scopes, *scopes]))
        known.hosts = list(dict.fromkeys([*known.hosts, host_of(redirect_uri)]))
        known.granted = timezone.now()
        known.save()


def host_of(uri: str) -> str:
    """The host that a callback returns to, with its port where it is not the usual one of a public host.

    On the reader's own computer the port says nothing: a program takes another one each time (RFC 8252, section 7.3).
    """
    parts = urlsplit(uri)
    return (parts.hostname or "") if is_local(uri) else parts.netloc.rpartition("@")[2].lower()


def is_local(uri: str) -> bool:
    """Whether a callback leads to a program on the reader's own computer."""
    return urlsplit(uri).hostname in callbacks.LOOPBACK


def is_anybodys(client: Client, redirect_uri: str) -> bool:
    """Whether any program on the reader's own computer could say that it is this client."""
    return client.token_method == Client.Method.NONE and is_local(redirect_uri)


def is_stranger(client: Client) -> bool:
    """Whether the client has registered itself, so that nobody of the project has looked at it."""
    return client.registered_itself
