"""The pages an address serves to people: policies and the reference. Plain HTML, one style sheet, no scripts."""

from __future__ import annotations

import base64
import functools
import struct
import zlib
from collections.abc import Iterable
from hashlib import sha256
from html import escape
from typing import Any

import nh3
import orjson
from markdown_it import MarkdownIt

from actionstudio.core.contract import Contract, Example, Media, Operation
from actionstudio.core.resolve import Resolver
from actionstudio.core.schemas import refs

STYLE = """
:root{color-scheme:light dark;--line:#d9dee5;--dim:#5a6472;--ink:#1b2430;--paper:#fff;--soft:#f4f6f8;--link:#0b57d0}
@media(prefers-color-scheme:dark){:root{--line:#343c48;--dim:#a3adba;--ink:#e8ecf1;--paper:#12161c;--soft:#1b2129;--link:#8ab4f8}}
*{box-sizing:border-box}
body{margin:0;background:var(--paper);color:var(--ink);font:16px/1.6 system-ui,sans-serif}
main,header,footer{max-width:54rem;margin:0 auto;padding:1.5rem}
header{display:flex;gap:1rem;align-items:center;border-bottom:1px solid var(--line)}
header img{border-radius:8px}
h1{font-size:1.5rem;margin:0}h2{margin:2.5rem 0 .5rem;font-size:1.2rem}h3{margin:1.2rem 0 .3rem;font-size:1rem}
a{color:var(--link)}
footer{border-top:1px solid var(--line);color:var(--dim);font-size:.9rem}
footer a,nav a{margin-right:1rem}
code,pre{font:.88rem/1.5 ui-monospace,monospace}
code{background:var(--soft);padding:.1em .3em;border-radius:4px}
pre{background:var(--soft);border:1px solid var(--line);border-radius:8px;padding:.8rem;overflow-x:auto}
pre code{background:none;padding:0}
table{border-collapse:collapse;width:100%;display:block;overflow-x:auto}
th,td{text-align:left;vertical-align:top;padding:.35rem .8rem .35rem 0;border-bottom:1px solid var(--line)}
.dim{color:var(--dim)}.verb{font-weight:700}
"""
_HASH = base64.b64encode(sha256(STYLE.encode()).digest()).decode()
CSP = (
    f"default-src 'none'; img-src 'self' data:; style-src 'sha256-{_HASH}'; base-uri 'none'; form-action 'none'; "
    "sandbox allow-popups allow-popups-to-escape-sandbox"
)
_TAGS = {
    "a", "b", "blockquote", "br", "code", "dd", "del", "dl", "dt", "em", "h1", "h2", "h3", "h4", "h5", "h6", "hr", "i",
    "img", "li", "ol", "p", "pre", "s", "strong", "sub", "sup", "table", "tbody", "td", "th", "thead", "tr", "ul",
}  # fmt: skip
_ATTRIBUTES = {"a": {"href", "title"}, "img": {"src", "alt", "title"}, "ol": {"start"}}
_SAMPLE = 4000  # characters of an example that are shown


_MARKDOWN = MarkdownIt("commonmark", {"html": False}).enable("table")  # making one costs more than rendering


@functools.lru_cache(2048)
def markdown(text: str) -> str:
    """Markdown as safe HTML: no scripts, no styles, links to http(s) and mail only."""
    made = _MARKDOWN.render(text)
    return nh3.clean(
        made,
        tags=_TAGS,
        attributes=_ATTRIBUTES,
        url_schemes={"http", "https", "mailto"},
        link_rel="noopener noreferrer",
    )


def page(contract: Contract, title: str, content: str) -> str:
    """A whole page in the address's own frame."""
    name = escape(contract.title)
    return (
        f'<!doctype html><html lang="en"><head><meta charset="utf-8"><title>{escape(title)} · {name}</title>'
        f'<meta name="viewport" content="width=device-width,initial-scale=1"><style>{STYLE}</style></head><body>'
        f'<header><img src="logo.png" alt="" width="40" height="40"><h1>{name}</h1></header>'
        f"<main>{content}</main>"
        '<footer><nav aria-label="Documents"><a href="docs">Reference</a><a href="openapi.yaml">OpenAPI</a>'
        '<a href="privacy">Privacy</a><a href="legal">Legal</a></nav></footer></body></html>'
    )


def policy(contract: Contract, title: str, text: str) -> str:
    """A policy page from Markdown. Its own first heading serves as the page's, one level down."""
    made = markdown(text)
    heading = "" if made.lstrip().startswith(("<h1", "<h2")) else f"<h2>{escape(title)}</h2>"
    body = made.replace("<h1>", "<h2>").replace("</h1>", "</h2>")
    contact = escape(contract.contact_email)
    last = f'<p>Contact: <a href="mailto:{contact}">{contact}</a></p>' if contact and contact not in made else ""
    return page(contract, title, heading + body + last)


def reference(contract: Contract, base_url: str) -> str:
    """What the address answers, for people."""
    resolver = Resolver(contract)
    listed = "".join(
        f'<li><a href="#{_anchor(op)}"><span class="verb">{escape(op.method)}</span> {escape(op.path)}</a> '
        f"{escape(op.summary)}</li>"
        for op in contract.operations
    )
    parts = [
        markdown(contract.description) if contract.description else "",
        f"<p>Base URL: <code>{escape(base_url)}</code> · version {escape(contract.version)}</p>",
        _security(resolver),
        f'<nav aria-label="Operations"><ul>{listed}</ul></nav>' if listed else "<p>No operations yet.</p>",
        *(_operation(resolver, op) for op in contract.operations),
    ]
    return page(contract, "Reference", "".join(parts))


