"""Rounding: the last digits of a computed number."""

from __future__ import annotations

import math
from typing import Any

from actionstudio.core.judging.kinds.kind import Spot, kind

_SHARE = 1e-9


@kind("Rounding")
def rounding(before: Any, after: Any, spot: Spot) -> bool:
    """Numbers with a fraction that differ by less than a billionth, as 0.30000000000000004 and 0.3 do. For more, give
    a tolerance."""
    if not isinstance(before, float) and not isinstance(after, float):
        return False
    if isinstance(before, bool) or isinstance(after, bool):
        return False
    return (
        isinstance(before, int | float)
        and isinstance(after, int | float)
        and math.isclose(before, after, rel_tol=_SHARE)
    )
