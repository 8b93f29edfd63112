"""The cast and the things they own: ann owns, bob has projects of his own, eve has no business here."""

import itertools
import json
import time

from actionstudio.apps.accounts.models import User
from actionstudio.apps.design import editing
from actionstudio.apps.projects.models import Project
from actionstudio.apps.publishing.models import Address
from actionstudio.apps.traffic.models import SHIFT, Exchange
from actionstudio.core.contract import Contract, Example, Media, Operation, Response


def user(name: str = "ann", **extra) -> User:
    """A user with that name and no password hashing: log in with client.force_login."""
    found = User.objects.filter(username=name).first()
    return found or User.objects.create(username=name, email=f"{name}@example.test", password="!", **extra)


def operation(method: str = "GET", path: str = "/items", **fields) -> Operation:
    """An operation that answers {"ok": true} unless told otherwise."""
    fields.setdefault("operation_id", f"{method.lower()}{path.title().translate({ord(c): None for c in '/{}_- '})}")
    answer = Media("application/json", {"type": "object"}, (Example("", {"ok": True}),))
    fields.setdefault("responses", (Response("200", "OK", content=(answer,)),))
    return Operation(method, path, **fields)


def contract(*operations: Operation, **fields) -> Contract:
    """A contract with these operations, or one GET /items."""
    fields.setdefault("title", "Items")
    return Contract(operations=operations or (operation(),), **fields)


def project(slug: str = "items", owner: User | None = None, value: Contract | None = None, **fields) -> Project:
    """A project with an address of the same name and one revision."""
    owner = owner or user()
    made = Project.objects.create(slug=slug, owner=owner, name=fields.pop("name", slug.title()), **fields)
    Address.objects.create(project=made, name=slug)
    editing.replace(made, value or contract(), by=owner, note="Created")
    return made


_sequence = itertools.count()


def exchange(project: Project, method: str = "GET", path: str = "/items", status: int = 200, **fields) -> Exchange:
    """A logged call, now unless ``at`` (milliseconds since 1970) says when. Values given as bodies become JSON."""
    at = fields.pop("at", None) or int(time.time() * 1000)
    for name in ("request_body", "response_body"):
        if name in fields and not isinstance(fields[name], bytes):
            fields[name] = json.dumps(fields[name]).encode()
            fields.setdefault(name.replace("_body", "_headers"), [["content-type", "application/json"]])
        fields.setdefault(name.replace("_body", "_size"), len(fields.get(name, b"")))
    for name in ("timings", "request_headers", "response_headers", "violations", "decisions"):
        if name in fields and not isinstance(fields[name], str):
            fields[name] = json.dumps(fields[name])
    fields.setdefault("address", project.slug)
    fields.setdefault("source", "client")
    fields.setdefault("kind", "mock")
    return Exchange.objects.create(
        id=at << SHIFT | next(_sequence) & 0xFFFFF,
        project_id=project.pk,
        method=method,
        path=path,
        status=status,
        **fields,
    )
