"""Rule: messages to others say that a machine wrote them."""

from __future__ import annotations

from collections.abc import Iterator

from actionstudio.core.lint import phrases, texts
from actionstudio.core.lint.look import Look
from actionstudio.core.lint.rule import TARGETS, Hit, rule
from actionstudio.core.words import said


@rule(
    level="advice",
    source="PL-10",
    targets=TARGETS,
    topic="policy",
    sure="A",
    bad="summary: Sends an email to a customer",
    good="summary: Sends an email to a customer\ndescription: The mail says at its end that an AI wrote it.",
)
def check(look: Look) -> Iterator[Hit]:
    """OpenAI asks that mails and messages to other people say that an AI wrote them.

    Add the sign in the API, say so in the description, and let ChatGPT ask before each call.
    """
    for op in look.operations:
        text = f"{op.summary} {op.description}"
        if op.method != "GET" and phrases.FIND_SENDING.search(text) and not phrases.FIND_MARKED.search(text):
            message = said(
                "%(op)s sends something to people; mark it as written by an AI, and say so.", op=texts.name_of(op)
            )
            yield Hit(op.pointer, message)
