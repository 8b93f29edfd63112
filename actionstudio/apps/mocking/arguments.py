"""Arguments by name become a call of one operation, as programs give them: the API's way to try an endpoint."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _

from actionstudio.apps.mocking.asking import MISSING
from actionstudio.apps.mocking.trying import Credential, Trial, Wish
from actionstudio.core.call import Call
from actionstudio.core.calling import Content, call_of, content_of
from actionstudio.core.contract import Parameter
from actionstudio.core.problem import Problem, Refused

PLAIN = Wish()


def call(
    trial: Trial, arguments: Mapping[str, Any], body: Any = MISSING, media_type: str = "", wish: Wish = PLAIN
) -> Call:
    """The call with these arguments. Raises Refused.

    A name is that of a parameter ("limit"), with its place before it where two bear it ("query.limit"). As ChatGPT
    gives them, names that are no parameters are members of the body, unless ``body`` is given itself.
    """
    given, members, problems = _sorted(trial, arguments)
    if members and (body is not MISSING or trial.media(media_type) is None):
        known = ", ".join(field.label for field in trial.parameters) or "-"
        words = _("There is no such parameter. Known: %(names)s") % {"names": known}
        problems += [Problem(f"/arguments/{name}", words, "unknown") for name in members]
    for field in trial.parameters:
        if field.place == "path" and not any(parameter is field.parameter for parameter, _value in given):
            problems.append(Problem(f"/arguments/{field.label}", _("A path needs a value here."), "required"))
    if problems:
        raise Refused(*problems)
    content = _content(trial, members if body is MISSING and members else body, media_type)
    headers = trial.headers(wish, Credential())
    operation = trial.served.operation
    return call_of(operation.method, operation.path, given, content, headers)


def _sorted(
    trial: Trial, arguments: Mapping[str, Any]
) -> tuple[list[tuple[Parameter, Any]], dict[str, Any], list[Problem]]:
    given: list[tuple[Parameter, Any]] = []
    members: dict[str, Any] = {}
    problems: list[Problem] = []
    for name, value in arguments.items():
        found = [one for one in trial.parameters if name in (one.label, one.name)]
        if len(found) > 1:
            places = ", ".join(one.name for one in found)
            words = _("Several parameters bear this name. Say which: %(names)s") % {"names": places}
            problems.append(Problem(f"/arguments/{name}", words, "ambiguous"))
        elif found and found[0].parameter is not None:
            given.append((found[0].parameter, value))
        else:
            members[name] = value
    return given, members, problems


def _content(trial: Trial, value: Any, media_type: str) -> Content:
    if value is MISSING:
        return Content()
    media = trial.media(media_type)
    kind = media_type or (media.media_type if media else "application/json")
    return content_of(kind, value)


def raw(trial: Trial, sent: Mapping[str, Any], body: bytes) -> Call:
    """A call as it was written, of any path and with any headers. Raises Refused for what no server would take."""
    path = sent.get("path") or trial.served.operation.path
    if not path.startswith("/") or not path.isprintable() or " " in path:
        raise Refused(Problem("/request/path", _("A path begins with a slash: /todos"), "path"))
    method = sent.get("method") or trial.served.operation.method
    headers = tuple((name.lower(), value) for name, value in sent.get("headers") or ())
    if any(not (name + value).isprintable() or not name for name, value in headers):
        raise Refused(Problem("/request/headers", _("Headers are [name, value], each on one line."), "invalid"))
    fixed = tuple(pair for pair in trial.headers(Wish(), Credential()) if pair[0] not in {name for name, _v in headers})
    return Call(method, path, sent.get("query") or "", fixed + headers, body)
