"""One document on its way through the editor: what was said so far, and what is left of it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from actionstudio.core import limits
from actionstudio.core.importer.message import ImportedOperation, Message
from actionstudio.core.specs.readers.notes import kind_of
from actionstudio.core.words import said

type JSON = Any

TEXTS = (limits.OPERATION_TEXT, limits.PARAMETER_TEXT)
MOST = 500  # messages kept of one rule; the rest is counted
LONGEST = {"text": 2_000, "pointer": 2_000, "cause": 500}  # characters; names in a document may be endless


@dataclass(slots=True)
class Reading:
    """What the checks share. They add to it in the order of their table, each with what the ones before left."""

    document: dict[str, JSON]
    root: str = ""  # the address under which we serve the document, if we do
    domains: Sequence[str] = ()  # hosts of the GPT's other actions
    allowed: Sequence[str] | None = None  # the workspace's list of domains, if it has one
    public: bool = False
    privacy_url: str = ""
    gpt: Mapping[str, str] | None = None  # name, instructions and category of the GPT, as far as they are known
    size: int = 0  # characters of the text, if there was one
    texts: tuple[int, int] = TEXTS  # characters of an operation's text, and of a parameter's

    messages: list[Message] = field(default_factory=list)
    silent: list[Message] = field(default_factory=list)
    counts: dict[str, int] = field(default_factory=dict)  # messages by rule
    more: int = 0  # messages that are counted, not kept
    fatal: bool = False
    server: str = ""
    server_at: str = ""  # its pointer
    origin: str = ""
    host: str = ""
    schemas: dict[str, JSON] = field(default_factory=dict)  # the shared schemas, {} when they cannot be read
    named: dict[str, list[str]] = field(default_factory=dict)  # shared schemas that each of them refers to
    followed: dict[str, tuple[JSON, str, str]] = field(default_factory=dict)  # by reference (checks/schemas.py)
    operations: list[ImportedOperation] = field(default_factory=list)
    sources: dict[str, JSON] = field(default_factory=dict)  # pointer of a kept operation -> the operation as written

    def say(self, rule: str, level: str, text: str, pointer: str, explanation: str, **rest: str) -> None:
        """Adds one message of the editor. ``rest``: layer, confidence, cause, repair."""
        if level == "fatal":
            self.fatal = True
        if not self._counted(rule):
            return
        rest.setdefault("layer", "converter")
        rest["cause"] = _cut("cause", rest.get("cause") or f"{rule}:{pointer}")
        text, pointer = _cut("text", text), _near(pointer)
        self.messages.append(Message(text, level, rule=rule, pointer=pointer, explanation=explanation, **rest))

    def note(self, rule: str, level: str, text: str, pointer: str, **rest: str) -> None:
        """Adds what is lost without a word of the editor, in our own words."""
        if self._counted(f"silent {rule}"):
            rest["cause"] = _cut("cause", rest.get("cause") or f"{rule}:{pointer}")
            self.silent.append(Message(text, level, "silent", rule, _near(pointer), **rest))

    def crash(self, value: JSON, attribute: str, pointer: str) -> None:
        """The converter reaches for ``attribute`` of a value that has none, and everything ends (DOC-09)."""
        kind = type(value).__name__
        self.say(
            "DOC-09",
            "fatal",
            f"'{kind}' object has no attribute '{attribute}'",
            pointer,
            said(
                "The editor expects an object here; this is %(kind)s. Its reader ends with an error of its own, and "
                "nothing is imported. Write an object, or leave the key out.",
                kind=kind_of(value),
            ),
            confidence="D" if value is None and attribute == "items" else "E",
        )

    def full(self, rule: str) -> bool:
        """Whether enough was said of a rule that never is fatal; the message is counted then, and need not be made."""
        return self.counts.get(rule, 0) >= MOST and not self._counted(rule)

    def _counted(self, rule: str) -> bool:
        self.counts[rule] = self.counts.get(rule, 0) + 1
        if self.counts[rule] <= MOST:
            return True
        self.more += 1
        return False


def short(name: str, most: int = 100) -> str:
    """A name of the document as an explanation repeats it."""
    return name if len(name) <= most else f"{name[:most]}…"


def _cut(field: str, text: str) -> str:
    return short(text, LONGEST[field])


def _near(pointer: str) -> str:
    """The pointer; of one that is too long, the last place on its way that is not."""
    return pointer if len(pointer) <= LONGEST["pointer"] else pointer[: LONGEST["pointer"]].rpartition("/")[0]
