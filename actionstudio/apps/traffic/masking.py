"""Where the log hides a secret: the marks that redaction leaves, recognised again."""

import re

from actionstudio.apps.traffic.redaction import PREFIXES

MASK = re.compile(rf"(?:{'|'.join(PREFIXES)})?••••(?:.{{0,4}} \(\d+ characters\)| \(hidden\))")


def is_masked(text: str) -> bool:
    """Whether something in the text was hidden on its way into the log."""
    return MASK.search(text) is not None


def hidden_headers(headers) -> list[str]:
    """The names of the headers whose values the log hides."""
    return [name for name, value in headers if is_masked(value)]


def without_masked(value):
    """A JSON value without the members whose texts the log hides; None when it is such a text itself."""
    if isinstance(value, str):
        return None if is_masked(value) else value
    if isinstance(value, dict):
        return {key: without_masked(item) for key, item in value.items() if not _hidden(item) and not is_masked(key)}
    if isinstance(value, list):
        return [without_masked(item) for item in value if not _hidden(item)]
    return value


def _hidden(value) -> bool:
    return isinstance(value, str) and is_masked(value)
