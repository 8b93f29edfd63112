"""curl commands as people paste them, one or several -> Contract.

The text is taken apart as a shell does it (POSIX.1-2017, Shell Command Language, 2.2 and 2.3; ``$'…'`` of bash), also
when it was copied for Windows (``^`` at the end of a line, double quotes). Options are those of curl 8's manual.
"""

from __future__ import annotations

import dataclasses
import re
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from actionstudio.core.problem import Problem, Refused
from actionstudio.core.specs.readers import curl_options, openapi, secrets, shell
from actionstudio.core.specs.readers.calls import MULTIPART, URLENCODED, Call, Content, content
from actionstudio.core.specs.readers.curl_options import Command
from actionstudio.core.specs.readers.notes import Notes
from actionstudio.core.specs.readers.origins import Origins
from actionstudio.core.specs.readers.report import Report
from actionstudio.core.specs.readers.sketch import Sketch
from actionstudio.core.words import said

type JSON = Any

MOST = 1000
_START = re.compile(r"\s*(?:(?:#[^\n]*\n|[$>%]\s|PS [^\n>]*>)\s*)*curl(?:\.exe)?[\s\\^`]", re.IGNORECASE)
_HOST = re.compile(r"(?:[\w.~%-]+|\[[0-9a-fA-F:.]+\])(?::[0-9]*)?")
_METHODS = frozenset(("GET", "POST", "PUT", "PATCH", "DELETE", "HEAD", "OPTIONS", "TRACE"))


def claims(doc: JSON) -> bool:
    """Whether this is a text that begins with a curl command; comments and prompts may stand before it."""
    return isinstance(doc, str) and bool(_START.match(doc[:2000]))


def read(doc: JSON) -> Report:
    """The contract that curl commands suggest. Raises Refused when none of them can be read."""
    if not isinstance(doc, str):
        raise Refused(Problem("", said("This is not a curl command: it must be a text."), "not-curl"))
    notes, origins = Notes(), Origins()
    calls: list[Call] = []
    found = 0
    for line, words in shell.commands(doc):
        if not words or not re.fullmatch(r"(?:.*[/\\])?curl(?:\.exe)?", words[0], re.IGNORECASE):
            continue
        found += 1
        if found > MOST:
            continue
        for one in curl_options.commands(words[1:]):
            calls += _calls(one, f"/{line}", notes)
    if not found:
        raise Refused(Problem("", said("There is no curl command here: it begins with “curl”."), "not-curl"))
    if found > MOST:
        message = said("Only the first %(most)s commands were read.", most=MOST)
        notes.add("", message, "too-many")
    if not calls:
        raise Refused(*notes.problems)
    host = next((urlsplit(call.url).hostname or "" for call in calls), "")
    sketch = Sketch(host or "curl", notes, origins, inferring=False)
    for call in calls:
        sketch.add(call)
    report = openapi.read(sketch.document())
    problems = (*notes.problems, *(origins.back(problem) for problem in report.problems))
    found = max(found, report.operations_in)
    secret = sketch.secrets.count
    return dataclasses.replace(report, format="curl", problems=problems, operations_in=found, secrets=secret)


def _calls(one: Command, at: str, notes: Notes) -> list[Call]:
    """The calls of one command: one for each URL."""
    for option in dict.fromkeys(one.unknown):
        message = said("The option %(option)s of curl is not known here; it was passed over.", option=option[:40])
        notes.add(at, message, "curl-option")
    if not one.urls:
        message = said("This curl command names no URL; it was left out.")
        notes.add(at, message, "no-url")
        return []
    method = _method(one)
    if method not in _METHODS:
        message = said(
            "%(method)s is not a method that a contract knows; the command was left out.", method=method[:20]
        )
        notes.add(at, message, "method")
        return []
    made = []
    for raw in one.urls:
        url = _url(raw)
        if not url:
            message = said("“%(url)s” is not a URL; the command was left out.", url=secrets.without(raw[:80]))
            notes.add(at, message, "url")
            continue
        made.append(_call(one, method, url, at, notes))
    return made


def _call(one: Command, method: str, url: str, at: str, notes: Notes) -> Call:
    headers = list(one.headers)
    if one.user:
        headers.append(("Authorization", "Basic x"))  # the user's name and password are not kept, only how they travel
    if one.bearer:
        headers.append(("Authorization", "Bearer x"))
    query = [pair for text in one.query for pair in _fields(text)]
    if one.as_query:
        query += [pair for data in one.data for pair in _fields(data.text)]
    body = None if one.as_query else _body(one, at, notes)
    return Call(method, url, tuple(headers), tuple(query), body, pointer=at)


def _method(one: Command) -> str:
    if one.method:
        return one.method.upper()
    if one.head:
        return "HEAD"
    if one.as_query:
        return "GET"
    return "POST" if one.data or one.form else "GET"


def _url(raw: str) -> str:
    """The URL as curl takes it: http when no scheme is written. "" when it is none."""
    raw = raw.strip().strip("<>")
    named = re.match(r"\$\{?(\w+)\}?|\{\{\s*(\w+)\s*\}\}", raw)
    if named:  # $BASE_URL/orders: the server is not known, the path is
        rest = raw[named.end() :]
        return f"/{rest.lstrip('/')}" if rest.startswith("/") else ""
    if not re.match(r"[a-zA-Z][a-zA-Z0-9+.-]*://", raw):
        raw = f"http://{raw}"
    try:
        parts = urlsplit(raw)
        usable = parts.scheme in ("http", "https") and bool(parts.hostname) and (parts.port or 1)
    except ValueError:
        return ""
    return raw if usable and _HOST.fullmatch(parts.netloc.rpartition("@")[2]) else ""


def _body(one: Command, at: str, notes: Notes) -> Content | None:
    if one.form:
        return Content(MULTIPART, fields=tuple(one.form))
    if not one.data:
        return None
    if any(data.file for data in one.data):
        message = said("The body stands in a file that is not here; its fields are not known. Paste its text after -d.")
        notes.add(at, message, "body-in-file")
    kind = next((value for name, value in one.headers if name.lower() == "content-type"), "")
    if one.json:
        return content(kind or "application/json", "".join(data.text for data in one.data)) or None
    joined = "&".join(data.text for data in one.data)
    if not kind and joined.lstrip()[:1] in ("{", "["):
        kind = "application/json"  # curl would say it is a form; who writes JSON there means JSON
    made = content(kind or URLENCODED, joined)
    if made is None and any(data.file for data in one.data):
        return Content(kind.partition(";")[0].strip().lower() or "application/json")
    return made


def _fields(text: str) -> list[tuple[str, str]]:
    return parse_qsl(text, keep_blank_values=True, max_num_fields=1000)
