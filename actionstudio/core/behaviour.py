"""How a mock operation answers, as values. Each kind has one responder in runtime/responders/."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Examples:
    """Answer with the document's examples, else generate. ``status`` and ``example`` choose; "" follows the rules."""

    status: str = ""
    example: str = ""


@dataclass(frozen=True, slots=True)
class Generated:
    """Answer with values made from the schema: the same for the same operation, arguments and ``seed``."""

    status: str = ""
    seed: int = 0


type Behaviour = Examples | Generated

BEHAVIOUR_KINDS = {"examples": Examples, "generated": Generated}
