"""HAR recordings (HTTP Archive 1.2, as browsers and proxies export them) -> Contract, as their calls suggest it.

A recording holds much that is no API: pages, pictures, scripts, preflights, trackers. One host is kept, the one with
the most calls that look like an API's; what was left out is told, by kind. So are calls that no endpoint answered: a
recording of ours says which those are (``_operationId``, ``_kind``), of others it is known by their answers.
"""

from __future__ import annotations

import base64
import binascii
import dataclasses
import re
from collections import Counter, defaultdict
from collections.abc import Callable
from typing import Any
from urllib.parse import urlsplit

from actionstudio.core.problem import Problem, Refused
from actionstudio.core.specs.readers import openapi
from actionstudio.core.specs.readers.calls import MULTIPART, URLENCODED, Answer, Call, Content, content, is_json
from actionstudio.core.specs.readers.notes import Notes
from actionstudio.core.specs.readers.origins import Origins
from actionstudio.core.specs.readers.report import Report, check_depth
from actionstudio.core.specs.readers.sketch import Sketch, template_of
from actionstudio.core.words import said, said_n

type JSON = Any

MOST = 20_000
_STATIC = re.compile(
    r"\.(?:js|mjs|css|map|png|jpe?g|gif|svg|webp|avif|ico|woff2?|ttf|otf|eot|mp[34]|webm|wasm|html?|webmanifest)$",
    re.IGNORECASE,
)
_STATIC_TYPES = re.compile(
    r"(?:image|font|video|audio)/|text/(?:css|html|javascript)|application/(?:x-)?(?:javascript"
    r"|wasm|font|xhtml)|application/manifest\+json",
    re.IGNORECASE,
)
_METHODS = frozenset(("GET", "POST", "PUT", "PATCH", "DELETE", "HEAD", "TRACE"))
_NOBODY = frozenset((404, 405))  # what is answered where there is no such path, or no such method
_BESIDE = frozenset(("document", "oauth", "callback"))  # kinds of calls in our recordings that are no endpoint's
_NAME = re.compile(r"[A-Za-z0-9_.-]{1,200}")
_NAMED = 5  # paths in one sentence
_REASONS: dict[str, Callable[[int], str]] = {
    "static": lambda n: said_n(
        "Left out: one file of a page (script, picture, style, page).",
        "Left out: %(n)s files of pages (scripts, pictures, styles, pages).",
        n,
    ),
    "preflight": lambda n: said_n("Left out: one preflight (OPTIONS).", "Left out: %(n)s preflights (OPTIONS).", n),
    "method": lambda n: said_n(
        "Left out: one call with an unknown method.", "Left out: %(n)s calls with unknown methods.", n
    ),
    "url": lambda n: said_n(
        "Left out: one entry without a usable address.", "Left out: %(n)s entries without a usable address.", n
    ),
    "beside": lambda n: said_n(
        "Left out: one call for a document, to sign in, or a callback.",
        "Left out: %(n)s calls for documents, to sign in, or callbacks.",
        n,
    ),
    "miss": lambda n: said_n(
        "Left out: one call that no endpoint answered.", "Left out: %(n)s calls that no endpoint answered.", n
    ),
    "socket": lambda n: said_n(
        "Left out: one web socket or local address.", "Left out: %(n)s web sockets or local addresses.", n
    ),
}


def claims(doc: JSON) -> bool:
    """Whether this is a recording."""
    return isinstance(doc, dict) and isinstance(doc.get("log"), dict) and "entries" in doc["log"]


def read(doc: JSON) -> Report:
    """The contract that a recording suggests. Raises Refused when it holds no call to an API."""
    entries = doc["log"]["entries"] if claims(doc) else None
    if not isinstance(entries, list):
        message = said("This is not a HAR recording: it has no list “log.entries”.")
        raise Refused(Problem("/log/entries", message, "not-har"))
    check_depth(doc)
    notes, origins = Notes(), Origins()
    if len(entries) > MOST:
        notes.add("/log/entries", said("Only the first %(most)s entries were read.", most=MOST), "too-many")
    calls = _calls(entries[:MOST], notes)
    host = _host(calls, notes)
    kept = [call for call in calls if urlsplit(call.url).netloc.lower() == host]
    if not kept:
        message = said(
            "This recording holds no call to an API: only pages, pictures and the like. Record with the network panel "
            "open while the page loads its data."
        )
        raise Refused(*notes.problems, Problem("/log/entries", message, "no-calls"))
    kept = _answered(kept, notes)
    sketch = Sketch(urlsplit(kept[0].url).hostname or host, notes, origins)
    for call in kept:
        sketch.add(call)
    report = openapi.read(sketch.document())
    problems = (*notes.problems, *(origins.back(problem) for problem in report.problems))
    return dataclasses.replace(report, format="HAR", problems=problems, secrets=sketch.secrets.count)


