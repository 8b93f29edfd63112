"""op: the endpoint that answered, by its operation id."""

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from actionstudio.apps.traffic.asking import named
from actionstudio.apps.traffic.asking.term import BY_OPERATION, Drive, Test, Unreadable, equal, term

MOST = 500  # operations of a project that are looked at


def found(project, beginning: str):
    """The project's operations."""
    rows = project.operations.values_list("operation_id", "method", "path")[:MOST]
    for name, method, path in rows:
        yield name or f"{method} {path}", f"{method} {path}" if name else ""


def lacks(project, value: str) -> str:
    """What to say when the project has no operation of that name."""
    names = [name for name, _place in found(project, "")]
    if value in names or len(names) == MOST:
        return ""
    return named.unlike(_("No endpoint has the name “%(value)s”."), value, names)


@term("op", gettext_lazy("The endpoint, by its operation id."), ("addTodo",), found=found, lacks=lacks)
def read(sign: str, value: str, quoted: bool) -> Test:
    if not value:
        raise Unreadable(
            _("Write the name of an endpoint. Calls that met none: %(term)s.") % {"term": "-has:operation"}
        )
    return equal("operation_id", value, drive(value), facet=("o", value))


def drive(name: str) -> Drive:
    """The calls that the operation of that name answered, or none where it is "": a range of one index."""
    return Drive(BY_OPERATION, "operation_id = %s", (name,))
