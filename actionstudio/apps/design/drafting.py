"""Drafts: what a form posts is kept at once, with an undo stack; two tabs never overwrite each other unasked."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from actionstudio.apps.design.models import Draft, Step
from actionstudio.apps.projects.models import Project

DEPTH = 50
PAUSE = timedelta(seconds=1)  # typing that goes on after it is a step of its own
AGAIN = "again:"  # marks the steps that were undone
type State = dict[str, Any]


class Conflict(Exception):
    """Another tab changed the draft since this one read it: carries the kept draft."""

    def __init__(self, draft: Draft) -> None:
        super().__init__(draft.target)
        self.draft = draft


class Late(Exception):
    """A request of the same tab that a newer one has overtaken: there is nothing left to do for it."""


@dataclass(frozen=True)
class Visit:
    """Who posts: the tab, the number of its request (0 without JavaScript), and what it read.

    That is the draft's ``rev`` (0: there was none) and the saved row's ``stamp``. ``force`` overrules a conflict.
    """

    tab: str
    seq: int
    rev: int
    stamp: str = ""
    force: bool = False

    @classmethod
    def of(cls, posted) -> "Visit":
        numbers = _int(posted.get("seq")), _int(posted.get("rev"))
        return cls(
            posted.get("tab", "").replace("\0", "")[:20], *numbers, posted.get("stamp", ""), bool(posted.get("force"))
        )


def _int(text: str | None) -> int:
    return int(text) if text and text.isdecimal() and len(text) < 10 else 0


def find(project: Project, target: str, stamp: str) -> Draft | None:
    """The draft of ``target``; not a clean one of something that was saved anew since."""
    return project.drafts.filter(target=target).exclude(~Q(stamp=stamp), clean=True).first()


def claim(project: Project, target: str, by, state: State, stamp: str, visit: Visit) -> Draft:
    """The draft of ``target``, locked for this request. Call inside a transaction. Raises Conflict or Late.

    A draft begins from ``state`` with the first post. The tab that wrote last may carry an old ``rev``: it did not see
    the answer to its own last request, which says nothing new about anybody else.
    """
    Draft.objects.filter(~Q(stamp=stamp), project=project, target=target, clean=True).delete()
    made = {"author": by, "state": state, "stamp": stamp, "tab": visit.tab, "rev": 0}
    draft, new = Draft.objects.select_for_update().get_or_create(project=project, target=target, defaults=made)
    if new:
        if (visit.rev or visit.stamp != stamp) and not visit.force:
            raise Conflict(draft)  # saved or discarded elsewhere since this tab read it
    elif draft.tab != visit.tab or not visit.tab:
        if draft.rev != visit.rev and not visit.force:
            raise Conflict(draft)
        draft.seq = 0
    elif visit.seq and visit.seq <= draft.seq:
        raise Late
    if visit.force:
        draft.stamp = stamp  # they saw what is saved, and decided
    draft.tab, draft.author = visit.tab, by
    draft.seq = visit.seq or draft.seq
    return draft


def keep(draft: Draft, state: State, what: str = "", *, step: bool = True) -> None:
    """Makes ``state`` the draft's. ``what`` names a deed; without it this is typing, and coalesces per field.

    Without ``step`` there is nothing to undo.
    """
    before = draft.state
    if state == before and draft.rev:
        draft.save(update_fields=("author", "tab", "seq", "stamp"))  # not its time: nothing was typed
        return
    what = what or f"typed:{_field(before, state)}"
    if step and state != before and not _goes_on(draft, what):
        draft.steps.create(what=what[:200], state=before)
        _forget(draft)
    if step:
        draft.steps.filter(what__startswith=AGAIN).delete()
    draft.state = state
    draft.clean = draft.clean and not step
    draft.rev += 1
    draft.save()


def _goes_on(draft: Draft, what: str) -> bool:
    """Whether this is the same typing as the step before: in the same field, without a pause."""
    last = _back(draft).first()
    same = last is not None and last.what == what[:200] and what.startswith("typed:")
    return same and timezone.now() - draft.updated < PAUSE


def _back(draft: Draft):
    return draft.steps.exclude(what__startswith=AGAIN)


def saved(draft: Draft, target: str, stamp: str) -> None:
    """The draft says now what is saved under ``target``. Undo ends here: a saved version is restored, not undone."""
    draft.steps.all().delete()
    draft.target, draft.stamp, draft.clean = target, stamp, True
    draft.rev += 1
    draft.save()


def _forget(draft: Draft) -> None:
    """No more than DEPTH steps back."""
    old = list(_back(draft).values_list("pk", flat=True)[DEPTH:])
    if old:
        draft.steps.filter(pk__in=old).delete()


def undo(draft: Draft) -> bool:
    """Takes the last step back. False when there is none. A new ``epoch`` gives controls new ids: see the templates."""
    return _turn(draft, _back(draft).first(), AGAIN)


def redo(draft: Draft) -> bool:
    """Does again what was undone last, as long as nothing else was changed."""
    return _turn(draft, draft.steps.filter(what__startswith=AGAIN).first(), "")


def _turn(draft: Draft, step: Step | None, mark: str) -> bool:
    """To the state of ``step``; the present state takes its place on the other stack."""
    if step is None:
        return False
    draft.steps.create(what=(mark + step.what.removeprefix(AGAIN))[:200], state=draft.state)
    draft.state = {**step.state, "epoch": draft.rev}
    draft.clean = False
    draft.rev += 1
    step.delete()
    draft.save()
    return True


def turns(draft: Draft | None) -> tuple[bool, bool]:
    """Whether there is something to undo, and something to do again."""
    marks = [name.startswith(AGAIN) for name in draft.steps.values_list("what", flat=True)] if draft else []
    return False in marks, True in marks


def discard(project: Project, target: str) -> None:
    with transaction.atomic():
        project.drafts.filter(target=target).delete()


def _field(before: Any, after: Any, at: str = "") -> str:
    """Where two states differ: the one field's path, or "several"."""
    found = list(differences(before, after))
    return found[0][0] if len(found) == 1 else "several"


def differences(before: Any, after: Any, at: str = ""):
    """Triples of path, before and after for every value that differs. Rows are told apart by their key."""
    if isinstance(before, dict) and isinstance(after, dict):
        for name in {**before, **after}:
            yield from differences(before.get(name), after.get(name), f"{at}.{name}" if at else name)
    elif _rows(before) and _rows(after) and (before or after):
        old, new = {row["k"]: row for row in before}, {row["k"]: row for row in after}
        if list(old) != list(new):
            yield at, [*old], [*new]
        for key in {**old, **new}:
            yield from differences(old.get(key), new.get(key), f"{at}.{key}")
    elif before != after:
        yield at, before, after


def _rows(value: Any) -> bool:
    return isinstance(value, list) and all(isinstance(row, dict) and "k" in row for row in value)
