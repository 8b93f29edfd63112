"""Filter: which exchanges a page, the tail, an export or the API asks for, as a value that lives in the URL."""

from __future__ import annotations

import datetime
import re
from collections.abc import Container, Mapping
from dataclasses import dataclass, replace
from urllib.parse import urlencode

from actionstudio.apps.traffic.asking import TERMS, Asked, Problems, Wrong, read
from actionstudio.apps.traffic.asking.planning import Plan, plan
from actionstudio.apps.traffic.asking.splitting import clean
from actionstudio.apps.traffic.asking.term import Test
from actionstudio.apps.traffic.asking.terms.since import span
from actionstudio.apps.traffic.models import KIND_NAMES, SHIFT, SOURCE_NAMES

LONGEST = 200  # characters of an operation id
LATEST = (1 << 42) - 1  # milliseconds: ids keep 42 bits of them


@dataclass(frozen=True, slots=True)
class Filter:
    """What is asked for; "" or None asks nothing. ``q`` is the filter language (``asking``); the others came before it
    and say the same: ``status`` is a class ("4") or a code ("404").

    ``since`` and ``until`` are milliseconds since 1970: from ``since`` on, before ``until``.
    """

    status: str = ""
    method: str = ""
    op: str = ""
    source: str = ""
    kind: str = ""
    q: str = ""
    since: int | None = None
    until: int | None = None

    @classmethod
    def read(cls, params: Mapping[str, str]) -> Filter:
        """The filter of a query string. What makes no sense asks nothing."""
        status = re.fullmatch(r"([1-5])(xx|\d\d)?", params.get("status", "").strip().lower())
        method = params.get("method", "").strip().upper()
        return cls(
            status="" if not status else status[1] if status[2] in (None, "xx") else status[0],
            method=method if re.fullmatch(r"[A-Z]{1,16}", method) else "",
            op=params.get("op", "").replace("\0", "").strip()[:LONGEST],
            source=_one_of(SOURCE_NAMES, params.get("source", "")),
            kind=_one_of(KIND_NAMES, params.get("kind", "")),
            q=clean(params.get("q", "")).strip(),
            since=read_time(params.get("from", "")),
            until=read_time(params.get("to", "")),
        )

    def params(self) -> dict[str, str]:
        """The filter as URL parameters, without those that ask nothing."""
        asked = {
            "status": self.status,
            "method": self.method,
            "op": self.op,
            "source": self.source,
            "kind": self.kind,
            "q": self.q,
            "from": write_time(self.since),
            "to": write_time(self.until),
        }
        return {name: value for name, value in asked.items() if value}

    def query(self, **other) -> str:
        """The query string of this filter with some fields replaced (None or "" drops one)."""
        return urlencode(replace(self, **other).params() if other else self.params())

    @property
    def asked(self) -> Asked | Problems:
        """What ``q`` asks, or what is wrong with it."""
        return read(self.q)

    @property
    def problems(self) -> tuple[Wrong, ...]:
        """What cannot be read in ``q``."""
        asked = self.asked
        return asked.wrong if isinstance(asked, Problems) else ()

    def plan(self, project_id: int) -> Plan:
        """How to find the project's rows. What cannot be read asks for nothing at all."""
        asked = self.asked
        tests = [Test(lambda row: False, ids=(0, 0))] if isinstance(asked, Problems) else asked.tests
        for name in ("status", "method", "op", "source", "kind"):
            if value := getattr(self, name):
                tests.append(TERMS[name].read(":", value, False))
        if self.since is not None or self.until is not None:
            tests.append(span(self.first_id, self.end_id))
        return plan(project_id, tests)

    @property
    def status_code(self) -> int | None:
        """The exact status, when one is asked for."""
        return int(self.status) if len(self.status) == 3 else None

    @property
    def first_id(self) -> int:
        """The smallest id that is not before ``since``."""
        return (self.since or 0) << SHIFT

    @property
    def end_id(self) -> int:
        """The smallest id that is no longer before ``until``."""
        return self.until << SHIFT if self.until is not None else (1 << 63) - 1

    def __bool__(self) -> bool:
        return bool(self.params())


def read_time(text: str) -> int | None:
    """Milliseconds since 1970 of an ISO 8601 time (UTC unless it says otherwise) or of a number of milliseconds."""
    text = text.strip()
    if text.isascii() and text.isdigit():
        return min(int(text), LATEST) if len(text) < 16 else None
    try:
        at = datetime.datetime.fromisoformat(text)
        at = at if at.tzinfo else at.replace(tzinfo=datetime.UTC)
        return min(max(0, int(at.timestamp() * 1000)), LATEST)
    except (ValueError, OverflowError):
        return None


def write_time(ms: int | None) -> str:
    """The same the other way round, as short as it can be said."""
    if ms is None:
        return ""
    at = datetime.datetime.fromtimestamp(ms / 1000, datetime.UTC)
    precision = "milliseconds" if ms % 1000 else "seconds"
    return at.isoformat(timespec=precision).replace("+00:00", "Z")


def _one_of(known: Container[str], value: str) -> str:
    value = value.strip().lower()
    return value if value in known else ""
