"""Exchange: one call to an address and its answer."""

import datetime
from functools import cached_property
from typing import Any

import orjson
from django.db import models
from django.utils.translation import gettext_lazy as _

from actionstudio.runtime.pacing import UNWAITED
from actionstudio.runtime.ports import CUT_REQUEST, CUT_RESPONSE

SHIFT = 20  # id = milliseconds since 1970 << 20 | worker << 14 | sequence


class RowId(models.BigIntegerField):
    """A 64-bit id that is SQLite's own rowid: new rows are appended, and no second index keeps the ids."""

    def db_type(self, connection):
        return "integer" if connection.vendor == "sqlite" else super().db_type(connection)


class StatusClass(models.Func):
    """The first digit of a status. Written with a literal 100, so that it matches the index on every database."""

    template = "(%(expressions)s / 100)"
    output_field = models.PositiveSmallIntegerField()


SOURCE_NAMES = {
    "gpt": _("ChatGPT"),
    "client": _("Client"),
    "simulator": _("Simulator"),
    "replay": _("Replay"),
    "try": _("Try it"),
}
KIND_NAMES = {
    "mock": _("Endpoint"),
    "document": _("Document"),
    "refused": _("Refused"),
    "callback": _("Callback"),
    "oauth": _("Sign-in"),
}
BY_KEY = "key-"  # how Exchange.sign_in begins where the call bore a person's own key, not a sign-in's token
SLOW = 1_000_000  # microseconds from which on an index keeps a call
BY_PERSON = "user-"  # likewise where it counts as a person's without a sign-in: a minted token, or chosen to
FACETS = ("status", "method", "source", "kind")  # what filters ask besides the operation: every index carries them


def _few(name: str, columns: list[str], condition: models.Q, more: tuple[str, ...] = ()) -> models.Index:
    """A partial index: the project's calls with something few of them have, newest first, with the facets."""
    fields = ["project_id", *columns, "id", *FACETS, *more]
    return models.Index(fields=fields, name=f"exchange_{name}", condition=condition)


