"""Target: where a model is and how it is asked, as a value that threads may share."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit, urlunsplit

SECONDS = 60  # without a byte
MARK = "••••"
SHORTEST_KEY = 6  # shorter texts are no secrets, and stand in ordinary words


@dataclass(frozen=True, slots=True)
class Target:
    """One model of one server. ``key`` is secret: it goes into one header and nowhere else. ``options``: temperature,
    max_tokens (of an answer), seconds (to wait while nothing comes), stream. Prices are US dollars for a million
    tokens. ``private``: the server may lie in a private network."""

    label: str
    base_url: str
    model: str
    key: str = field(default="", repr=False)
    options: Mapping[str, Any] = field(default_factory=dict)
    price_in: float | None = None
    price_out: float | None = None
    private: bool = False

    def url(self, path: str) -> str:
        """The URL of ``path`` below the base URL, whose query is kept."""
        parts = urlsplit(self.base_url)
        return urlunsplit(parts._replace(path=f"{parts.path.rstrip('/')}/{path}", fragment=""))

    @property
    def host(self) -> str:
        return urlsplit(self.base_url).netloc

    @property
    def seconds(self) -> float:
        return float(self.options.get("seconds") or SECONDS)

    def clean(self, text: str) -> str:
        """A text of the server without the key, which some repeat in their errors."""
        return text.replace(self.key, MARK) if len(self.key) >= SHORTEST_KEY else text

    def cost(self, prompt: int | None, completion: int | None) -> float | None:
        """What an answer cost, None where a price or a count is not known."""
        if None in (prompt, completion, self.price_in, self.price_out):
            return None
        return round((prompt * self.price_in + completion * self.price_out) / 1_000_000, 8)  # type: ignore[operator]
