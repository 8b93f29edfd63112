"""Changes a question as a text: a term set or taken away, the older parameters written as terms, its span of time."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace

from actionstudio.apps.traffic.asking import Problems, splitting
from actionstudio.apps.traffic.asking.splitting import Word
from actionstudio.apps.traffic.filters import Filter, write_time
from actionstudio.apps.traffic.models import SHIFT

# Fields of the menu of filters, and parameters of older addresses, by the term that says the same.
FIELDS = {
    "status": "status",
    "method": "method",
    "op": "op",
    "source": "source",
    "kind": "kind",
    "from": "since",
    "to": "until",
}


def read(params: Mapping[str, str]) -> Filter:
    """The filter of a query string, with all of it in ``q``: what the page shows in its one field."""
    filter = Filter.read(params)
    q = filter.q
    for name, value in filter.params().items():
        if name in FIELDS:
            value = f"{value}xx" if name == "status" and len(value) == 1 else value
            q = add(q, FIELDS[name], value)
    return Filter(q=splitting.clean(q))


def chosen(params: Mapping[str, str]) -> Filter:
    """The same after the menu of filters was used: its fields replace the terms of their names; an empty one takes
    them away. What makes no sense stays in the text, where the page says so."""
    q = splitting.clean(params.get("q", ""))
    for field, name in FIELDS.items():
        if field in params:
            q = put(q, name, splitting.clean(params[field]).strip())
    return Filter(q=splitting.clean(q).strip())


def put(text: str, name: str, value: str) -> str:
    """The text with one term of that name, or with none when the value is empty. The rest stays as it was typed."""
    left = without(text, [word for word in splitting.split(text) if word.name == name and not word.negated])
    return add(left, name, value) if value else left


def add(text: str, name: str, value: str) -> str:
    """The text with one more term, unless it is there."""
    made = f"{name}:{written(value)}"
    words = [text[word.start : word.end] for word in splitting.split(text)]
    return text if made in words else f"{text} {made}".strip()


def without(text: str, words: Iterable[Word]) -> str:
    """The text without these of its words."""
    for word in sorted(words, key=lambda one: -one.start):
        before, after = text[: word.start].rstrip(), text[word.end :].lstrip()
        text = f"{before} {after}" if before and after else before + after
    return text


def written(value: str) -> str:
    """A value as it is typed: in quotes where it would not be read as one word."""
    plain = value and not any(letter.isspace() for letter in value) and not value.startswith('"')
    return value if plain else splitting.quote(value)


def within(filter: Filter, since: int | None, until: int | None) -> Filter:
    """The same from ``since`` on and before ``until`` (milliseconds; None: without that end)."""
    q = put(put(filter.q, "since", write_time(since)), "until", write_time(until))
    return replace(filter, q=q, since=None, until=None)


def span(filter: Filter) -> tuple[int | None, int | None]:
    """From when on and before when calls are asked for, in milliseconds; None where that end is open."""
    asked = filter.asked
    ends = [(filter.since, filter.until)]
    for part in () if isinstance(asked, Problems) else asked.parts:
        if part.name in ("since", "until") and part.test.ids:
            first, end = part.test.ids
            ends.append((first >> SHIFT or None, end >> SHIFT if part.name == "until" else None))
    since = [one for one, _ in ends if one is not None]
    until = [one for _, one in ends if one is not None]
    return max(since, default=None), min(until, default=None)
