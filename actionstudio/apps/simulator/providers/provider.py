"""What a model is asked and what it says, in one shape for all protocols."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Protocol

from actionstudio.core.chatgpt.files import Sent

type JSON = Any


@dataclass(frozen=True, slots=True)
class Tool:
    """One operation that the model may call. ``name`` is what it is called by here (64 characters of A-Z a-z 0-9 _ -),
    ``operation_id`` its own name, ``action`` the Action's pk, ``domain`` where it is and ``summary`` the document's,
    neither of which a model reads. ``parameters`` is JSON Schema of the flat arguments."""

    name: str
    description: str
    parameters: JSON
    operation_id: str
    action: int = 0
    domain: str = ""
    summary: str = ""


@dataclass(frozen=True, slots=True)
class Wish:
    """A call that the model asks for. ``arguments`` is its text as it wrote it, which need not be JSON."""

    id: str
    name: str
    arguments: str


@dataclass(frozen=True, slots=True)
class Said:
    """One message of the prompt. ``role``: user, assistant (perhaps with ``wishes``), tool (``answers`` is the id of
    the wish that ``text`` answers). ``files`` came with what a user said, or with the answer of a call."""

    role: str
    text: str = ""
    wishes: tuple[Wish, ...] = ()
    answers: str = ""
    files: tuple[Sent, ...] = ()

    @property
    def whole(self) -> str:
        """The text with the files as a model is told of them: it writes their ids where a call hands files on."""
        lines = [f"- {one.id}: {one.name} ({one.mime_type})" for one in self.files]
        return "\n".join([*([self.text] if self.text else []), "", "Files attached:", *lines]) if lines else self.text


@dataclass(frozen=True, slots=True)
class Prompt:
    """All that a model is asked with. ``namespaces`` is what ChatGPT's model would see of the actions (TypeScript); it
    stands in ``instructions`` already where a protocol has no tools of its own. ``seed`` and ``temperature``: None for
    the server's own. ``language`` is the reader's, for a provider that makes sentences itself."""

    instructions: str
    messages: tuple[Said, ...]
    tools: tuple[Tool, ...] = ()
    temperature: float | None = None
    seed: int | None = None
    language: str = "en"
    namespaces: str = ""


@dataclass(frozen=True, slots=True)
class Text:
    """More of the answer's text."""

    text: str


@dataclass(frozen=True, slots=True)
class Usage:
    """Tokens, as the server counts them; None where it does not say. ``dollars`` by the endpoint's prices."""

    prompt: int | None = None
    completion: int | None = None
    dollars: float | None = None


@dataclass(frozen=True, slots=True)
class Reply:
    """The whole answer, the last event of a stream.

    ``reason``: stop, calls, length, filter, stopped (by us). ``why`` tells how a provider that chooses by rules came to
    it (the scripted one: chosen, score, runner-up, guessed arguments). ``request`` and ``response`` are what travelled,
    without the key.
    """

    text: str = ""
    wishes: tuple[Wish, ...] = ()
    reason: str = "stop"
    usage: Usage = field(default_factory=Usage)
    why: Mapping[str, JSON] = field(default_factory=dict)
    request: JSON = None
    response: JSON = None
    ms: int = 0


type Event = Text | Reply


class ProviderError(Exception):
    """No answer came. ``code``: unreachable, refused (a private address), key, model, limit, quota, context (the prompt
    is longer than the model takes), bad-request, server (it failed), broken (what came is not the protocol), time. The
    message is for people and holds no secret. ``wait``: seconds after which the server wants to be asked again."""

    def __init__(self, message: str, code: str = "broken", status: int = 0, wait: float | None = None) -> None:
        super().__init__(message)
        self.code = code
        self.status = status
        self.wait = wait


class Provider(Protocol):
    """Answers prompts. ``label`` says who it is, for people: "scripted model", or the endpoint's name and model."""

    label: str

    def stream(self, prompt: Prompt, stopped: Callable[[], bool] = bool) -> Iterator[Event]:
        """Events as they come; the last one is the Reply. Ends soon after ``stopped`` says so. Raises ProviderError."""
        ...