def _anchor(op: Operation) -> str:
    return "op-" + sha256(f"{op.method} {op.path}".encode()).hexdigest()[:12]


def _security(resolver: Resolver) -> str:
    said = [
        f"<li><code>{escape(name)}</code>: {escape(_scheme(scheme))}</li>"
        for name, scheme in resolver.schemes().items()
    ]
    return f"<h2>Authentication</h2><ul>{''.join(said)}</ul>" if said else ""


def _scheme(scheme: dict[str, Any]) -> str:
    kind = scheme.get("type")
    if kind == "apiKey":
        return f"a key in the {scheme.get('in')} {scheme.get('name')}"
    if kind == "http":
        return f"Authorization: {str(scheme.get('scheme')).title()} …"
    return str(kind)


def _operation(resolver: Resolver, op: Operation) -> str:
    name = f"<code>{escape(op.operation_id)}</code>" if op.operation_id else ""
    parts = [
        f'<section><h2 id="{_anchor(op)}"><span class="verb">{escape(op.method)}</span> {escape(op.path)}</h2>',
        f'<p class="dim">{name} {escape(op.summary)}{" (deprecated)" if op.deprecated else ""}</p>',
        markdown(op.description) if op.description else "",
        _parameters(resolver, op),
    ]
    body = resolver.body(op)
    if body is not None:
        parts.append(f"<h3>Request body{'' if body.required else ' (optional)'}</h3>")
        parts += [_media(resolver, media) for media in body.content]
    for response in resolver.responses(op):
        parts.append(f"<h3>Response {escape(response.status)}</h3>{markdown(response.description)}")
        parts += [_media(resolver, media) for media in response.content]
    return "".join(parts) + "</section>"


def _parameters(resolver: Resolver, op: Operation) -> str:
    rows = [
        f"<tr><th scope=row><code>{escape(one.name)}</code></th><td>{escape(one.in_)}</td>"
        f"<td>{escape(kind(one.schema, resolver.components))}</td><td>{'yes' if one.required else 'no'}</td>"
        f"<td>{markdown(one.description)}</td></tr>"
        for one in resolver.parameters(op)
    ]
    if not rows:
        return ""
    head = "".join(f"<th scope=col>{name}</th>" for name in ("Parameter", "In", "Type", "Required", "Description"))
    return f"<h3>Parameters</h3><table><thead><tr>{head}</tr></thead><tbody>{''.join(rows)}</tbody></table>"


def _media(resolver: Resolver, media: Media) -> str:
    rows = _properties(media.schema, resolver)
    shown = f"<p><code>{escape(media.media_type)}</code> {escape(kind(media.schema, resolver.components))}</p>"
    table = f"<table><tbody>{rows}</tbody></table>" if rows else ""
    return shown + table + "".join(_example(example) for example in media.examples[:3])


def _properties(schema: Any, resolver: Resolver) -> str:
    found = resolver.schema(schema)
    if isinstance(found, dict) and found.get("type") == "array":
        found = resolver.schema(found.get("items", {}))
    if not isinstance(found, dict) or not isinstance(found.get("properties"), dict):
        return ""
    required: Iterable[Any] = found.get("required") or ()
    return "".join(
        f"<tr><th scope=row><code>{escape(name)}</code></th><td>{escape(kind(value, resolver.components))}</td>"
        f"<td>{'required' if name in required else ''}</td><td>{_description(value)}</td></tr>"
        for name, value in found["properties"].items()
    )


def _description(schema: Any) -> str:
    text = schema.get("description") if isinstance(schema, dict) else None
    return markdown(text) if isinstance(text, str) else ""


def _example(example: Example) -> str:
    if isinstance(example.value, str):
        text = example.value
    else:
        text = orjson.dumps(example.value, option=orjson.OPT_INDENT_2, default=str).decode()
    text = text if len(text) <= _SAMPLE else text[:_SAMPLE] + "…"
    label = f'<p class="dim">Example {escape(example.key)}</p>' if example.key else ""
    return f"{label}<pre><code>{escape(text)}</code></pre>"


def kind(schema: Any, components: dict[str, Any]) -> str:
    """A schema's type in a few words."""
    if not isinstance(schema, dict):
        return "any"
    name = refs.name_of(schema.get("$ref"))
    if name:
        return name
    said = schema.get("type")
    if said == "array":
        return f"list of {kind(schema.get('items'), components)}"
    words = " or ".join(said) if isinstance(said, list) else str(said or "any")
    return f"{words} ({schema['format']})" if isinstance(schema.get("format"), str) else words


def logo(title: str) -> bytes:
    """A plain mark in a colour of the title's own, for projects that have no logo: a ring on a square, as PNG."""
    size, digest = 128, sha256(title.encode()).digest()
    back = bytes(40 + digest[index] // 3 for index in range(3))
    fore = bytes(min(255, value + 110) for value in back)
    rows = bytearray()
    for y in range(size):
        rows.append(0)
        for x in range(size):
            distance = (x - 63.5) ** 2 + (y - 63.5) ** 2
            rows += fore if 26**2 < distance < 42**2 else back
    return (
        b"\x89PNG\r\n\x1a\n"
        + _chunk(b"IHDR", struct.pack(">IIBBBBB", size, size, 8, 2, 0, 0, 0))
        + _chunk(b"IDAT", zlib.compress(bytes(rows), 9))
        + _chunk(b"IEND", b"")
    )


def _chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
