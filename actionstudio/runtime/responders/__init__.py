"""How an operation answers: one file a behaviour, the table in front.

A responder is compiled once per operation and then called with each visit that was let in and read.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from actionstudio.core.behaviour import Examples, Generated
from actionstudio.runtime.replies import Prepared
from actionstudio.runtime.responders import examples, generated
from actionstudio.runtime.visit import Visit

type Respond = Callable[[Visit], Prepared]

RESPONDERS: dict[type, Callable[[Any], Respond]] = {
    Examples: examples.compile,
    Generated: generated.compile,
}
