"""Living with a finding: it is waived with a reason, for one place or everywhere, and that can be taken back."""

from django.utils.translation import gettext as _

from actionstudio.apps.design import editing, models
from actionstudio.apps.projects.models import Project
from actionstudio.apps.publishing.models import Revision
from actionstudio.core import codec
from actionstudio.core.contract import Waiver
from actionstudio.core.lint import RULES
from actionstudio.core.problem import Problem, Refused

REASON = 500  # characters
PLACE = 4_000
MOST = 1_000


def waivers(project: Project) -> tuple[Waiver, ...]:
    """The project's waivers, in the order in which they were given."""
    rows = models.Document.objects.values_list("waivers", flat=True).get(project=project)
    return codec.value_of(tuple[Waiver, ...], rows)


def waive(project: Project, wish: Waiver, by=None) -> Revision | None:
    """Lives with what ``wish`` is about; a waiver of the same rule and place gets the new reason. Raises Refused."""
    problems = list(_problems(wish))
    if problems:
        raise Refused(*problems)
    wish = Waiver(wish.code, wish.pointer, wish.reason.strip())
    with editing.editing(project, by, _("Waived: %(code)s") % {"code": wish.code}) as edit:
        kept = [one for one in waivers(project) if (one.code, one.pointer) != (wish.code, wish.pointer)]
        if len(kept) >= MOST:
            raise Refused(Problem("/code", _("There are %(n)s waivers; take some back.") % {"n": MOST}, "too-many"))
        _write(project, [*kept, wish])
    return edit.revision


def take_back(project: Project, code: str, pointer: str, by=None) -> Revision | None:
    """The finding counts again. Raises Refused when it was not waived."""
    with editing.editing(project, by, _("Taken back: %(code)s") % {"code": code}) as edit:
        before = waivers(project)
        kept = [one for one in before if (one.code, one.pointer) != (code, pointer)]
        if len(kept) == len(before):
            raise Refused(Problem("/code", _("That is not waived."), "unknown-waiver"))
        _write(project, kept)
    return edit.revision


def _problems(wish: Waiver):
    if wish.code not in RULES:
        yield Problem("/code", _("There is no rule “%(code)s”.") % {"code": wish.code[:60]}, "unknown-rule")
    if wish.pointer and (not wish.pointer.startswith("/") or len(wish.pointer) > PLACE):
        yield Problem("/pointer", _("A place is a JSON Pointer, or nothing for everywhere."), "invalid")
    if not wish.reason.strip():
        yield Problem("/reason", _("Say why, for whoever reads it next year."), "required")
    if len(wish.reason.strip()) > REASON:
        yield Problem("/reason", _("A reason has %(n)s characters at most.") % {"n": REASON}, "too-long")
    if "\0" in wish.pointer + wish.reason:
        yield Problem("/reason", _("It holds a character that no text may have."), "invalid")


def _write(project: Project, values: list[Waiver]) -> None:
    models.Document.objects.filter(project=project).update(waivers=codec.plain(tuple(values)))
