"""One sentence as it was understood: its text, its tokens and its values, worked out once for all tools."""

from __future__ import annotations

import datetime
import json
import re
from bisect import bisect_right
from dataclasses import dataclass
from functools import cached_property
from itertools import islice
from typing import Any

import orjson

from actionstudio.core.scripted.language import language_of
from actionstudio.core.scripted.spans import Span, spans
from actionstudio.core.scripted.words import Token, tokens

type JSON = Any
HEARD = 4_000  # characters of a sentence that are looked at
READ = 2_000  # those whose words and values count: each word is weighed against each value
_JSON = json.JSONDecoder()
LEAD = 40  # characters before a value that may speak of it
TRIED = 50  # places where JSON may begin that are looked at


@dataclass(frozen=True)
class Sentence:
    """``today`` is what "tomorrow" is counted from, None where nobody knows. ``reader`` is the language to answer in
    where the sentence does not tell its own. ``files`` are the ids of those that came with it, ``earlier`` of those
    that came before."""

    text: str
    today: datetime.date | None = None
    reader: str = "en"
    files: tuple[str, ...] = ()
    earlier: tuple[str, ...] = ()

    @cached_property
    def tokens(self) -> list[Token]:
        """Its words, those of JSON left out, as far as it is read."""
        return tokens(self._plain[:READ])

    @cached_property
    def spans(self) -> list[Span]:
        """Its values. One that begins where it is read counts whole: a long text in quotes."""
        return [one for one in spans(self._plain, self.tokens, self.today) if one.start < READ]

    @cached_property
    def read(self) -> int:
        """How many of its characters count: all, unless words stand behind those whose words count."""
        end = max([READ, *(one.end for one in self.spans)]) if len(self.text) > READ else READ
        return end if self._plain[end:].strip() else len(self.text)

    @cached_property
    def wishes(self) -> list[Token]:
        """The words that tell what is wanted: what is quoted is a value, whatever it speaks of. All of them where
        there are no others."""
        quoted = [span for span in self.spans if span.kind == "quoted"]
        bare = [one for one in self.tokens if not any(a.start <= one.start and one.end <= a.end for a in quoted)]
        return bare if any(one.says for one in bare) else self.tokens

    @cached_property
    def language(self) -> str:
        """en, fr, zh-hans or ko."""
        return language_of(self.text, self.reader)

    @cached_property
    def given(self) -> dict[str, JSON]:
        """The JSON object that stands in it, {} for none."""
        start, end = self.text.find("{"), self.text.rfind("}")
        try:
            found = orjson.loads(self.text[start : end + 1]) if 0 <= start < end else {}
        except orjson.JSONDecodeError:
            return {}
        return found if isinstance(found, dict) else {}

    @cached_property
    def _plain(self) -> str:
        """The text with the JSON in it blanked, so that all else stays where it stood."""
        for match in islice(re.finditer(r"[\[{]", self.text), TRIED):
            try:
                end = _JSON.raw_decode(self.text, match.start())[1]
            except (ValueError, RecursionError):
                continue
            return self.text[: match.start()] + " " * (end - match.start()) + self.text[end:]
        return self.text

    def literal(self, name: str) -> JSON:
        """What the sentence writes as JSON for an argument, in an object or behind its name; None for nothing."""
        if name in self.given:
            return self.given[name]
        match = re.search(rf"(?<!\w){re.escape(name)}\s*[:=]\s*(?=[\[{{])", self.text)
        try:
            return _JSON.raw_decode(self.text, match.end())[0] if match else None
        except (ValueError, RecursionError):
            return None

    def index(self, at: int) -> int:
        """How many tokens stand before a place."""
        return bisect_right(self._ends, at)

    @cached_property
    def _ends(self) -> list[int]:
        return [token.end for token in self.tokens]

    def lead(self, span: Span) -> str:
        """What stands right before a value: enough to see a word or two."""
        return self.text[max(0, span.start - LEAD) : span.start]

    def before(self, span: Span) -> Token | None:
        """The token before a value."""
        n = self.index(span.start)
        return self.tokens[n - 1] if n else None

    def after(self, span: Span) -> Token | None:
        """The token after a value."""
        rest = self.tokens[self.index(span.end) :]
        return next((token for token in rest if token.start >= span.end), None)
