"""What can be wrong with an upstream: its servers' URLs, the place of its secret, its headers."""

from __future__ import annotations

import re
from collections.abc import Iterator
from urllib.parse import urlsplit

from actionstudio.core.behaviour import Upstream
from actionstudio.core.problem import Problem
from actionstudio.core.words import said

TOKEN = re.compile(r"[!#$%&'*+.^_`|~0-9A-Za-z-]+")  # RFC 9110 section 5.6.2


def wrong(value: Upstream, at: str = "") -> Iterator[Problem]:
    """Everything that keeps an upstream from being called as it is meant. ``at`` is the pointer of where it stands."""
    seen: set[str] = set()
    for index, backend in enumerate(value.backends):
        if not _is_base(backend.url):
            message = said("Write a base URL such as https://api.example.com/v1: no user, no query, no fragment.")
            yield Problem(f"{at}/backends/{index}/url", message, "url")
        elif backend.url in seen:
            yield Problem(f"{at}/backends/{index}/url", said("This server stands here twice."), "twice")
        seen.add(backend.url)
    if value.health and not re.fullmatch(r"/[!-~]*", value.health):
        yield Problem(f"{at}/health", said("Write a path that begins with “/”, such as /health."), "path")
    yield from _secret_place(value, at)
    for index, (name, text) in enumerate(value.headers):
        if not TOKEN.fullmatch(name):
            message = said("A header's name has letters, digits and “-”, no spaces.")
            yield Problem(f"{at}/headers/{index}/0", message, "header")
        elif not text.isascii() or not text.isprintable():
            yield Problem(f"{at}/headers/{index}/1", said("A header's value is one line of plain ASCII."), "header")


def _secret_place(value: Upstream, at: str) -> Iterator[Problem]:
    if value.secret_in == "header" and value.secret and not TOKEN.fullmatch(value.secret_name):
        message = said("Name the header that takes the secret, such as X-API-Key.")
        yield Problem(f"{at}/secret_name", message, "header")
    if value.secret_in == "query" and value.secret and not value.secret_name:
        yield Problem(f"{at}/secret_name", said("Name the query parameter that takes the secret."), "name")
    if not value.secret_prefix.isascii() or (value.secret_prefix and not value.secret_prefix.isprintable()):
        yield Problem(f"{at}/secret_prefix", said("A header's value is one line of plain ASCII."), "header")


def _is_base(url: str) -> bool:
    """Whether a text is a URL that paths can be put behind."""
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        return False
    usable = parts.scheme in ("http", "https") and bool(parts.hostname) and port != 0
    return usable and not (parts.username or parts.query or parts.fragment) and re.fullmatch(r"[!-~]+", url) is not None
