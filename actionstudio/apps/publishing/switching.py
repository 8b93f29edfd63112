"""One-shot switches: the next calls of an operation misbehave, then all is as before. Set, listed, cancelled here.

A switch belongs to no revision: it is served at once by every address of the project, waits for calls that are let in,
and each of its calls is claimed exactly once (runtime.ports.Store.claim).
"""

from django.db import transaction
from django.utils.translation import gettext as _

from actionstudio.apps.projects.models import Project
from actionstudio.apps.publishing import serving
from actionstudio.apps.publishing.models import Switch
from actionstudio.core import codec
from actionstudio.core.behaviour import Fault
from actionstudio.core.deck import PRESETS
from actionstudio.core.problem import Problem, Refused
from actionstudio.runtime import ports

MOST = 10  # switches of one operation that wait
MOST_CALLS = 100  # of one switch


def waiting(project: Project, method: str, path: str) -> list[Switch]:
    """The switches of an operation that still wait for a call, in the order in which they are used."""
    return list(project.switches.filter(method=method, path=path, left__gt=0))


def preset(name: str) -> Fault:
    """The fault of a case of the ChatGPT limit deck. Raises Refused."""
    found = PRESETS.get(name)
    if found is None:
        message = _("There is no such case. Known: %(names)s") % {"names": ", ".join(PRESETS)}
        raise Refused(Problem("/preset", message, "unknown"))
    return found.fault


def set_switch(project: Project, method: str, path: str, fault: Fault, calls: int = 1) -> Switch:
    """Makes the next ``calls`` calls of an operation misbehave. ``fault`` has been read by core/answering.py or is one
    of the deck; when it strikes does not matter. Raises Refused when the numbers are wrong or too many wait already."""
    if not 1 <= calls <= MOST_CALLS:
        message = _("A switch is for 1 to %(n)d calls.") % {"n": MOST_CALLS}
        raise Refused(Problem("/calls", message, "range"))
    with transaction.atomic():
        Project.objects.select_for_update().get(pk=project.pk)
        if len(waiting(project, method, path)) >= MOST:
            message = _("%(n)d switches wait for this endpoint already. Cancel one, or call the endpoint.")
            raise Refused(Problem("", message % {"n": MOST}, "many"))
        made = Switch.objects.create(project=project, method=method, path=path, fault=codec.plain(fault), left=calls)
        serving.changed(project)
    return made


def cancel(project: Project, method: str, path: str, number: int | None = None) -> int:
    """Takes back one switch of an operation, or all of them; returns how many there were."""
    found = project.switches.filter(method=method, path=path)
    if number is not None:
        found = found.filter(pk=number)
    with transaction.atomic():
        gone, _of = found.delete()
        if gone:
            serving.changed(project)
    return gone


def hosted(project: Project) -> tuple[ports.Switch, ...]:
    """All switches of a project that wait, as the data plane takes them."""
    rows = project.switches.filter(left__gt=0)
    return tuple(ports.Switch(row.pk, row.method, row.path, codec.value_of(Fault, row.fault), row.left) for row in rows)
