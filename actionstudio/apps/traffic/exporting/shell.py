"""A logged call as a curl command, and many as a shell script."""

from __future__ import annotations

import shlex
from collections.abc import Iterable, Iterator

from actionstudio.apps.traffic import bodies
from actionstudio.apps.traffic.exporting import calls
from actionstudio.apps.traffic.exporting.secrets import Secrets
from actionstudio.apps.traffic.models import Exchange

_LONGEST = 100_000  # characters of a body in a command line


def curl(exchange: Exchange) -> str:
    """The call as a command for a shell. What the log hides becomes ``$KEY``, for the reader to fill in."""
    return _command(exchange, calls.url(exchange), Secrets())


def script(exchanges: Iterable[Exchange]) -> Iterator[str]:
    """The calls as a shell script (POSIX), the variables that it needs first."""
    secrets = Secrets()
    parts = [
        f"\n# {row.public_id} {_line(calls.title(row))}\n{_command(row, url, secrets)}\n"
        for row, url in calls.located(calls.within(exchanges))
    ]
    yield "#!/bin/sh\n"
    for name in secrets.names:
        yield f': "${{{name.upper()}:?Set {name.upper()} to the secret that the log hides.}}"\n'
    yield from parts


def _command(exchange: Exchange, url: str, secrets: Secrets) -> str:
    sends, file = exchange.request_body or calls.unkept(exchange), _file(exchange)
    told = [
        calls.lacking(exchange),
        file and f"Its body is the file {file}, which the page of the call gives for download.",
    ]
    parts = ["curl", "-i"]
    if exchange.method == "HEAD":
        parts = ["curl", "-I"]
    elif exchange.method != "GET" or sends:
        parts += ["-X", exchange.method]
    parts.append(_quoted(url, secrets))
    for name, value in calls.headers(exchange):
        parts += ["\\\n  -H", _quoted(f"{name}: {value}", secrets)]
    if sends:
        parts += ["\\\n  --data-binary", f"@{file}" if file else _body(exchange, secrets)]
    return "".join(f"# {one}\n" for one in told if one) + " ".join(parts).replace(" \\\n", " \\\n")


def _quoted(text: str, secrets: Secrets) -> str:
    """Text as one shell word; masked parts turn into $KEY, which the shell fills in."""
    return secrets.filled(text, lambda name: f'"${name.upper()}"', shlex.quote)


def _body(exchange: Exchange, secrets: Secrets) -> str:
    """The text that curl is to send, or the file that it stands in."""
    if calls.unkept(exchange):
        return f"@{calls.body_file(exchange)}"
    return _quoted(bytes(exchange.request_body).decode(), secrets)


def _file(exchange: Exchange) -> str:
    """The file of a logged body that no command line can hold, as the call's page names it; "" for others."""
    body = bytes(exchange.request_body)
    text = calls.text_of(body)
    if text is not None and len(text) <= _LONGEST:
        return ""
    return calls.body_file(exchange, bodies.read(exchange.headers_in, body, exchange.request_size).suffix)


def _line(text: str) -> str:
    return " ".join(text.split())
