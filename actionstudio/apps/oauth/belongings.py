"""What the studio holds of an end user: which logged calls are theirs, and all of it as a file for them.

Calls are theirs that bear a token of their sign-ins or a key of theirs; that ChatGPT made for the same user of it
without a token; and those of Try it and replays that counted as them.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import orjson
from django.utils.translation import gettext as _

from actionstudio.apps.oauth import roster, sessions, tokens
from actionstudio.apps.oauth.models import EndUser, SignIn
from actionstudio.apps.projects.models import Job, Project
from actionstudio.apps.traffic import walking
from actionstudio.apps.traffic.keeping import archiving, deleting
from actionstudio.apps.traffic.keeping.archiving import fields
from actionstudio.apps.traffic.models import Conversation
from actionstudio.core.problem import Problem, Refused

PAGE = 500  # ids of one look at an index
ASSUMED = ("replay", "try", "simulator")  # sources whose calls count as somebody without a sign-in
_EMPTY = (1 << 63) - 1
_BY_SIGN_IN = "sign_in = %s AND NOT (sign_in = '') AND project_id = %s"
_BY_USER = "project_id = %s AND user_id = %s AND NOT (user_id = '')"


@dataclass(frozen=True, slots=True)
class Trace:
    """By what somebody's calls are known, also when the account is gone: keys of their sign-ins and of their own,
    ChatGPT's ids of them, and their ``sub``."""

    sub: str
    keys: tuple[str, ...]
    users: tuple[str, ...]

    @classmethod
    def of(cls, user: EndUser) -> Trace:
        keys = [*SignIn.objects.filter(user=user).order_by("-pk").values_list("key", flat=True)]
        keys += [*(tokens.trail(key) for key in user.keys.only("pk")), tokens.unsigned(user)]
        talks = Conversation.objects.filter(project_id=user.project_id, person=str(user.sub)).exclude(user_id="")
        return cls(str(user.sub), tuple(keys), tuple(talks.values_list("user_id", flat=True).distinct().order_by()))

    def text(self) -> str:
        """As a selection carries it."""
        return orjson.dumps({"sub": self.sub, "keys": self.keys, "users": self.users}).decode()

    @classmethod
    def read(cls, project: Project, value: str) -> Trace:
        """The trace of a ``sub``, or of what :meth:`text` wrote. Raises Refused."""
        if value.startswith("{"):
            told = orjson.loads(value)
            return cls(told["sub"], tuple(told["keys"]), tuple(told["users"]))
        user = project.end_users.filter(sub=value).first() if _is_uuid(value) else None
        if user is None:
            raise Refused(Problem("/person", _("Nobody here has this sub."), "unknown"))
        return cls.of(user)


def by_person(project: Project, value: str, end: int) -> Iterator[int]:
    """The selection ``person`` of keeping.selections: each call once."""
    return ids(project.pk, Trace.read(project, value), end)


def ids(project_id: int, trace: Trace, end: int = _EMPTY) -> Iterator[int]:
    """The ids of somebody's calls up to ``end``; by each of what they are known by, newest first."""
    for key in trace.keys:
        for pk, _sign_in in _walk(_BY_SIGN_IN, [key, project_id], end):
            yield pk
    for name in trace.users:
        for pk, sign_in in _walk(_BY_USER, [project_id, name], end):
            if not sign_in:
                yield pk
    yield from _assumed(project_id, trace.sub, end)


def _walk(where: str, params: list, end: int) -> Iterator[tuple[int, str]]:
    while rows := walking.run(
        f"SELECT id, sign_in FROM traffic_exchange WHERE {where} AND id <= %s ORDER BY id DESC LIMIT %s",
        [*params, end, PAGE],
    ):
        yield from rows
        end = rows[-1][0] - 1


def _assumed(project_id: int, sub: str, end: int) -> Iterator[int]:
    """Calls from inside the house: few, found by the facets of the index, and told apart by their rows."""
    marks = ", ".join(["%s"] * len(ASSUMED))
    sql = (
        f"SELECT id FROM traffic_exchange WHERE project_id = %s AND id <= %s AND source IN ({marks}) "
        "ORDER BY id DESC LIMIT %s"
    )
    while found := [row[0] for row in walking.run(sql, [project_id, end, *ASSUMED, PAGE])]:
        rows = walking.read_rows(found, ("id", "sign_in", "decisions"))
        yield from (row.id for row in rows if not row.sign_in and sub in row.decisions)
        end = found[-1] - 1


def delete_calls(user: EndUser, by) -> Job:
    """Begins to delete somebody's calls, in a way that needs no account any more. Raises Refused."""
    return deleting.start(user.project, {"person": Trace.of(user).text()}, by)


def archive(user: EndUser) -> Iterator[bytes]:
    """Everything of somebody as a ZIP file of JSON files, piece by piece, however much it is."""
    trace = Trace.of(user)
    return archiving.archive(user.project_id, _small(user, trace), ids(user.project_id, trace))


def _small(user: EndUser, trace: Trace) -> dict[str, Any]:
    """The files that are small whatever somebody did."""
    keys = user.keys.all()
    signed = SignIn.objects.filter(user=user).select_related("client").order_by("pk")
    talks = Conversation.objects.filter(project_id=user.project_id, person=str(user.sub)).order_by("first_id")
    return {
        "account": fields(
            user, "sub", "username", "email", "name", "groups", "claims", "is_active", "created", "last_login"
        ),
        "apps": [
            {
                "client_id": one.client.client_id,
                "name": str(one.client),
                "scopes": one.scopes,
                "granted": one.granted,
                "last_token": one.used,
            }
            for one in roster.connections(user)
        ],
        "browsers": [fields(one, "agent", "created", "seen", "expires") for one in sessions.live(user)],
        "keys": [fields(key, "name", "last4", "created", "revoked") for key in keys],
        "sign_ins": [
            {
                **fields(one, "key", "who", "step", "outcome", "reason", "started", "updated"),
                "app": str(one.client or ""),
            }
            for one in signed
        ],
        "conversations": archiving.told(user.project_id, talks),
        "known_by": {"sub": trace.sub, "chatgpt_users": trace.users},
    }


def _is_uuid(text: str) -> bool:
    return len(text) == 36 and all(one in "0123456789abcdef-" for one in text.lower())
