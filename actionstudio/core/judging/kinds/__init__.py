"""Kinds of noise: what differs from run to run although the answer is the same. One file a kind, a table in front."""

from __future__ import annotations

import importlib
import pkgutil

from actionstudio.core.judging.kinds.kind import KINDS, Kind, Spot

__all__ = ["KINDS", "Kind", "Spot", "kind_of"]

for _module in sorted(pkgutil.iter_modules(__path__), key=lambda module: module.name):
    importlib.import_module(f"{__name__}.{_module.name}")


def kind_of(before: object, after: object, spot: Spot, kinds: frozenset[str]) -> str:
    """The first of ``kinds`` that both values are of, in the same shape; "" when they are of none."""
    for code, kind in KINDS.items():
        if code in kinds and kind.covers(before, after, spot):
            return code
    return ""
