"""Logged calls as a Python script for httpx (https://www.python-httpx.org)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from actionstudio.apps.traffic.exporting import calls
from actionstudio.apps.traffic.exporting.secrets import Secrets
from actionstudio.apps.traffic.models import Exchange

_HEAD = '''"""Calls from the log of Action Studio. Needs httpx: pip install httpx"""

import httpx
'''


def script(exchanges: Iterable[Exchange]) -> Iterator[str]:
    """The calls in their order; what the log hides is read from the environment (``KEY``)."""
    secrets = Secrets()
    parts = [_call(row, url, secrets) for row, url in calls.located(calls.within(exchanges))]
    yield _HEAD.replace("import httpx\n", "from os import environ\n\nimport httpx\n") if secrets.names else _HEAD
    if secrets.names:
        yield "\n"
    for name, place in secrets.names.items():
        yield f'{name.upper()} = environ["{name.upper()}"]  # a secret that the log hides: {place}\n'
    yield "\nwith httpx.Client(timeout=45) as client:\n"
    yield from parts or ["    pass\n"]


def _call(row: Exchange, url: str, secrets: Secrets) -> str:
    lines = [f"    # {row.public_id} {' '.join(calls.title(row).split())}"]
    if lacking := calls.lacking(row):
        lines.append(f"    # {lacking}")
    lines += ["    answer = client.request(", f"        {row.method!r},", f"        {_written(url, 'URL', secrets)},"]
    sent = calls.headers(row)
    if sent:
        pairs = "".join(
            f"            ({name!r}, {_written(value, calls.part(name), secrets)}),\n" for name, value in sent
        )
        lines.append(f"        headers=[\n{pairs}        ],")
    if row.request_body:
        lines.append(f"        content={_content(bytes(row.request_body), secrets)},")
    elif calls.unkept(row):
        lines.append(f'        content=open("{calls.body_file(row)}", "rb").read(),')
    return "\n".join([*lines, "    )", "    print(answer.status_code, answer.text)", ""])


def _content(body: bytes, secrets: Secrets) -> str:
    text = calls.text_of(body)
    if text is None:
        return repr(body)
    written = _written(text, "body", secrets)
    return f"({written}).encode()" if " + " in written else f"{written}.encode()"


def _written(text: str, part: str, secrets: Secrets) -> str:
    """A text as an expression: literals, and names for what the log hides."""
    parts: list[str] = []
    secrets.filled(
        text, part, lambda name: parts.append(name.upper()) or "", lambda plain: parts.append(repr(plain)) or ""
    )
    return " + ".join(parts)
