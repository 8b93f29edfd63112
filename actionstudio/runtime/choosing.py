"""Which of the declared responses a call gets: the builder's choice, over it the caller's, else the usual one."""

from __future__ import annotations

from typing import Any, NamedTuple

from actionstudio.runtime import replies
from actionstudio.runtime.answers import Answer, Answers
from actionstudio.runtime.negotiation import Wish
from actionstudio.runtime.replies import Prepared

_EMPTY = replies.mock(204, "", b"", (), {"response": "no response is declared"})


class Chosen(NamedTuple):
    """A declared response, the status to send, and the index of its media type."""

    answer: Answer
    code: int
    index: int  # type: ignore[assignment]  # tuples have a method of that name, which nobody calls here


def choose(answers: Answers, status: str, wish: Wish, accept: str) -> Chosen | Prepared:
    """The response to send, or why none can be sent."""
    code = wish.code or status
    answer = answers.of(code) if code else answers.usual
    if answer is None:
        if not code:
            return _EMPTY
        return _refused(404, "Not declared", f"the response {code} is not declared for this operation")
    number = int(code) if code.isdigit() and len(code) == 3 else answer.code
    if not 200 <= number <= 599:
        return _refused(404, "Not declared", f"{code} is no status that can be sent")
    index = answer.accepts(accept)
    if index is None:
        if answer.offered:
            wanted = ", ".join(answer.offered)
            return _refused(406, "Not acceptable", f"the response {answer.status} is offered as {wanted}", accept)
        index = 0
    return Chosen(answer, number, index)


def no_example(key: str, answer: Answer) -> Prepared:
    """The caller named an example that this response does not have."""
    return _refused(404, "No such example", f"the response {answer.status} has no example “{key}”")


def _refused(status: int, title: str, detail: str, accept: str = "") -> Prepared:
    said: dict[str, Any] = {"response": detail + (f"; asked for {accept}" if accept else "")}
    return replies.problem(status, title, detail[:1].upper() + detail[1:], notes=said)
