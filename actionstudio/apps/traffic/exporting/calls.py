"""What every export needs of a logged call: its URL, its headers, its body as text or bytes, how many fit."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from urllib.parse import urlsplit

from actionstudio.apps.publishing.models import Address
from actionstudio.apps.publishing.source import base_urls
from actionstudio.apps.traffic.models import Exchange
from actionstudio.runtime.app import BELOW_LIVE, DOMAIN, OWN_HOST

HOP = {"host", "content-length", "connection", "keep-alive", "transfer-encoding", "te", "upgrade", "accept-encoding"}
MOST = 1_000  # exchanges in one file
BYTES = 64 * 1024 * 1024  # of bodies in one file


def url(exchange: Exchange, base: str = "") -> str:
    """The absolute URL of the call, where it went unless ``base`` is given; of a callback its own."""
    if exchange.kind == "callback":
        return exchange.line
    base = base or base_url(exchange)
    return f"{base}{exchange.path}{'?' + exchange.query if exchange.query else ''}"


def base_url(exchange: Exchange, urls: tuple[str, ...] = ()) -> str:
    """Which of its address's base URLs the call came by: the one whose host it names, else the one below /live/.

    Of one that is ``*.localhost``, which browsers and curl alone can look up, the one below /live/, too. ``urls`` are
    all of them (source.base_urls), as today; of an address that is gone, as they would be.
    """
    urls = urls or _urls(exchange.address)
    came = urls[came_by(exchange, urls)] if _named(exchange) else urls[0]
    return urls[BELOW_LIVE] if _host(came).endswith(".localhost") else came


def came_by(exchange: Exchange, urls: tuple[str, ...]) -> int:
    """The same as the front door counts them (runtime.app): the call may be made once more by that one. What the house
    itself calls names no host, and comes by the address's own."""
    named = _named(exchange)
    if not named:
        return OWN_HOST
    places = {_host(one): place for one, place in zip(urls[:-1][::-1], (OWN_HOST, DOMAIN), strict=False)}
    return places.get(_host(f"//{named}"), BELOW_LIVE)


def _named(exchange: Exchange) -> str:
    return next((value.lower() for name, value in exchange.headers_in if name.lower() == "host"), "")


def _urls(address: str) -> tuple[str, ...]:
    domain = Address.objects.filter(name=address).values_list("domain", flat=True).first()
    return base_urls(address, domain)


def _host(url: str) -> str:
    try:
        return urlsplit(url).hostname or ""
    except ValueError:  # whoever called may have named anything
        return ""


def within(exchanges: Iterable[Exchange]) -> Iterator[Exchange]:
    """As many as one file holds: MOST, and BYTES of bodies."""
    size = 0
    for number, exchange in enumerate(exchanges):
        size += len(exchange.request_body) + len(exchange.response_body)
        if number >= MOST or (number and size > BYTES):
            return
        yield exchange


def located(exchanges: Iterable[Exchange]) -> Iterator[tuple[Exchange, str]]:
    """Each with its URL; every address is looked up once."""
    known: dict[str, tuple[str, ...]] = {}
    for exchange in exchanges:
        if exchange.address not in known:
            known[exchange.address] = _urls(exchange.address)
        yield exchange, url(exchange, base_url(exchange, known[exchange.address]))


def headers(exchange: Exchange) -> list[tuple[str, str]]:
    """The headers that another tool is to send: those of the connection it makes itself."""
    return [(name, value) for name, value in exchange.headers_in if name.lower() not in HOP]


def part(name: str) -> str:
    """A header as a part of a call, of which something may be hidden (secrets.Secrets)."""
    return f"header {name.lower()}"


def text_of(body: bytes) -> str | None:
    """A body as text; None when it is none."""
    try:
        text = body.decode()
    except UnicodeDecodeError:
        return None
    return None if "\0" in text else text


def kind_of(pairs: Iterable[tuple[str, str]]) -> str:
    """The media type among headers, without its parameters."""
    found = next((value for name, value in pairs if name.lower() == "content-type"), "")
    return found.partition(";")[0].strip().lower()


def title(exchange: Exchange) -> str:
    """How a call is named in a file: its operation, or its method and path."""
    return exchange.operation_id or f"{exchange.method} {exchange.path}"


def lacking(exchange: Exchange) -> str:
    """What is to be said where the log has not all that was sent; "" when it has. Without any of it the call can only
    be sent again when somebody puts the body into ``body_file``."""
    if not exchange.lacks("request"):
        return ""
    if exchange.request_body:
        return "The log kept only the beginning of this body."
    return f"The log did not keep this body of {exchange.request_size} bytes: put it into {body_file(exchange)}."


def unkept(exchange: Exchange) -> bool:
    """Whether the log kept nothing of the body that was sent."""
    return bool(exchange.request_size and not exchange.request_body)


def body_file(exchange: Exchange, suffix: str = "bin") -> str:
    """The file from which a body is sent that the log did not keep, or that no command line can hold."""
    return f"{exchange.public_id}-request.{suffix}"
