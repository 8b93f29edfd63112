"""Which credentials calls carried -> security schemes and requirements. The values are looked at and forgotten."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from actionstudio.core.specs.readers import secrets
from actionstudio.core.specs.readers.calls import Call

type JSON = Any

_HTTP = {"bearer": "bearer", "basic": "basic", "digest": "digest"}


class Signs:
    """The schemes of one document, each named once."""

    def __init__(self) -> None:
        self.schemes: dict[str, JSON] = {}

    def named(self, name: str, scheme: dict[str, JSON]) -> str:
        """The name under which ``scheme`` stands; ``name`` or, when that means another one, ``name2`` and so on."""
        stem, number = name, 2
        while name in self.schemes and self.schemes[name] != scheme:
            name, number = f"{stem}{number}", number + 1
        self.schemes[name] = scheme
        return name

    def in_query(self, name: str) -> str:
        """The scheme of a key in the query."""
        return self.named("apiKey", {"type": "apiKey", "in": "query", "name": name})

    def of(self, calls: Iterable[Call]) -> list[JSON]:
        """What these calls of one operation ask for: what was said of them, and what their headers show."""
        asked: list[dict[str, JSON]] = []
        for call in calls:
            shown: dict[str, JSON] = {name: [] for name in self._names(call)}
            requirements = [{**shown, **item} for item in call.security or ({},)]
            asked += [item for item in requirements if item and item not in asked]
        return list(asked[:3])

    def secured(self, paths: dict[str, JSON]) -> dict[str, JSON]:
        """The document's ``security`` and ``components``. What every operation asks for is said once."""
        if not self.schemes:
            for item in paths.values():
                for operation in item.values():
                    if isinstance(operation, dict):
                        operation.pop("security", None)
            return {}
        operations = [op for item in paths.values() for op in item.values() if isinstance(op, dict)]
        asked = [op.get("security") for op in operations]
        out: dict[str, JSON] = {"components": {"securitySchemes": dict(self.schemes)}}
        first = next((one for one in asked if one), None)
        if first and all(one in (first, []) for one in asked):
            out["security"] = first
            for operation in operations:
                if operation.get("security") == first:
                    del operation["security"]
        return out

    def _names(self, call: Call) -> list[str]:
        found = []
        for name, value in call.headers:
            lower = name.lower()
            if lower in ("authorization", "proxy-authorization"):
                found.append(self._authorization(name, value))
            elif secrets.is_secret(lower) and not lower.endswith("cookie") and "srf" not in lower:
                found.append(self.named("apiKey", {"type": "apiKey", "in": "header", "name": name}))
        parts = urlsplit(call.url)
        if "@" in parts.netloc:
            found.append(self.named("basicAuth", {"type": "http", "scheme": "basic"}))
        query = (*parse_qsl(parts.query, keep_blank_values=True, max_num_fields=1000), *call.query)
        for name, value in query:
            if secrets.is_query_key(name, [value]) or secrets.is_secret(name):
                found.append(self.in_query(name))
        return list(dict.fromkeys(found))

    def _authorization(self, name: str, value: str) -> str:
        scheme = _HTTP.get(value.strip().partition(" ")[0].lower(), "")
        if scheme and " " in value.strip():
            return self.named(f"{scheme}Auth", {"type": "http", "scheme": scheme})
        return self.named("apiKey", {"type": "apiKey", "in": "header", "name": name})
