"""How many credentials a source held: each counted once, however often it was sent; its value is kept nowhere."""

from __future__ import annotations

import re
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from actionstudio.core.specs.readers import secrets
from actionstudio.core.specs.readers.calls import Call, Content

type JSON = Any

_VARIABLE = re.compile(r"(?:\w+\s+)?(?:\{\{[^{}]*\}\}|\$\{?\w+\}?|%\w+%|<[^<>]*>|\{[^{}]*\})?")  # stands for one


class Counted:
    """The credentials of one source, as long as it is read. What only names a variable is none."""

    def __init__(self) -> None:
        self._seen: set[str] = set()

    @property
    def count(self) -> int:
        """How many different ones."""
        return len(self._seen)

    def add(self, value: JSON) -> None:
        """One that is known to be a credential."""
        if isinstance(value, str | int | float) and not isinstance(value, bool):
            text = str(value).strip()
            if not _VARIABLE.fullmatch(text) and text != secrets.HIDDEN:
                self._seen.add(text.partition(" ")[2].strip() or text)  # the same with and without "Bearer"

    def call(self, call: Call) -> None:
        """Those of a call and of what came back."""
        cookies = [value for name, value in call.headers if name.lower() == "cookie"]
        for value in cookies[:1]:
            self.add(value)
        for name, value in call.headers:
            if secrets.is_secret(name) and name.lower() != "cookie":
                self.add(value)
        parts = urlsplit(call.url)
        if "@" in parts.netloc:
            self.add(parts.netloc.rpartition("@")[0])
        for name, value in (*parse_qsl(parts.query, max_num_fields=1000), *call.query):
            if secrets.is_query_key(name, [value]) or secrets.is_secret(name):
                self.add(value)
        for content in (call.body, *(answer.content for answer in call.answers)):
            if content is not None:
                self._content(content)

    def value(self, value: JSON, *, hidden: bool = False) -> None:
        """Those in a JSON value, as secrets.cleaned takes them out. ``hidden``: all of it is one."""
        if isinstance(value, dict):
            for key, item in value.items():
                self.value(item, hidden=hidden or secrets.is_secret(key))
        elif isinstance(value, list):
            for item in value:
                self.value(item, hidden=hidden)
        elif hidden or (isinstance(value, str) and secrets.without(value) != value):
            self.add(value)

    def collection(self, node: JSON) -> None:
        """Those that a Postman collection keeps apart from its requests: in ``auth`` and in variables."""
        if isinstance(node, list):
            for item in node:
                self.collection(item)
        elif isinstance(node, dict):
            self._auth(node.get("auth"))
            for one in node["variable"] if isinstance(node.get("variable"), list) else ():
                self._variable(one)
            for key in ("item", "request", "collection"):
                self.collection(node.get(key))

    def _auth(self, auth: JSON) -> None:
        given = auth.get(auth["type"]) if isinstance(auth, dict) and isinstance(auth.get("type"), str) else None
        if isinstance(given, list):
            pairs = [(item.get("key"), item.get("value")) for item in given if isinstance(item, dict)]
        else:
            pairs = list(given.items()) if isinstance(given, dict) else []
        for key, value in pairs:
            if isinstance(key, str) and (key == "value" or secrets.is_secret(key)):
                self.add(value)

    def _variable(self, one: JSON) -> None:
        if not isinstance(one, dict):
            return
        name, value = one.get("key") or one.get("id"), one.get("value")
        named = one.get("type") == "secret" or (isinstance(name, str) and secrets.is_secret(name))
        if named or (isinstance(value, str) and secrets.without(value) != value):
            self.add(value)

    def _content(self, content: Content) -> None:
        for name, value in content.fields:
            if value and (secrets.is_secret(name) or secrets.without(value) != value):
                self.add(value)
        if content.is_json:
            self.value(content.value)
        elif content.text and secrets.without(content.text) != content.text:
            self.add(content.text)
