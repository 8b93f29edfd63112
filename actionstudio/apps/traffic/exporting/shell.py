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
    """The call as a command for a shell. What the log hides becomes ``$KEY``, for the reader to fill in. curl itself
    sends nothing in the place of a file that is not there, so it is not begun without it."""
    file = _file(exchange)
    return _command(exchange, calls.url(exchange), Secrets(), f"[ -f {file} ] && " if file else "")


def script(exchanges: Iterable[Exchange]) -> Iterator[str]:
    """The calls as a shell script (POSIX), the variables and files that it needs first."""
    secrets, parts, files = Secrets(), [], []
    for row, url in calls.located(calls.within(exchanges)):
        parts.append(f"\n# {row.public_id} {_line(calls.title(row))}\n{_command(row, url, secrets)}\n")
        files += [file] if (file := _file(row)) else []
    yield "#!/bin/sh\n"
    for name, place in secrets.names.items():
        yield f': "${{{name.upper()}:?Set {name.upper()} to the secret that the log hides ({place}).}}"\n'
    for file in files:
        yield f"[ -f {file} ] || {{ echo 'The file {file} is missing; see below.' >&2; exit 1; }}\n"
    yield from parts


def _command(exchange: Exchange, url: str, secrets: Secrets, before: str = "") -> str:
    file = _file(exchange)
    told = [calls.lacking(exchange)]
    if exchange.request_body and file:
        told.append(f"Its body is the file {file}, which the page of the call gives for download.")
    parts = ["curl", "-i"]
    if exchange.method == "HEAD":
        parts = ["curl", "-I"]
    elif exchange.method != "GET" or exchange.request_size:
        parts += ["-X", exchange.method]
    parts.append(_quoted(url, "URL", secrets))
    for name, value in calls.headers(exchange):
        parts += ["\\\n  -H", _quoted(f"{name}: {value}", calls.part(name), secrets)]
    if file or exchange.request_body:
        body = f"@{file}" if file else _quoted(bytes(exchange.request_body).decode(), "body", secrets)
        parts += ["\\\n  --data-binary", body]
    return "".join(f"# {one}\n" for one in told if one) + before + " ".join(parts).replace(" \\\n", " \\\n")


def _quoted(text: str, part: str, secrets: Secrets) -> str:
    """Text as one shell word; masked parts turn into $KEY, which the shell fills in."""
    return secrets.filled(text, part, lambda name: f'"${name.upper()}"', shlex.quote)


def _file(exchange: Exchange) -> str:
    """The file of a body that was not kept or that no command line can hold, as the call's page names it; "" for
    others."""
    if calls.unkept(exchange):
        return calls.body_file(exchange)
    body = bytes(exchange.request_body)
    text = calls.text_of(body)
    if text is not None and len(text) <= _LONGEST:
        return ""
    return calls.body_file(exchange, bodies.read(exchange.headers_in, body, exchange.request_size).suffix)


def _line(text: str) -> str:
    return " ".join(text.split())
