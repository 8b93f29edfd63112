"""Creates a project from a contract: rows, address, logo and first revision in one transaction, or nothing.

Apps after this one register with :func:`also` what a new project gets from them, such as people who can sign in.
"""

import dataclasses
import hashlib
from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from typing import Any

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from actionstudio.apps.design import editing
from actionstudio.apps.library import carried, kept
from actionstudio.apps.projects import naming
from actionstudio.apps.projects.models import Logo, Project
from actionstudio.apps.publishing.models import Address
from actionstudio.core.contract import METHODS, Contract
from actionstudio.core.problem import Problem, Refused

TRIES = 20  # for a free slug, when many make a project of one name at once
_ALSO: list[Callable[[Project, Contract], None]] = []


def also(work: Callable[[Project, Contract], None]) -> Callable[[Project, Contract], None]:
    """Marks what every new project gets besides: ``work(project, contract)``, in the transaction that makes it, after
    its first revision. What it raises unmakes the project."""
    if work not in _ALSO:
        _ALSO.append(work)
    return work


def create(
    owner,
    value: Contract,
    *,
    name: str = "",
    slug: str = "",
    description: str = "",
    masks: Iterable[str] = (),
    keeping: Mapping[str, Any] | None = None,
    logo: bytes = b"",
    parts: Mapping[str, Any] | None = None,
    note: str = "",
) -> Project:
    """A new project of ``owner``. An empty name is the contract's title, an empty slug is made from the name.

    ``keeping`` is what its log hides and keeps, as :mod:`kept` has it. ``logo`` is a PNG as :func:`logo.checked`
    returns it, ``parts`` what is carried along (:mod:`carried`). Raises Refused; nothing is created then.
    """
    check(value)
    name = (name.strip() or value.title.strip() or _("Untitled"))[:120]
    fields = {"name": name, "description": description[:300], "masks": list(masks), **(keeping or {})}
    for left in range(TRIES, 0, -1):
        wanted = naming.checked_slug(slug) if slug.strip() else naming.free_slug(name)
        try:
            with transaction.atomic():
                project = Project.objects.create(owner=owner, slug=wanted, **fields)
                Address.objects.create(project=project, name=wanted)
                editing.replace(project, with_logo(project, value, logo), by=owner, note=note or _("Created"))
                for work in _ALSO:
                    work(project, value)
                carried.put(project, parts or {}, owner)
        except IntegrityError as error:  # somebody took the name between our look and our write
            if not naming.taken(wanted):
                raise
            if slug.strip() or left == 1:
                message = _("“%(name)s” was taken just now.") % {"name": wanted}
                raise Refused(Problem("/slug", message, "slug")) from error
        else:
            return project
    raise AssertionError("the last try returns or raises")


def check(value: Contract) -> None:
    """What no project can be: the same method and path twice, unknown methods, paths that cannot be routed."""
    problems = []
    for (method, path), count in Counter((op.method, op.path) for op in value.operations).items():
        pointer = f"/paths/{path.replace('~', '~0').replace('/', '~1')}/{method.lower()}"
        if method not in METHODS:
            problems.append(Problem(pointer, _("%(method)s is not an HTTP method.") % {"method": method}, "method"))
        elif not path.startswith("/") or "//" in path:
            message = _("The path %(path)s must begin with / and may not contain //.") % {"path": path}
            problems.append(Problem(pointer, message, "path"))
        elif count > 1:
            message = _("%(method)s %(path)s stands there twice.") % {"method": method, "path": path}
            problems.append(Problem(pointer, message, "duplicate"))
    for name, count in Counter(component.name for component in value.components).items():
        if count > 1:
            message = _("The shared schema %(name)s stands there twice.") % {"name": name}
            problems.append(Problem(f"/components/schemas/{name}", message, "duplicate"))
    if problems:
        raise Refused(*problems[:20])


def with_logo(project: Project, value: Contract, png: bytes) -> Contract:
    """Keeps the image with the project and names it in the contract. A contract never names an image it has not."""
    if not png:
        return dataclasses.replace(value, logo="") if value.logo else value
    return dataclasses.replace(value, logo=keep_logo(project, png))


def keep_logo(project: Project, png: bytes) -> str:
    """Keeps the image; returns the digest that contracts name it by."""
    digest = hashlib.sha256(png).hexdigest()
    Logo.objects.get_or_create(project=project, digest=digest, defaults={"image": png})
    return digest


def duplicate(project: Project, value: Contract, by, name: str, slug: str = "") -> Project:
    """A copy with the same promises, logo and scripts; keys, people, clients, log and history stay where they are."""
    image = project.logos.filter(digest=value.logo).values_list("image", flat=True).first()
    return create(
        by,
        value,
        name=name,
        slug=slug,
        description=project.description,
        masks=project.masks,
        keeping=kept.of(project),
        logo=bytes(image or b""),
        parts=carried.of(project),
        note=_("Copied from %(name)s") % {"name": project.name},
    )
