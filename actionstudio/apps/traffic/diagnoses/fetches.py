"""Which fetch of the OpenAPI document was probably ChatGPT's import: its own, or else that of a client of no name."""

from __future__ import annotations

from collections.abc import Sequence

from actionstudio.apps.traffic import walking
from actionstudio.apps.traffic.filters import Filter
from actionstudio.apps.traffic.models import Exchange

SOURCES = ("gpt", "client")  # in this order: what says it is ChatGPT counts before what does not
BROWSER = "sec-fetch-mode"  # every browser sends it, no server does
SEEN = 20  # fetches that are looked at
COLUMNS = ("path", "status", "source", "revision", "address", "request_headers")


def before(project_id: int, end: int | None, walk: int) -> list[Exchange]:
    """The newest fetches that may have been ChatGPT's, before the id ``end``: those that say so first.

    The GPT editor fetches from a server of OpenAI's, and nobody promises by which name; a person's browser is told
    apart, any other client may have been it.
    """
    return [row for source in SOURCES for row in _of(source, project_id, end, walk) if _imports(row)]


def _of(source: str, project_id: int, end: int | None, walk: int) -> Sequence[Exchange]:
    ids, _end = walking.ids_before(Filter(kind="document", source=source).plan(project_id), end, SEEN, walk)
    return Exchange.objects.filter(pk__in=ids).only(*COLUMNS).order_by("-pk")


def _imports(row: Exchange) -> bool:
    """Whether the document itself came, to something that is no browser."""
    return "openapi" in row.path and row.status == 200 and not any(name == BROWSER for name, _value in row.headers_in)
