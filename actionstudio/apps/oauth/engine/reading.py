"""The parameters of a request to the provider, read strictly: each once, as text, from where it may come.

Source: RFC 6749, sections 3.1 and 3.2 (a parameter without a value counts as omitted, none comes twice, unknown ones
are ignored), RFC 8707, section 2 (``resource`` alone may come several times).
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qsl, urlencode

from django.http import HttpRequest

from actionstudio.apps.oauth import codes
from actionstudio.apps.oauth.engine.refusing import Rejected, rejected

FORM, JSON = "application/x-www-form-urlencoded", "application/json"
LARGEST = 64 * 1024  # bytes of a body
_LONGEST = 8192  # characters of a value
_SHORT = {"client_id": 255, "nonce": 255, "redirect_uri": 2000, "code_challenge": 128, "code_verifier": 128}
_MOST = 100  # parameters

AUTHORIZE = frozenset((
    "response_type", "client_id", "redirect_uri", "scope", "state", "resource", "code_challenge",
    "code_challenge_method", "response_mode", "nonce", "prompt", "display", "max_age", "ui_locales", "id_token_hint",
    "login_hint", "acr_values",
))  # fmt: skip
TOKEN = frozenset((
    "grant_type", "client_id", "client_secret", "code", "code_verifier", "redirect_uri", "refresh_token", "scope",
    "resource",
))  # fmt: skip
REVOKE = frozenset(("client_id", "client_secret", "token", "token_type_hint"))


@dataclass(frozen=True)
class Parameters:
    """What was sent. ``values`` are the known parameters that have a value, ``resources`` those of RFC 8707;
    ``content_type`` is that of the body, "" for a query; ``names`` are all that came, for the trace."""

    values: Mapping[str, str] = field(default_factory=dict)
    resources: tuple[str, ...] = ()
    content_type: str = ""
    names: tuple[str, ...] = ()

    def get(self, name: str) -> str:
        return self.values.get(name, "")

    @property
    def json(self) -> bool:
        return self.content_type == JSON

    def encoded(self) -> str:
        """As a form, with nothing in it that oauthlib could take for something else."""
        return urlencode([*self.values.items(), *(("resource", one) for one in self.resources)])


def of_query(request: HttpRequest) -> Parameters:
    """The parameters of an authorize request, from its URL alone. Raises Rejected."""
    return _parameters(_form(request.META.get("QUERY_STRING", "")), AUTHORIZE)


def of_body(request: HttpRequest, known: frozenset[str]) -> Parameters:
    """The parameters of a POST: a form, or a JSON object of texts. Raises Rejected."""
    if request.META.get("QUERY_STRING"):
        raise rejected(codes.PARAMETER_IN_QUERY, sent=[name for name, _ in _form(request.META["QUERY_STRING"])])
    kind = request.META.get("CONTENT_TYPE", "").partition(";")[0].strip().lower()
    if int(request.META.get("CONTENT_LENGTH") or 0) > LARGEST:
        raise rejected(codes.BODY_MALFORMED, sent="too long", content_type=kind)
    try:
        text = request.body.decode("utf-8")
    except UnicodeDecodeError as error:
        raise rejected(codes.BODY_MALFORMED, content_type=kind) from error
    if kind == JSON:
        return _parameters(_object(text), known, kind)
    if kind != FORM:
        raise rejected(codes.BODY_TYPE_WRONG, sent=kind or "none", registered=FORM, content_type=kind)
    return _parameters(_form(text, kind), known, kind)


def _form(text: str, kind: str = "") -> list[tuple[str, str]]:
    try:
        return parse_qsl(text, keep_blank_values=True, max_num_fields=_MOST)
    except ValueError as error:
        raise rejected(codes.BODY_MALFORMED, sent="too many parameters", content_type=kind) from error


def _object(text: str) -> list[tuple[str, Any]]:
    """The members of a JSON object in their order, also those that come twice; lists are several values."""
    try:
        members = json.loads(text, object_pairs_hook=lambda pairs: pairs)
    except (ValueError, RecursionError) as error:
        raise rejected(codes.BODY_MALFORMED, content_type=JSON) from error
    if not text.lstrip().startswith("{") or len(members) > _MOST:
        raise rejected(codes.BODY_MALFORMED, content_type=JSON)
    pairs: list[tuple[str, Any]] = []
    for name, value in members:
        if value is None:
            continue
        many = isinstance(value, list) and name == "resource" and len(value) <= _MOST
        pairs += [(name, one) for one in value] if many else [(name, value)]
    return pairs


def _parameters(pairs: list[tuple[str, Any]], known: frozenset[str], kind: str = "") -> Parameters:
    values: dict[str, str] = {}
    resources: list[str] = []
    for name, value in pairs:
        if name not in known or value == "":
            continue
        if wrong := _implausible(name, value):
            raise rejected(wrong, sent=name, registered=_SHORT.get(name, _LONGEST), content_type=kind)
        if name == "scope" and not value.strip():
            continue
        if name == "resource":
            resources.append(value)
        elif name in values:
            raise _wrong(codes.PARAMETER_TWICE, name, kind)
        else:
            values[name] = value
    return Parameters(values, tuple(resources), kind, tuple(dict.fromkeys(str(name)[:60] for name, _ in pairs)))


def _wrong(code: str, name: str, kind: str) -> Rejected:
    return rejected(code, sent=name, content_type=kind)


def _implausible(name: str, value: Any) -> str:
    """The code of why a value is no text that a database and a hash take, "" when it is one."""
    if not isinstance(value, str) or any("\ud800" <= char <= "\udfff" for char in value):
        return codes.PARAMETER_JUNK
    if len(value) > _SHORT.get(name, _LONGEST):
        return codes.PARAMETER_LONG
    return codes.PARAMETER_CONTROL if any(char < " " or char == "\x7f" for char in value) else ""
