"""What the model is told of a call: the answer, or the name of an error and nothing else.

Sources: docs/chatgpt-rules.md, RT-06 to RT-08, RT-14. What the model sees of an answer that is no 2xx nobody has
settled: ``reported`` is what reports of 2026 say, ``lenient`` what builders of 2024 saw.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

from actionstudio.core.limits import PAYLOAD
from actionstudio.core.sendable import Refusal

type JSON = Any

_NAMED = re.compile(r"\w+Error\b")
REPORTED, LENIENT = MODES = ("reported", "lenient")
FAILED, TOO_LARGE = "ClientResponseError", "ResponseTooLarge"
DECLINED = "The user declined this action."  # our words: nobody has reported ChatGPT's
UNMADE = "The call was not made: "  # ours as well, before a refusal that has no error name of ChatGPT's


@dataclass(frozen=True, slots=True)
class Told:
    """``code``: "" (the answer), status (one that is no 2xx), redirect, too-large, failed (no answer)."""

    text: str
    code: str


def answer(status: int, body: bytes | str, mode: str = REPORTED) -> Told:
    """What the model is told of an answer. A status of no other number than 2xx is an error."""
    text = body if isinstance(body, str) else body.decode("utf-8", "replace")
    good = 200 <= status < 300
    code = "" if good else "redirect" if 300 <= status < 400 else "status"
    if not good and (mode != LENIENT or not text):
        return Told(FAILED, code)
    if len(text) >= PAYLOAD:
        return Told(TOO_LARGE, "too-large" if good else code)
    return Told(text, code)


def failure() -> Told:
    """What the model is told when no answer came, or not in time: in either mode the same."""
    return Told(FAILED, "failed")


def refused(refusal: Refusal) -> str:
    """What the model is told of a call that was not made: nobody is to take it for an answer of the service."""
    message = str(refusal.message)
    return message if _NAMED.match(message) else f"{UNMADE}{message}"
