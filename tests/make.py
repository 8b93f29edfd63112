"""The cast and the things they own: ann owns, bob has projects of his own, eve has no business here."""

from actionstudio.apps.accounts.models import User
from actionstudio.apps.design import editing
from actionstudio.apps.projects.models import Project
from actionstudio.apps.publishing.models import Address
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
