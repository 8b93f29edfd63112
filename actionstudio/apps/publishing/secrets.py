"""The project's secrets: texts that its upstreams ask for. They go in, they go to upstreams, and nowhere else."""

import logging

from django.db import transaction
from django.utils.translation import gettext as _

from actionstudio.apps.projects.models import Project
from actionstudio.apps.publishing import sealing, serving
from actionstudio.apps.publishing.models import Secret
from actionstudio.core.problem import Problem, Refused

MOST = 100
SHORTEST, LONGEST, NAME = 6, 4000, 80
log = logging.getLogger(__name__)


def keep(project: Project, name: str, text: str) -> Secret:
    """Keeps ``text`` under ``name``, instead of what was there; live at once. Raises Refused."""
    name = name.strip()
    if problems := [*_name_problems(name), *_text_problems(text)]:
        raise Refused(*problems)
    with transaction.atomic():
        Project.objects.select_for_update().get(pk=project.pk)
        others = project.secrets.exclude(name=name)
        if others.count() >= MOST:
            message = _("Use at most %(n)s secrets; delete one first.") % {"n": MOST}
            raise Refused(Problem("/name", message, "many"))
        fields = {"sealed": sealing.seal(text, _place(project.pk, name)), "last4": text[-4:] if len(text) >= 12 else ""}
        row, _made = Secret.objects.update_or_create(project=project, name=name, defaults=fields)
        serving.changed(project)
    return row


def forget(project: Project, name: str) -> bool:
    """Deletes a secret; False when there is none of that name."""
    with transaction.atomic():
        gone, _rows = project.secrets.filter(name=name).delete()
        if gone:
            serving.changed(project)
    return bool(gone)


def texts(project: Project) -> dict[str, str]:
    """The texts by name, for the data plane. One that cannot be opened is left out, and the operator's log says so."""
    found = {}
    for row in project.secrets.all():
        try:
            found[row.name] = sealing.unseal(row.sealed, _place(project.pk, row.name))
        except sealing.Unreadable:
            log.error("the secret %r of project %s cannot be opened: its encryption key is gone", row.name, project.pk)
    return found


def reseal() -> tuple[int, int]:
    """Seals every text with the newest key; returns how many were sealed anew and how many could not be opened."""
    return sealing.anew(Secret.objects.all(), lambda row: _place(row.project_id, row.name))


def _place(project_id: int, name: str) -> str:
    return f"secret/{project_id}/{name}"


def _name_problems(name: str) -> list[Problem]:
    if not name:
        return [Problem("/name", _("Give the secret a name, such as “gateway key”."), "name")]
    if len(name) > NAME or not name.isprintable():
        message = _("Use at most %(n)s printable characters for the name.") % {"n": NAME}
        return [Problem("/name", message, "name")]
    return []


def _text_problems(text: str) -> list[Problem]:
    """A secret travels in a header or a query, and is looked for in answers so that it never leaves again."""
    if not text:
        return [Problem("/text", _("Type or paste the secret."), "text")]
    if len(text) < SHORTEST:
        message = _("Use at least %(n)s characters: shorter texts cannot be told apart from ordinary ones in answers.")
        return [Problem("/text", message % {"n": SHORTEST}, "text")]
    if len(text) > LONGEST:
        return [Problem("/text", _("Use at most %(n)s characters.") % {"n": LONGEST}, "text")]
    if not text.isascii() or not text.isprintable() or text != text.strip():
        message = _("Use letters, digits and signs of plain ASCII, without blanks at the ends: it travels in a header.")
        return [Problem("/text", message, "text")]
    return []
