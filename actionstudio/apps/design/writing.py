"""The document as text: each person's draft of it, kept as typed; read, merged with what was saved since, and saved.

A draft's ``stamp`` is the number of the revision that it began from, so that nothing saved meanwhile by a form, another
tab or another person is overwritten unasked. What cannot be read stays a draft.
"""

import hashlib
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from actionstudio.apps.design import load
from actionstudio.apps.design.drafting import Conflict, Late, Visit
from actionstudio.apps.design.editing import Edit, editing
from actionstudio.apps.design.looking import bases
from actionstudio.apps.design.models import Draft
from actionstudio.apps.design.store import contract as write
from actionstudio.apps.projects.models import Project
from actionstudio.apps.publishing.models import Revision
from actionstudio.core import reimport
from actionstudio.core.changes import Change, changes
from actionstudio.core.contract import Contract
from actionstudio.core.merging import Merge
from actionstudio.core.problem import Problem, Refused
from actionstudio.core.specs import openapi
from actionstudio.core.specs.readers import openapi as reader
from actionstudio.core.units import units, whole
from actionstudio.runtime.parsing import parse_safely

FORMATS = ("yaml", "json")
HARMLESS = ("no-operations",)  # what a reader notices and keeps all the same


class Overtaken(Exception):
    """The working copy was saved anew since the draft began."""


class Vanishing(Exception):
    """Saving would remove operations, and nobody has said yes to that. Carries their changes."""

    def __init__(self, removed: list[Change]) -> None:
        super().__init__(len(removed))
        self.removed = removed


@dataclass(frozen=True)
class Written:
    """A text that was read: the document, and the contract that saving it would make."""

    document: Any
    contract: Contract
    problems: tuple[Problem, ...]


@dataclass(frozen=True)
class Together:
    """Text and saved document in one; where both changed the same, the text's word stands and the place is named."""

    text: str
    clashes: tuple[str, ...]


