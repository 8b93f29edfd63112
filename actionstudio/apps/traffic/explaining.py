"""Rules of a logged call, rule by rule: what was asked, what the call said, and whether it held."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from actionstudio.core.contract import Operation


def rules(entry: dict[str, Any], operation: Operation | None) -> Iterator[tuple[str, str, int]]:
    """Lines of (yes, no or "", text, depth) for the entry of a trail."""
    values = entry.get("values")
    for name, value in values.items() if isinstance(values, dict) else ():
        yield "", f"{name} = {compact(value)}", 0


def compact(value: Any) -> str:
    """A JSON value on one line."""
    return json.dumps(value, ensure_ascii=False, default=str)
