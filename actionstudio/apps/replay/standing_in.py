"""A credential that was refused, and that the log hides, cannot be sent again: one that is refused alike stands in."""

from __future__ import annotations

import base64

from actionstudio.apps.traffic.masking import MASK
from actionstudio.apps.traffic.redaction import PREFIXES
from actionstudio.runtime.guard import UNPAIRED

REFUSED = ("wrong", "missing")  # how the guard judged it; "missing": it came where none is looked for
_TEXT, _MALFORMED = "hidden-by-the-log", "hidden by the log"  # the second is no token, and no base64


def value(text: str, why: str = "") -> str:
    """A header's value with something that nobody has issued in the place of what is hidden. ``why`` is what the guard
    said: what was malformed stays so."""
    malformed = why == UNPAIRED or why.endswith("is not a token")
    return MASK.sub(lambda mark: _made(mark[0], text.lower().startswith("basic "), malformed), text)


def _made(mark: str, basic: bool, malformed: bool) -> str:
    if malformed:
        return _MALFORMED
    if basic:
        return base64.b64encode(f"{_TEXT}:".encode()).decode()
    return next((prefix for prefix in PREFIXES if mark.startswith(prefix)), "") + _TEXT