class TextDesk:
    """One person at the text of one project."""

    def __init__(self, project: Project, by) -> None:
        self.project = project
        self.by = by
        self.target = f"document:{by.pk}"

    @cached_property
    def newest(self) -> Revision:
        return self.project.revisions.defer("content").select_related("author").first()

    @cached_property
    def current(self) -> Contract:
        return load.contract(self.project)

    @cached_property
    def urls(self) -> tuple[str, ...]:
        """The URLs at which the project answers. The first stands in the text, none of them is the author's."""
        return bases(self.project)

    @cached_property
    def draft(self) -> Draft | None:
        """The kept draft, unless there is nothing in it that is not saved."""
        return self.project.drafts.filter(target=self.target, clean=False).first()

    @property
    def overtaken(self) -> bool:
        return self.draft is not None and self.draft.stamp != str(self.newest.number)

    def document(self, value: Contract) -> dict[str, Any]:
        """The full profile as the address serves it."""
        return openapi.full(value, self.urls[:1])

    def text(self, form: str, value: Contract | None = None) -> str:
        """What is saved, or ``value``, as text."""
        return dump(self.document(value or self.current), form)

    def keep(self, visit: Visit, text: str, form: str, saved: str) -> None:
        """Keeps ``text`` as the draft; a text with the mark ``saved`` is what is saved, and none.

        Raises Conflict when another tab has kept another text, Late when a newer request of this tab came first.
        """
        with transaction.atomic():
            draft = self._claim(visit)
            nothing = mark(text) == saved
            if draft.clean or visit.force:
                draft.stamp = self._began(visit.stamp)
            draft.state = {"text": "" if nothing else text, "format": form}
            draft.clean = nothing
            draft.rev += 1
            draft.save()
        self.__dict__.pop("draft", None)

    def _claim(self, visit: Visit) -> Draft:
        made = {"author": self.by, "tab": visit.tab, "rev": 0, "clean": True}
        locked = Draft.objects.select_for_update()
        draft, new = locked.get_or_create(project=self.project, target=self.target, defaults=made)
        if new or draft.tab != visit.tab or not visit.tab:
            if not draft.clean and draft.rev != visit.rev and not visit.force:
                raise Conflict(draft)
            draft.seq = 0
        elif visit.seq and visit.seq <= draft.seq:
            raise Late
        draft.tab, draft.seq = visit.tab, visit.seq or draft.seq
        return draft

    def _began(self, stamp: str) -> str:
        """The revision that a page says it shows, if there is one of that number."""
        known = stamp.isdecimal() and len(stamp) < 10 and self.project.revisions.filter(number=stamp).exists()
        return stamp if known else str(self.newest.number)

    def row(self) -> Draft | None:
        """The draft's row, also when it says nothing: its numbers tell a tab's old requests from new ones."""
        return self.project.drafts.filter(target=self.target).first()

    def drop(self) -> None:
        """There is no draft any more. The row stays: a request of the past that arrives late must find its number."""
        self.project.drafts.filter(target=self.target).update(clean=True, state={}, stamp=str(self.newest.number))
        self.__dict__.pop("draft", None)

    def read(self, text: str) -> Written:
        """What ``text`` says. Raises Refused."""
        return self.applied(*parsed(text))

    def skimmed(self, text: str) -> Written:
        """The same for a long text in a hurry: its contract is what the text alone says."""
        document, report = parsed(text)
        return Written(document, self._own(report.contract), report.problems)

    def applied(self, document: Any, report: reader.Report) -> Written:
        """A document that was read, as what saving it would make of the working copy."""
        return Written(document, reimport.text_edit(self.current, self._own(report.contract)), report.problems)

    def _own(self, read: Contract) -> Contract:
        """Without the servers that stand in the text only because the project answers there."""
        return without(read, [url for url in self.urls if url not in {server.url for server in self.current.servers}])

    def hindrances(self, problems: tuple[Problem, ...]) -> list[Problem]:
        """Those of a reader's problems that keep a text from being saved: all but what the saved document has too.

        A reader leaves out what it cannot use. An import may do so and say it; a save must not.
        """
        grave = [problem for problem in problems if problem.code not in HARMLESS]
        if not grave:
            return []
        try:
            report = reader.read(self.document(self.current))
        except Refused:  # of what is saved nothing could be read either
            return grave
        known = {(problem.pointer, problem.code) for problem in report.problems}
        return [problem for problem in grave if (problem.pointer, problem.code) not in known]

    def vanishing(self, value: Contract) -> list[Change]:
        """The operations that are saved and not in ``value``."""
        found = changes(self.current, value)
        return [change for change in found if change.kind == "removed" and change.pointer.startswith("/paths/")]

    def save(self, text: str, agreed: str = "") -> Edit:
        """Makes ``text`` the working copy, as one revision. ``agreed``: the mark of the removals that were agreed to.

        Raises Overtaken, Refused or Vanishing; nothing is changed then.
        """
        read = parsed(text)  # before anybody has to wait for us
        with editing(self.project, self.by, note=_("Edited as text")) as edit:
            for name in ("newest", "current", "draft"):  # as of now: nobody can save meanwhile
                self.__dict__.pop(name, None)
            if self.overtaken:
                raise Overtaken
            written = self.applied(*read)
            hindering = self.hindrances(written.problems)
            if hindering:
                raise Refused(*hindering)
            removed = self.vanishing(written.contract)
            if removed and agreed != removal_mark(removed):
                raise Vanishing(removed)
            write(self.project, written.contract)
        for name in ("newest", "current"):
            self.__dict__.pop(name, None)
        self.drop()
        return edit

    def together(self, text: str, form: str) -> Together:
        """The draft and what was saved since it began, in one text. Raises Refused when the text cannot be read."""
        base = self.project.revisions.get(number=self.draft.stamp).contract()
        here = TextDesk(self.project, self.by)
        here.__dict__["current"] = base
        mine = here.read(text).contract
        merge = Merge()
        found = [
            (unit.id, merge.of(unit.base, unit.ours, unit.theirs, (unit.id,)))
            for unit in units(base, mine, self.current)
        ]
        return Together(self.text(form, whole(found)), tuple(" → ".join(way) for way in merge.clashes))

    def rewrite(self, text: str, form: str, saved: str) -> None:
        """The draft is ``text`` now, which a deed made of what was typed."""
        nothing = mark(text) == saved
        state = {"text": "" if nothing else text, "format": form}
        self.project.drafts.filter(target=self.target).update(state=state, clean=nothing)
        self.__dict__.pop("draft", None)

    def rebase(self, text: str | None = None) -> None:
        """From now on the draft is one of what is saved now; with another ``text`` where the two were merged."""
        draft = self.draft
        if draft is None:
            return
        draft.stamp = str(self.newest.number)
        if text is not None:
            draft.state = {**draft.state, "text": text}
        draft.rev += 1
        draft.save()


def parsed(text: str) -> tuple[Any, reader.Report]:
    """The document that ``text`` writes, and what was read of it. Raises Refused."""
    document = parse_safely(text.encode())
    return document, reader.read(document)


def without(value: Contract, urls: list[str]) -> Contract:
    """``value`` without the servers at ``urls``."""
    return replace(value, servers=tuple(server for server in value.servers if server.url not in urls))


def dump(document: Any, form: str) -> str:
    """A document as text in one of FORMATS."""
    return openapi.to_yaml(document) if form == "yaml" else openapi.to_json(document).decode() + "\n"


def convert(text: str, form: str) -> str:
    """``text`` written anew in ``form``. Raises Refused."""
    return dump(parse_safely(text.encode()), form)


def mark(text: str) -> str:
    """What tells a text from every other."""
    return hashlib.sha256(text.encode()).hexdigest()[:20]


def removal_mark(removed: list[Change]) -> str:
    """What tells one set of removed operations from another."""
    return mark("\n".join(sorted(change.pointer for change in removed)))
