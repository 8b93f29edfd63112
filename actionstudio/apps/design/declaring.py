"""What the operations of a project share to answer: collections, upstreams, limits. Declared as one revision."""

from collections.abc import Callable, Iterator
from typing import Any

from django.utils.translation import gettext as _

from actionstudio.apps.design import load
from actionstudio.apps.design.editing import editing
from actionstudio.apps.design.models import Document
from actionstudio.apps.projects.models import Project
from actionstudio.apps.publishing.models import Revision
from actionstudio.core import codec
from actionstudio.core.answering import collection_of, limit_of, parts, upstream_of
from actionstudio.core.behaviour import Condition, Proxy, Stateful
from actionstudio.core.contract import Contract
from actionstudio.core.problem import Problem, Refused

SHARED: dict[str, Callable[..., Any]] = {"collections": collection_of, "upstreams": upstream_of, "limits": limit_of}


def declare(project: Project, by, **wanted: list[Any]) -> Revision | None:
    """Makes the lists of SHARED that are given say these values (the codec's JSON). Raises Refused; then nothing was
    changed."""
    with editing(project, by) as edit:
        before = load.contract(project)
        values = {name: _read(name, data, before) for name, data in wanted.items()}
        problems = [problem for name, found in values.items() for problem in _lost(name, found, before)]
        if problems:
            raise Refused(*problems)
        columns = {name: codec.plain(found) for name, found in values.items()}
        Document.objects.filter(project=project).update(**columns)
    return edit.revision


def add(project: Project, by, name: str, data: Any) -> Any:
    """Adds one to the list ``name`` and returns it as the codec's JSON. Raises Refused (code "twice": it is there)."""
    with editing(project, by):
        contract = load.contract(project)
        value = SHARED[name](data, contract)
        there = getattr(contract, name)
        if any(one.name == value.name for one in there):
            raise Refused(Problem("/name", _("There is one of this name already. Choose another name."), "twice"))
        Document.objects.filter(project=project).update(**{name: codec.plain((*there, value))})
    return codec.plain(value)


def _read(name: str, data: list[Any], contract: Contract) -> tuple[Any, ...]:
    read, found, problems = SHARED[name], [], []
    for index, item in enumerate(data):
        try:
            found.append(read(item, contract, f"/{name}/{index}"))
        except Refused as refused:
            problems += refused.problems
    problems += _twice(name, found)
    if problems:
        raise Refused(*problems)
    return tuple(found)


def _twice(name: str, values: list[Any]) -> Iterator[Problem]:
    seen: set[str] = set()
    for index, value in enumerate(values):
        own = getattr(value, "name", "")
        if own and own in seen:
            message = _("There are two with the name “%(name)s”. Give one another name.") % {"name": own}
            yield Problem(f"/{name}/{index}/name", message, "twice")
        seen.add(own)


def _lost(name: str, values: tuple[Any, ...], contract: Contract) -> Iterator[Problem]:
    """Names that would go although operations answer by them."""
    gone = {value.name for value in getattr(contract, name) if hasattr(value, "name")}
    gone -= {value.name for value in values if hasattr(value, "name")}
    for operation in contract.operations if gone else ():
        for used in sorted(gone & set(uses(operation.behaviour, name))):
            said = {"name": used, "operation": f"{operation.method} {operation.path}"}
            message = _("“%(name)s” is used by %(operation)s. Change how that answers first.") % said
            yield Problem(f"/{name}", message, "used")


def uses(behaviour: Any, name: str) -> Iterator[str]:
    """The collections or upstreams that a behaviour speaks of."""
    for _pointer, part in parts(behaviour):
        if name == "collections" and isinstance(part, Stateful):
            yield part.collection
        elif name == "collections" and isinstance(part, Condition) and part.target == "collection":
            yield part.name.partition("/")[0]
        elif name == "upstreams" and isinstance(part, Proxy):
            yield part.upstream
