"""The document of a plugin through the converter of 2023: which server is called, and what its model sees.

Source: OpenAI, "Plugins in production", "Resolving the API's host" (2023); docs/chatgpt-rules.md, PL-09, PL-13, TS-11.
The converter is that of actions: a report of its time has the same messages.
"""

from __future__ import annotations

import dataclasses
from typing import Any
from urllib.parse import urlsplit

from actionstudio.core import contract, limits
from actionstudio.core.chatgpt.plugin.flaw import Flaw
from actionstudio.core.chatgpt.plugin.reading import Manifest
from actionstudio.core.importer import Import, simulate_document, unreadable
from actionstudio.core.lint import hosts
from actionstudio.core.problem import Refused
from actionstudio.core.specs import text as texts
from actionstudio.core.specs import typescript
from actionstudio.core.words import said

type JSON = Any

_ERROR = 'Error getting system message: {"message":"Could not parse OpenAPI spec for plugin: %s"}'


def taken(text: str | bytes, root: str, url: str) -> tuple[Import, tuple[Flaw, ...]]:
    """What becomes of the document that was fetched from ``url``, for a plugin whose root domain is ``root``; and what
    is to be said of its servers. Never raises."""
    try:
        document = texts.parse(text)
    except Refused as refused:
        return unreadable(refused.problems[0], len(text)), ()
    server, flaws = chosen(document, root, url)
    if isinstance(document, dict):
        document = {**document, "servers": [{"url": server}]}
    origin = "{0.scheme}://{0.netloc}".format(urlsplit(server))
    found = simulate_document(document, origin, size=len(text), texts=(limits.PLUGIN_TEXT, limits.PLUGIN_TEXT))
    return _without_host(found), flaws


def chosen(document: JSON, root: str, url: str) -> tuple[str, tuple[Flaw, ...]]:
    """The server that is called: the first that is the root domain or below it, else the host of the document."""
    listed = document.get("servers") if isinstance(document, dict) else None
    listed = listed if isinstance(listed, list) else []
    for index, one in enumerate(map(_url, listed)):
        parts = hosts.parsed(one)
        if parts is not None and hosts.under(parts.hostname or "", root):
            flaws = () if _safe(one) else (_plain(index, one),)
            return one.strip(), flaws
    origin = "{0.scheme}://{0.netloc}".format(urlsplit(url))
    if not listed:
        return origin, ()
    message = said(
        "No server is %(root)s or below it: calls go to %(origin)s, the host of the document. Name it in “servers”.",
        root=root,
        origin=origin,
    )
    return origin, (Flaw("PL-13", "degrades", "/servers", message),)


def _url(server: JSON) -> str:
    url = server.get("url") if isinstance(server, dict) else None
    return url if isinstance(url, str) else ""


def _safe(server: str) -> bool:
    parts = hosts.parsed(server)
    return parts is not None and (parts.scheme == "https" or hosts.is_local(parts.hostname or ""))


def _plain(index: int, server: str) -> Flaw:
    message = said("The server %(url)s is not https: http is for localhost only.", url=server[:200])
    return Flaw("PL-11", "fatal", f"/servers/{index}/url", message)


def _without_host(found: Import) -> Import:
    """Without the notes about names that are too long together with an action's host: a plugin's names have none."""
    return dataclasses.replace(
        found, silent=tuple(one for one in found.silent if one.rule != "OP-04" or "%(length)s" not in _template(one))
    )


def _template(one: Any) -> str:
    return str(getattr(one.text, "template", ""))


def error(imported: Import) -> str:
    """What ChatGPT showed in a chat whose plugin had such a document (one report), "" when it could be read."""
    lines = [one.text for one in imported.messages if one.level == "fatal"]
    return _ERROR % lines if imported.fatal and lines else ""


def namespace(imported: Import, manifest: Manifest) -> str:
    """What the model saw: ``description_for_model``, then the operations under ``name_for_model`` (TS-11)."""
    if not imported.kept:
        return ""
    told = contract.Manifest(
        name_for_model=manifest.text("name_for_model").strip(),
        description_for_model=manifest.text("description_for_model").strip(),
    )
    kept = dataclasses.replace(imported.survivors(), manifest=told)
    return typescript.namespace(kept, imported.host, "plugin")
