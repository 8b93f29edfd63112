"""What rules would hide: the newest logged calls as they are and as they would be, nothing written."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import orjson

from actionstudio.apps.projects.models import Project
from actionstudio.apps.traffic import sink
from actionstudio.apps.traffic.keeping import rehiding
from actionstudio.apps.traffic.models import Exchange

LOOKED = 200  # calls
SHOWN = 10  # of those that change
PLACES = 8  # of one call
AROUND, LONG = 40, 160  # characters before a change, and of a whole extract


@dataclass(frozen=True, slots=True)
class Place:
    """One column or header that would change: ``label`` names it, the others are extracts."""

    label: str
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class Preview:
    """``hit`` of ``looked`` calls would change; the newest of them with their places."""

    looked: int
    hit: int
    shown: list[tuple[Exchange, list[Place]]]


def preview(project: Project, wanted: frozenset[str], looked: int = LOOKED) -> Preview:
    """What these masks (publishing.source.masks_of) would hide in the newest calls."""
    masks, rows = rehiding.masks_of(project, wanted), sink.Rows()
    found: list[tuple[Exchange, list[Place]]] = []
    number = hit = 0
    for row in Exchange.objects.filter(project_id=project.pk).order_by("-pk")[:looked]:
        number += 1
        if change := rehiding.changes(row, masks, rows):
            hit += 1
            if len(found) < SHOWN:
                found.append((row, [*_places(row, change)][:PLACES]))
    return Preview(number, hit, found)


def _places(row: Exchange, change: dict[str, Any]) -> Iterator[Place]:
    for name, after in change.items():
        before = getattr(row, name)
        if name.endswith("_headers"):
            pairs = zip(orjson.loads(before), orjson.loads(after), strict=True)
            yield from (
                Place(f"{name.partition('_')[0]} {key}", *_extract(old, new))
                for (key, old), (_k, new) in pairs
                if old != new
            )
        else:
            yield Place(name.replace("_", " "), *_extract(_text(before), _text(after)))


def _text(value: Any) -> str:
    return value if isinstance(value, str) else bytes(value).decode("utf-8", "replace")


def _extract(before: str, after: str) -> tuple[str, str]:
    """Both from a little before the first difference on."""
    at = next(
        (n for n, (one, two) in enumerate(zip(before, after, strict=False)) if one != two), min(len(before), len(after))
    )
    begin = max(0, at - AROUND)
    cut = "…" if begin else ""
    return tuple(
        cut + text[begin : begin + LONG] + ("…" if len(text) > begin + LONG else "") for text in (before, after)
    )  # type: ignore[return-value]
