"""The keys of endpoints: sealed, bound to the server they are for, opened only to ask it."""

from __future__ import annotations

from dataclasses import replace
from urllib.parse import urlsplit

from django.conf import settings

from actionstudio.apps.publishing import sealing
from actionstudio.apps.publishing.reach import private_allowed
from actionstudio.apps.simulator.models import Endpoint
from actionstudio.apps.simulator.providers.faults import Fault
from actionstudio.apps.simulator.providers.target import Target

OPENAI = "https://api.openai.com/v1"
SHORT = 12  # of shorter keys the last four would tell too much


def origin(base_url: str) -> str:
    """The server of a base URL: scheme, host and port."""
    try:
        parts = urlsplit(base_url)
        port = parts.port or {"http": 80, "https": 443}.get(parts.scheme, 0)
    except ValueError:
        return ""
    return f"{parts.scheme}://{(parts.hostname or '').lower()}:{port}"


def keep(endpoint: Endpoint, key: str) -> None:
    """Seals a key ("": forgets the one there is) and saves it. The row must have been saved before."""
    endpoint.sealed = sealing.seal(key, _place(endpoint)) if key else None
    endpoint.last4 = key[-4:] if len(key) >= SHORT else ""
    endpoint.save(update_fields=["sealed", "last4", "updated"])


def bare(endpoint: Endpoint) -> Target:
    """Where an endpoint's model is, without its key."""
    base_url = (settings.OPENAI_BASE_URL or OPENAI) if endpoint.environment else endpoint.base_url
    return Target(
        label=f"{endpoint.name} ({endpoint.model})" if endpoint.name != endpoint.model else endpoint.name,
        base_url=base_url,
        model=endpoint.model,
        options=dict(endpoint.options),
        price_in=endpoint.price_in,
        price_out=endpoint.price_out,
        private=private_allowed() or endpoint.environment,  # the operator has named that server
    )


def target(endpoint: Endpoint) -> Target:
    """Where an endpoint's model is and how it is asked. Raises Fault when its key cannot be opened or is not set."""
    if endpoint.environment:
        if not is_set():
            raise Fault("unset", "key")
        return replace(bare(endpoint), key=settings.OPENAI_API_KEY)
    if not endpoint.sealed:
        return bare(endpoint)
    try:
        return replace(bare(endpoint), key=sealing.unseal(endpoint.sealed, _place(endpoint)))
    except sealing.Unreadable:
        raise Fault("unreadable", "key") from None


def is_set() -> bool:
    """Whether the environment names a server or a key."""
    return bool(settings.OPENAI_BASE_URL or settings.OPENAI_API_KEY)


def reseal() -> tuple[int, int]:
    """Seals all keys with the newest encryption key; how many were sealed anew and how many could not be opened."""
    return sealing.anew(Endpoint.objects.exclude(sealed=None), _place)


def _place(endpoint: Endpoint) -> str:
    """Whose key it is, and for which server: a row whose base URL was changed behind our back sends it nowhere."""
    return f"endpoint/{endpoint.pk}/{origin(endpoint.base_url)}"