def _calls(entries: list[JSON], notes: Notes) -> list[Call]:
    """The calls among the entries. The others are counted and told by kind, with the first of each."""
    calls: list[Call] = []
    left: Counter[str] = Counter()
    first: dict[str, str] = {}
    for index, entry in enumerate(entries):
        at = f"/log/entries/{index}"
        made = _call(entry, at)
        if isinstance(made, Call):
            calls.append(made)
        else:
            left[made] += 1
            first.setdefault(made, at)
    for reason, count in left.items():
        notes.add(first[reason], _REASONS[reason](count), f"left-{reason}")
    return calls


def _host(calls: list[Call], notes: Notes) -> str:
    """The host that is kept: the one with the most operations, counted by method and path. The others are told."""
    weights: Counter[str] = Counter()
    for host, _method, _path in {
        (urlsplit(call.url).netloc.lower(), call.method, urlsplit(call.url).path)
        for call in calls
        if _speaks_json(call)
    }:
        weights[host] += 1
    counts = Counter(urlsplit(call.url).netloc.lower() for call in calls)
    if not counts:
        return ""
    host = max(counts, key=lambda name: (weights[name], counts[name]))
    for other, count in counts.most_common():
        if other != host:
            message = said_n(
                "Left out: one call to %(host)s. An action has one host; import it on its own if you need it.",
                "Left out: %(n)s calls to %(host)s. An action has one host; import it on its own if you need it.",
                count,
                host=other,
            )
            pointer = next(call.pointer for call in calls if urlsplit(call.url).netloc.lower() == other)
            notes.add(pointer, message, "left-host")
    return host


def _answered(calls: list[Call], notes: Notes) -> list[Call]:
    """Without operations that are not there: only ever answered 405, or 404 and 405 like all of their path. They are
    told, and kept where nothing else is."""
    places = [template_of(call) for call in calls]
    heard: dict[tuple[str, str], set[int]] = defaultdict(set)  # statuses by method and path; of all methods by ""
    for call, place in zip(calls, places, strict=True):
        for method in (call.method, ""):
            heard[method, place.shape] |= {answer.status for answer in call.answers}

    def missed(call: Call, shape: str) -> bool:
        statuses = heard[call.method, shape]
        nobody = statuses == {405} or (statuses <= _NOBODY and heard["", shape] <= _NOBODY)
        return bool(statuses) and nobody and not call.operation

    left = [(call, place) for call, place in zip(calls, places, strict=True) if missed(call, place.shape)]
    if not left or len(left) == len(calls):
        return calls
    names = list(dict.fromkeys(f"{call.method} {place.path}" for call, place in left))
    message = said_n(
        "Left out: one call that was answered 404 or 405, for there is no such endpoint: %(which)s.",
        "Left out: %(n)s calls that were answered 404 or 405, for there are no such endpoints: %(which)s.",
        len(left),
        which=", ".join(names[:_NAMED]) + ("…" if len(names) > _NAMED else ""),
    )
    notes.add(left[0][0].pointer, message, "left-miss")
    gone = {id(call) for call, _place in left}
    return [call for call in calls if id(call) not in gone]


def _speaks_json(call: Call) -> bool:
    bodies = [call.body, *(answer.content for answer in call.answers)]
    return any(body is not None and body.is_json for body in bodies)


def _call(entry: JSON, at: str) -> Call | str:
    """One entry as a call, or why it is none."""
    entry = entry if isinstance(entry, dict) else {}
    if _text(entry.get("_kind")) in _BESIDE:
        return "beside"
    if entry.get("_operationId") == "":
        return "miss"
    request = entry.get("request")
    request = request if isinstance(request, dict) else {}
    url, method = request.get("url"), request.get("method")
    if not isinstance(url, str) or not isinstance(method, str):
        return "url"
    try:
        parts = urlsplit(url)
        usable = bool(parts.hostname) and (parts.port or 1)
    except ValueError:
        return "url"
    if parts.scheme not in ("http", "https"):
        return "socket"
    if not usable:
        return "url"
    method = method.upper()
    if method == "OPTIONS":
        return "preflight"
    if method not in _METHODS:
        return "method"
    answer = _answer(entry.get("response"))
    if _is_static(parts.path, answer, entry.get("response"), method):
        return "static"
    plain = url.partition("#")[0]
    if "?" in plain:
        query: tuple[tuple[str, str], ...] = ()
    else:
        query = tuple(_pairs(request.get("queryString")))
    headers = tuple(_pairs(request.get("headers")))
    if request.get("cookies"):
        headers = (*headers, ("Cookie", "x"))
    name = _text(entry.get("_operationId"))
    return Call(
        method,
        plain,
        headers,
        query,
        _body(request),
        (answer,) if answer else (),
        at,
        operation=name if _NAME.fullmatch(name) else "",
        template=_text(entry.get("_path")),
        fits=entry.get("_fits") is not False,
    )


