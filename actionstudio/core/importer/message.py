"""What ChatGPT's editor says to a document, as values: messages with their meaning, operations, arguments."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

type JSON = Any

LEVELS = ("fatal", "drops-op", "drops-param", "degrades", "cosmetic", "publish")
LAYERS = ("structure", "converter", "browser", "silent")


@dataclass(frozen=True, slots=True)
class Message:
    """One line of the editor.

    ``text`` is ChatGPT's own, to the letter. ``level`` says what it does (LEVELS), ``layer`` who says it, ``rule`` its
    number in docs/chatgpt-rules.md, ``confidence`` how sure that is (A documentation … E our conclusion). ``pointer``
    is where in the document. ``explanation`` is ours: what it means and the cure. Messages of one ``cause`` come from
    one defect. ``repair`` is the code of the repair that mends it, "" when a person must.

    In the layer "silent" nobody says anything: the text is ours, and tells what is lost without a word.
    """

    text: str
    level: str
    layer: str
    rule: str
    pointer: str = ""
    explanation: str = ""
    confidence: str = "C"
    cause: str = ""
    repair: str = ""


@dataclass(frozen=True, slots=True)
class Argument:
    """One entry of the flat object that the model fills in. ``in_`` is path, query or body."""

    name: str
    in_: str
    required: bool = False
    schema: JSON = None
    description: str = ""


@dataclass(frozen=True, slots=True)
class ImportedOperation:
    """One operation of the document. ``kept`` False: ChatGPT dropped it. ``dropped_parameters`` are names.

    ``consequential`` is what the document says (x-openai-isConsequential), None when it says nothing. ``unsent``
    is what calls go without: "file" (the body needs one), "body", or "".
    """

    operation_id: str
    method: str  # upper case
    path: str
    pointer: str
    kept: bool = True
    dropped_parameters: tuple[str, ...] = ()
    arguments: tuple[Argument, ...] = ()
    consequential: bool | None = None
    unsent: str = ""

    @property
    def asks(self) -> bool:
        """Whether the user is asked before each call; where the document says nothing, before all but GET (ASK-01)."""
        return self.method != "GET" if self.consequential is None else self.consequential