class Exchange(models.Model):
    """One logged call. The data plane writes rows as runtime.ports.Record; pages only read them.

    The id holds when the call was answered, so (project_id, id) sorts by that time and a keyset page is a range of ids;
    filters by time ask the id, too. JSON columns hold bytes as the writer made them.
    """

    id = RowId(primary_key=True)
    project_id = models.BigIntegerField()
    address = models.CharField(max_length=60)
    revision = models.PositiveIntegerField(default=0)
    source = models.CharField(max_length=10)
    kind = models.CharField(max_length=10)
    method = models.CharField(max_length=16)
    path = models.TextField()
    query = models.TextField(default="")
    status = models.PositiveSmallIntegerField()
    operation_id = models.TextField(default="")
    duration_us = models.PositiveIntegerField(default=0)
    timings = models.TextField(default="[]")
    request_headers = models.TextField(default="[]")
    request_body = models.BinaryField(default=b"")
    request_size = models.PositiveBigIntegerField(default=0)
    response_headers = models.TextField(default="[]")
    response_body = models.BinaryField(default=b"")
    response_size = models.PositiveBigIntegerField(default=0)
    violations = models.TextField(default="[]")
    decisions = models.TextField(default="{}")
    auth = models.CharField(max_length=10, default="none")
    key_id = models.BigIntegerField(null=True)
    client = models.CharField(max_length=64, default="")
    gpt_id = models.CharField(max_length=120, default="")
    conversation_id = models.CharField(max_length=120, default="")
    user_id = models.CharField(max_length=120, default="")
    sign_in = models.CharField(max_length=32, default="", db_default="")  # an oauth.SignIn's key, BY_KEY… or BY_PERSON…
    cut = models.SmallIntegerField(default=0, db_default=0)  # CUT_REQUEST and CUT_RESPONSE of runtime.ports, added up

    class Meta:
        # Walked newest first by id; the facets ride along, so that filters, counts and the histogram never touch rows.
        indexes = [
            models.Index(fields=["project_id", "id", *FACETS], name="exchange_newest"),
            models.Index("project_id", StatusClass("status"), "id", *FACETS, name="exchange_class"),
            models.Index(fields=["project_id", "operation_id", "id", *FACETS], name="exchange_operation"),
            models.Index(fields=["sign_in", "id"], name="exchange_sign_in", condition=~models.Q(sign_in="")),
            # Of few calls each, so that most cost nothing; asking/terms name them as what drives.
            _few("conversation", ["conversation_id"], ~models.Q(conversation_id="")),
            _few("user", ["user_id"], ~models.Q(user_id="")),
            _few("key", ["key_id"], models.Q(key_id__isnull=False)),
            _few("flawed", [], ~models.Q(violations="[]")),
            _few("slow", [], models.Q(duration_us__gte=SLOW), ("duration_us",)),
        ]

    def __str__(self):
        return f"{self.method} {self.path} {self.status}"

    @cached_property
    def headers_in(self) -> list[list[str]]:
        """The request's headers as [name, value]."""
        return orjson.loads(self.request_headers)

    @cached_property
    def headers_out(self) -> list[list[str]]:
        """The answer's headers as [name, value]."""
        return orjson.loads(self.response_headers)

    @cached_property
    def found(self) -> list[dict]:
        """The violations of request and answer."""
        return orjson.loads(self.violations)

    @cached_property
    def decided(self) -> dict:
        """Why this answer."""
        return orjson.loads(self.decisions)

    def lacks(self, side: str) -> str:
        """What the log lacks of the body of a ``side``: "cut" where only its beginning was kept, "unkept" where a rule
        has none kept, "" where it is whole. What is hidden in it makes it shorter or longer, and it is whole."""
        if self.cut & (CUT_REQUEST if side == "request" else CUT_RESPONSE):
            return "cut"
        size, body = getattr(self, f"{side}_size"), getattr(self, f"{side}_body")
        return "unkept" if size and not body else ""

    @property
    def source_name(self):
        """Who called, in the reader's language."""
        return SOURCE_NAMES.get(self.source, self.source)

    @property
    def run(self) -> str:
        """The key of the sign-in that this call belongs to, "" for none."""
        return "" if self.sign_in.startswith((BY_KEY, BY_PERSON)) else self.sign_in

    @property
    def code(self) -> str:
        """The status as pages show it: a callback that nobody answered has none."""
        return str(self.status) if self.status else "–"

    @property
    def line(self) -> str:
        """Path and query as on the request's first line."""
        return f"{self.path}?{self.query}" if self.query else self.path

    @property
    def at(self) -> datetime.datetime:
        """When the call came in (UTC). The id holds when it was answered: its duration earlier, without a wait that is
        counted in the duration and had not been waited for by then."""
        took = self.duration_us
        if f'"{UNWAITED}"' in self.timings:
            took -= sum(us for stage, us in orjson.loads(self.timings) if stage == UNWAITED)
        return datetime.datetime.fromtimestamp((self.id >> SHIFT) / 1000 - max(0, took) / 1e6, datetime.UTC)

    @property
    def public_id(self) -> str:
        """The id as people see it and URLs carry it: req_ and base 36."""
        return "req_" + base36(self.id)

    @staticmethod
    def private_id(public_id: str) -> int:
        """The row id of ``req_…``. Raises ValueError when it is none."""
        if not public_id.startswith("req_"):
            raise ValueError(public_id)
        return int(public_id[4:], 36)


class Stored(models.Model):
    """How many calls of one hour the log keeps of a project, and about how many bytes (storing.py)."""

    id = models.BigAutoField(primary_key=True)
    project_id = models.BigIntegerField()
    hour = models.BigIntegerField()  # since 1970
    calls = models.BigIntegerField(default=0)
    bytes = models.BigIntegerField(default=0)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["project_id", "hour"], name="stored_hour")]

    def __str__(self):
        return f"{self.project_id} {self.hour}"


def met_none(row: Any) -> bool:
    """Whether a call met no endpoint: none has its path, or none of those its method. Asks a row's MET_NONE."""
    return row.operation_id == "" and row.status in (404, 405) and row.kind in ("mock", "refused")


MET_NONE = ("operation_id", "status", "kind")


def base36(number: int) -> str:
    """A number in digits and small letters, as short ids are written."""
    digits = "0123456789abcdefghijklmnopqrstuvwxyz"
    out = ""
    while number:
        number, rest = divmod(number, 36)
        out = digits[rest] + out
    return out or "0"


from actionstudio.apps.traffic.conversations.models import Conversation, Counted, DebugText  # noqa: E402
from actionstudio.apps.traffic.saved.models import SavedView  # noqa: E402

__all__ = ("Conversation", "Counted", "DebugText", "Exchange", "SavedView", "Stored")
