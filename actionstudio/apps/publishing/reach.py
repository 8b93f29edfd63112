"""Which networks the studio may call on behalf of its users."""

from urllib.parse import urlsplit

from django.conf import settings


def private_allowed() -> bool:
    """Private addresses are open to a studio that only this machine can reach, or when the operator says so."""
    loopback = ("localhost", "127.0.0.1", "::1")
    alone = settings.STUDIO_HOST in loopback and urlsplit(settings.STUDIO_PUBLIC_URL).hostname in loopback
    return settings.STUDIO_ALLOW_PRIVATE_UPSTREAMS or alone
