"""What the log knows of ChatGPT: its newest call, and which revision of the document it fetched last.

Both read one range of the log's index, newest first and a bounded way (traffic/walking.py). What lies further back is
as if it were not there, and so is what retention took away: pages say so.
"""

from __future__ import annotations

import datetime
from dataclasses import dataclass

from actionstudio.apps.projects.models import Project
from actionstudio.apps.publishing.models import Address, Revision
from actionstudio.apps.traffic import walking
from actionstudio.apps.traffic.models import Exchange
from actionstudio.core.changes import changes
from actionstudio.core.contract import Contract
from actionstudio.core.specs import openapi

POLLED = 5_000  # index entries that one look of the waiting light reads: two seconds of a very busy address
FETCHES = 20  # documents looked at to find the OpenAPI one among policies and logos
DOCUMENTS = ("/openapi.json", "/openapi.yaml")
COLUMNS = (*walking.SHOWN, "revision", "auth", "address")


@dataclass(frozen=True, slots=True)
class Fetch:
    """When the document was last fetched, as which revision, and by ChatGPT or somebody else."""

    at: datetime.datetime
    revision: int
    gpt: bool
    public_id: str


@dataclass(frozen=True, slots=True)
class Drift:
    """A fetch and what is served now. ``changes`` counts what differs; 0 when the document is still the same."""

    fetch: Fetch
    served: int
    changes: int


def newest_call(project: Project, after: int = 0, walk: int = walking.WALK) -> Exchange | None:
    """ChatGPT's newest call since the exchange ``after``; documents that it fetched are no calls."""
    ids = _ids(project, after, walk, "source = 'gpt' AND kind <> 'document'", 1)
    return _rows(ids)[0] if ids else None


def newest_fetch(project: Project) -> Fetch | None:
    """The newest fetch of an OpenAPI document: ChatGPT's if there is one, else anybody's."""
    for test in ("source = 'gpt' AND kind = 'document'", "kind = 'document'"):
        for row in _rows(_ids(project, 0, walking.WALK, test, FETCHES)):
            if row.path in DOCUMENTS and "revision=" not in row.query and row.status in (200, 304):
                return Fetch(row.at, row.revision, row.source == "gpt", row.public_id)
    return None


def drift(project: Project, fetch: Fetch) -> Drift:
    """What has changed between the revision that was fetched and the one that is served now."""
    served = _served(project)
    if served == fetch.revision:
        return Drift(fetch, served, 0)
    found = {row.number: row.contract() for row in project.revisions.filter(number__in=(served, fetch.revision))}
    before, after = found.get(fetch.revision), found.get(served)
    if before is None or after is None or _document(before) == _document(after):
        return Drift(fetch, served, 0)
    return Drift(fetch, served, len(changes(before, after)))


def _served(project: Project) -> int:
    """The number of the revision at the project's first address."""
    address: Address | None = project.addresses.select_related("pinned").first()
    if address is not None and address.pinned is not None:
        return address.pinned.number
    return Revision.objects.filter(project=project).values_list("number", flat=True).first() or 0


def _document(contract: Contract) -> dict:
    return openapi.render(contract, profile="gpt", servers=())


def _ids(project: Project, after: int, walk: int, test: str, size: int) -> list[int]:
    entries = f"{walking.ENTRY} WHERE project_id = %s AND id > %s ORDER BY id DESC LIMIT %s"
    sql = f"SELECT id FROM ({entries}) AS walked WHERE {test} ORDER BY id DESC LIMIT %s"
    return [row[0] for row in walking.run(sql, [project.pk, after, walk, size])]


def _rows(ids: list[int]) -> list[Exchange]:
    return list(Exchange.objects.filter(pk__in=ids).only(*COLUMNS).order_by("-pk")) if ids else []