def _is_static(path: str, answer: Answer | None, response: JSON, method: str) -> bool:
    """Pages and what they are made of. JSON is never static, whatever its path looks like."""
    if answer is not None and answer.content is not None and answer.content.is_json:
        return False
    kind = _mime(response)
    if is_json(kind):
        return False
    return method in ("GET", "HEAD") and bool(_STATIC.search(path) or _STATIC_TYPES.match(kind))


def _mime(response: JSON) -> str:
    inner = response.get("content") if isinstance(response, dict) else None
    kind = inner.get("mimeType") if isinstance(inner, dict) else None
    return kind.partition(";")[0].strip().lower() if isinstance(kind, str) else ""


def _answer(response: JSON) -> Answer | None:
    """What came back; None when nothing did (status 0: blocked or broken off) or only “not modified” did."""
    status = response.get("status") if isinstance(response, dict) else None
    if not isinstance(status, int) or isinstance(status, bool) or not 200 <= status < 600 or status == 304:
        return None
    inner = response.get("content")
    text = inner.get("text") if isinstance(inner, dict) else None
    text = text if isinstance(text, str) else ""
    if text and inner.get("encoding") == "base64":
        text = _decoded(text)
    kind = _mime(response)
    made = content(kind, text) if text else None
    if made is None and kind and kind != "x-unknown" and status not in (204, 205) and _size(inner.get("size")):
        made = Content(kind)
    return Answer(status, made)


def _size(raw: JSON) -> int:
    """How many bytes were recorded to have passed; 0 when nobody knows."""
    return max(0, raw) if isinstance(raw, int) else 0


def _decoded(text: str) -> str:
    """Text that was recorded as base64; "" when it is none."""
    try:
        return base64.b64decode(text, validate=False).decode()
    except (binascii.Error, ValueError):
        return ""


def _body(request: dict[str, JSON]) -> Content | None:
    data = request.get("postData")
    if not isinstance(data, dict):
        return None
    kind = data.get("mimeType")
    kind = kind if isinstance(kind, str) else ""
    plain = kind.partition(";")[0].strip().lower()
    fields = data.get("params")
    if isinstance(fields, list) and fields and plain in (MULTIPART, URLENCODED, ""):
        found = [
            (item["name"], None if item.get("fileName") else _text(item.get("value")))
            for item in fields
            if isinstance(item, dict) and isinstance(item.get("name"), str)
        ]
        return Content(plain or URLENCODED, fields=tuple(found)) if found else None
    text = _text(data.get("text"))
    if plain and not text and _size(request.get("bodySize")):
        return Content(plain)  # what it was is not recorded
    if plain == MULTIPART:
        return Content(MULTIPART, fields=_multipart(text))
    return content(kind, text)


def _multipart(text: str) -> tuple[tuple[str, str | None], ...]:
    """The fields of a multipart body as browsers record it: files are cut out, names remain (RFC 7578)."""
    found: list[tuple[str, str | None]] = []
    for head, value in re.findall(r"(?im)^content-disposition:([^\r\n]*)\r?\n(?:[^\r\n]+\r?\n)*\r?\n([^\r\n]*)", text):
        name = re.search(r'\bname="([^"]*)"', head)
        if name:
            found.append((name[1], None if "filename=" in head else value))
    return tuple(found)


def _pairs(raw: JSON) -> list[tuple[str, str]]:
    """A list of {name, value} objects."""
    return [
        (item["name"], _text(item.get("value")))
        for item in (raw if isinstance(raw, list) else ())
        if isinstance(item, dict) and isinstance(item.get("name"), str) and item["name"]
    ]


def _text(value: JSON) -> str:
    return value if isinstance(value, str) else ""
