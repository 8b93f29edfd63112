"""Reading a document's text in a process of its own, so that a bomb harms nothing but that process."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from typing import Any

import orjson

from actionstudio.core.problem import Problem, Refused
from actionstudio.core.specs import text
from actionstudio.core.words import said, unpacked

type JSON = Any

SECONDS = 15
_ROOT = Path(__file__).resolve().parents[2]
_COMMAND = [sys.executable, "-P", "-m", text.__name__]


def parse_safely(data: bytes) -> JSON:
    """The value that ``data`` writes in JSON or YAML. Raises Refused as core.specs.text.parse does, and when reading
    takes more memory or time than any honest document."""
    if len(data) > text.LARGEST:
        raise Refused(
            Problem("", said("This is larger than %(size)s MB.", size=text.LARGEST // 1_000_000), "too-large")
        )
    environment = {"PYTHONPATH": str(_ROOT), "PYTHONDONTWRITEBYTECODE": "1"}
    try:
        done = subprocess.run(
            _COMMAND, input=data, capture_output=True, timeout=SECONDS, env=environment, cwd="/", check=False
        )
    except subprocess.TimeoutExpired:
        raise _killed() from None
    if done.returncode == 0:
        return orjson.loads(done.stdout)
    if done.returncode == text.REFUSED:
        problems = orjson.loads(done.stdout)
        raise Refused(*(Problem(pointer, unpacked(message), code) for pointer, message, code in problems))
    raise _killed()


def _killed() -> Refused:
    message = said("Reading this document takes more time or memory than any honest one needs. Nothing was changed.")
    return Refused(Problem("", message, "bomb"))
