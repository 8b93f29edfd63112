"""Accounts out of a pasted table (CSV, RFC 4180): all of them are made, or none."""

from __future__ import annotations

import csv
import io
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from actionstudio.apps.oauth import people
from actionstudio.apps.oauth.models import EndUser
from actionstudio.apps.projects.models import Project
from actionstudio.core.problem import Problem, Refused

COLUMNS = ("username", "email", "name", "password", "groups")
LINES_MOST = 200  # hashing a password takes its time
TOLD_MOST = 20  # problems told at once


def add(project: Project, text: str) -> list[EndUser]:
    """An account for each line below the heading. Raises Refused with the lines that are wrong; none is made then."""
    made, problems = [], []
    with transaction.atomic():
        heading, lines = _lines(text)
        for number, row in lines:
            try:
                made.append(people.make(project, **_fields(heading, row)))
            except Refused as refused:
                problems += [_at(number, problem) for problem in refused.problems]
                if len(problems) >= TOLD_MOST:
                    break
        if problems:
            raise Refused(*problems[:TOLD_MOST])
    return made


def _lines(text: str) -> tuple[list[str], list[tuple[int, list[str]]]]:
    """The names of the columns, and (number, cells) of each line with something in it."""
    try:
        rows = list(csv.reader(io.StringIO(text.strip("\ufeff\r\n \t")), strict=True))
    except csv.Error as error:
        raise Refused(Problem("/text", _("This is not CSV: %(what)s.") % {"what": error}, "csv")) from None
    heading = [name.strip().lower() for name in rows[0]] if rows else []
    if "username" not in heading or set(heading) - set(COLUMNS) or len(set(heading)) < len(heading):
        message = _("Begin with a line that names the columns, such as username,email,name. There are: %(names)s.")
        raise Refused(Problem("/text", message % {"names": ", ".join(COLUMNS)}, "heading"))
    found = [(number, row) for number, row in enumerate(rows[1:], 2) if any(cell.strip() for cell in row)]
    if not found:
        raise Refused(Problem("/text", _("There is no line below the names of the columns."), "empty"))
    if len(found) > LINES_MOST:
        raise Refused(Problem("/text", _("Use at most %(n)s lines at once.") % {"n": LINES_MOST}, "many"))
    return heading, found


def _fields(heading: list[str], row: list[str]) -> dict[str, Any]:
    """Groups are separated by semicolons."""
    if len(row) > len(heading):
        message = _("It has more cells than there are columns: put texts with commas in quotes.")
        raise Refused(Problem("", message, "cells"))
    fields: dict[str, Any] = dict(zip(heading, row, strict=False))
    if "groups" in fields:
        fields["groups"] = fields["groups"].split(";")
    return {"username": "", **fields}


def _at(number: int, problem: Problem) -> Problem:
    told = {"line": number, "field": problem.pointer.strip("/"), "what": problem.message}
    words = _("Line %(line)s, %(field)s: %(what)s") if told["field"] else _("Line %(line)s: %(what)s")
    return Problem("/text", words % told, problem.code)
