"""A fetched manifest as a value: what ChatGPT takes from it, whatever else is wrong with it."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urljoin

from actionstudio.core.problem import Problem, Refused
from actionstudio.core.specs import text as texts
from actionstudio.core.words import said

type JSON = Any

NONE, USER, SERVICE, OAUTH = AUTHS = ("none", "user_http", "service_http", "oauth")
VERIFIED = (SERVICE, OAUTH)  # those that have verification tokens
FORM, JSON_BODY = "application/x-www-form-urlencoded", "application/json"
LARGEST = 1_000_000  # bytes; a manifest has some thousand


@dataclass(frozen=True, slots=True)
class Manifest:
    """``raw`` is all of it, ``url`` where it was found. What is missing or no text is ""."""

    raw: Mapping[str, JSON] = field(default_factory=dict)
    url: str = ""

    def text(self, name: str) -> str:
        """One of its texts."""
        value = self.raw.get(name)
        return value if isinstance(value, str) else ""

    @property
    def auth(self) -> Mapping[str, JSON]:
        value = self.raw.get("auth")
        return value if isinstance(value, dict) else {}

    @property
    def kind(self) -> str:
        """How callers sign in, one of AUTHS; "" when it says none of them."""
        kind = self.auth.get("type")
        return kind if kind in AUTHS else ""

    @property
    def document(self) -> str:
        """The whole URL of its OpenAPI document, "" when it names none."""
        api = self.raw.get("api")
        url = api.get("url") if isinstance(api, dict) else None
        if not isinstance(url, str) or not url.strip():
            return ""
        try:
            return urljoin(self.url, url.strip())
        except ValueError:
            return ""

    @property
    def token(self) -> str:
        """The verification token that it has for OpenAI, "" when it has none."""
        tokens = self.auth.get("verification_tokens")
        value = tokens.get("openai") if isinstance(tokens, dict) else None
        return value.strip() if isinstance(value, str) else ""

    @property
    def verified(self) -> bool:
        """Whether ChatGPT asks this plugin to prove whose manifest it is."""
        return self.kind in VERIFIED


def read(body: bytes, url: str) -> Manifest:
    """The manifest that was fetched from ``url``. It is JSON, and one comma too many was enough that ChatGPT did not
    find it (reported: openai/plugins-quickstart, issue 40). Raises Refused for what is no JSON object."""
    if len(body) > LARGEST:
        raise Refused(Problem("", said("This manifest is larger than a megabyte."), "large"))
    try:
        value = texts.parse(texts.decode(body))
        json.loads(body.decode("utf-8-sig"))  # YAML is none
    except Refused as refused:
        raise Refused(*(Problem("", one.message, "syntax") for one in refused.problems)) from None
    except (ValueError, RecursionError):
        message = said("The manifest is no JSON: a comma too many or a missing quote is enough. Check it.")
        raise Refused(Problem("", message, "syntax")) from None
    if not isinstance(value, dict):
        raise Refused(Problem("", said("A manifest is a JSON object with “schema_version”, “auth” and “api”."), "kind"))
    return Manifest(value, url)
