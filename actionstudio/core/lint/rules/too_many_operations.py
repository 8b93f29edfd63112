"""Rule: at most 30 operations."""

from __future__ import annotations

from collections.abc import Iterator

from actionstudio.core import limits
from actionstudio.core.lint.look import Look
from actionstudio.core.lint.rule import Hit, rule
from actionstudio.core.specs import gpt
from actionstudio.core.words import said


@rule(
    level="fatal",
    source="DOC-07",
    sure="C",
    repairs=("choose-operations",),
    words="OpenAPI spec can have a maximum of 30 operations",
    bad="31 operations",
    good="the 12 that the GPT needs",
)
def check(look: Look) -> Iterator[Hit]:
    """One action has at most 30 operations. Hide those that the GPT does not need; other clients still get them."""
    count = len(gpt.offered(look.contract))
    if count > limits.OPERATIONS and look.only is None:
        more = count - limits.OPERATIONS
        yield Hit(
            "/paths",
            said(
                "%(count)s operations are exposed to GPT; ChatGPT takes %(most)s. Hide %(more)s.",
                count=count,
                most=limits.OPERATIONS,
                more=more,
            ),
            f"OpenAPI spec can have a maximum of {limits.OPERATIONS} operations",
        )
