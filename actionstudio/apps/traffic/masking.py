"""Where the log hides a secret: the marks that redaction leaves, recognised again."""

import re

MASK = re.compile(r"(?:ask_|ast_)?••••.{0,4} \(\d+ characters\)")


def is_masked(text: str) -> bool:
    """Whether something in the text was hidden on its way into the log."""
    return MASK.search(text) is not None


def hidden_headers(headers) -> list[str]:
    """The names of the headers whose values the log hides."""
    return [name for name, value in headers if is_masked(value)]
