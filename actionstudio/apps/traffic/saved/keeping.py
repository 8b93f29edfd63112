"""The door of saved views: who sees which, and how they are kept, changed and removed."""

from __future__ import annotations

from django.db import IntegrityError, router, transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from actionstudio.apps.projects.models import Project
from actionstudio.apps.traffic import asking
from actionstudio.apps.traffic.asking import splitting
from actionstudio.apps.traffic.saved.models import SavedView
from actionstudio.core.problem import Problem, Refused

MOST = 100  # of one person in a project


def seen(project: Project, user) -> list[SavedView]:
    """The person's own and those that others share, by name."""
    mine_or_shared = Q(author_id=user.pk) | Q(shared=True)
    return list(SavedView.objects.filter(mine_or_shared, project_id=project.pk).order_by("name", "id")[: 5 * MOST])


def own(project: Project, user, pk: int) -> SavedView | None:
    """One of the person's own: only these can be changed."""
    return SavedView.objects.filter(project_id=project.pk, author_id=user.pk, pk=pk).first()


def opening(views: list[SavedView], user) -> SavedView | None:
    """The one that the page opens with."""
    return next((one for one in views if one.first and one.author_id == user.pk), None)


def keep(project: Project, user, *, name: str, q: str, shared: bool = False, first: bool = False) -> SavedView:
    """A new view. Raises Refused for a name that is taken or none, a question that cannot be read, or too many."""
    if SavedView.objects.filter(project_id=project.pk, author_id=user.pk).count() >= MOST:
        message = _("You have %(most)s saved views here; delete one first.") % {"most": MOST}
        raise Refused(Problem("/name", message, "too-many"))
    row = SavedView(project_id=project.pk, author_id=user.pk)
    return change(row, name=name, q=q, shared=shared, first=first)


def change(row: SavedView, **values) -> SavedView:
    """Sets ``name``, ``q``, ``shared`` or ``first`` and keeps the view. Raises Refused; then nothing has changed."""
    values = {**values, **({"name": " ".join(values["name"].split())} if "name" in values else {})}
    problems = _problems(values)
    if problems:
        raise Refused(*problems)
    for name, value in values.items():
        setattr(row, name, value)
    try:
        with transaction.atomic(using=router.db_for_write(SavedView)):
            if row.first:
                others = SavedView.objects.filter(project_id=row.project_id, author_id=row.author_id, first=True)
                others.exclude(pk=row.pk).update(first=False)
            row.save()
    except IntegrityError as error:
        message = _("You have a view of this name; choose another one.")
        raise Refused(Problem("/name", message, "taken")) from error
    return row


def _problems(values: dict) -> list[Problem]:
    found = []
    if "name" in values:
        longest = SavedView._meta.get_field("name").max_length
        if not values["name"]:
            found.append(Problem("/name", _("Give the view a name."), "required"))
        elif len(values["name"]) > longest or "\0" in values["name"]:
            message = _("A name may have %(longest)s characters.") % {"longest": longest}
            found.append(Problem("/name", message, "too-long"))
    if "q" in values:
        asked = asking.read(values["q"])
        if len(values["q"]) > splitting.LONGEST or splitting.clean(values["q"]) != values["q"]:
            message = _("A question may have %(longest)s characters.") % {"longest": splitting.LONGEST}
            found.append(Problem("/q", message, "too-long"))
        elif isinstance(asked, asking.Problems):
            found += asked.of("/q")
    return found
