"""Rule: one way to prove who calls."""

from __future__ import annotations

from collections.abc import Iterator

from actionstudio.core.lint.look import Look
from actionstudio.core.lint.rule import Hit, rule


@rule(level="degrades", source="SEC-01")
def check(look: Look) -> Iterator[Hit]:
    """An action has one authentication, set in its dialog; of several security schemes ChatGPT reads one."""
    schemes = look.resolver.schemes()
    if len(schemes) > 1 and look.only is None:
        names = ", ".join(schemes)
        message = f"The document declares {len(schemes)} security schemes ({names}); an action has one."
        yield Hit("/components/securitySchemes", message, "Found multiple security schemes, only 1 is supported")
