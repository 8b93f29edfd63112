"""What the templates show of a state: each row with its words, choices, problems and advice beside it."""

from functools import lru_cache
from typing import Any

from django.utils.html import format_html_join
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from actionstudio.apps.design import checking, drafting, forms, shapes
from actionstudio.apps.design.problems import Problems
from actionstudio.core.contract import METHODS, Contract, Parameter
from actionstudio.core.importer.repairs import header_parameters
from actionstudio.core.resolve import Resolver

type State = dict[str, Any]
SUMMARY = DESCRIPTION = 300
PARAMETER_DESCRIPTION = 700
PLACES = ("query", "path", "header", "cookie")


@lru_cache(maxsize=400)
def _options(kinds: tuple[str, ...], chosen: str, language: str | None):
    """The options of a kind's select, made once per language: a large schema has hundreds of them."""
    pairs = ((kind, " selected" if kind == chosen else "", _kind(kind)) for kind in kinds)
    return format_html_join("", '<option value="{}"{}>{}</option>', pairs)


def _kind(kind: str) -> str:
    return str(shapes.KINDS[kind]) if kind else _("Not declared")


def _cell(row: State, problems: Problems, kinds: tuple[str, ...], notes: dict[str, str]) -> None:
    """Adds to a row what its template needs. Problems are listed with the field they belong to."""
    if row["kind"] not in kinds:
        kinds = (*kinds, row["kind"])
    row["kinds"] = _options(kinds, row["kind"], get_language())
    row["values"] = row["kind"] in ("text", "integer", "number", "list-text", "list-integer", "list-number")
    row["formats"] = shapes.FORMATS if row["format"] in shapes.FORMATS else (*shapes.FORMATS, row["format"])
    row["ranged"] = row["kind"].removeprefix("list-") in ("integer", "number")
    row["group"] = row["kind"] in ("group", "list-group")
    row["refers"] = row["kind"] in ("ref", "list-ref")
    row["indent"] = min(row["d"], 9)
    _errors(row, problems, notes)
    hidden = {"enum", "format", "minimum", "maximum", "default", "example", "text"}
    row["open"] = row["open"] or any(field in hidden for field, _words in row["errors"])


def _errors(row: State, problems: Problems, notes: dict[str, str]) -> None:
    prefix = f"{row['k']}."
    row["errors"] = [(name[len(prefix) :], words) for name, words in problems.items() if name.startswith(prefix)]
    row["bad"] = {field: True for field, _words in row["errors"]}
    row["note"] = notes.get(f"{row['k']}.text", "")


def operation(state: State, problems: Problems, known: dict[str, Any], around: Contract) -> dict[str, Any]:
    """The context of an operation's form. ``around`` is the contract that it is part of: its repairs and sign-in."""
    shortens = "shorten-texts" in around.repairs
    credentials = header_parameters.credential_places(Resolver(around))
    notes = checking.advice(state, known)
    parameter_kinds = (*shapes.PLAIN_KINDS[:-1], "ref", "advanced")
    for row in state["params"]:
        if row.get("locked"):
            row["errors"] = []
            continue
        _cell(row, problems, parameter_kinds, notes)
        row["sent"] = _sent(row, around, credentials)
        row["gone"] = row["in_"] == "path" and not row.get("linked")
        row["long"] = len(row["description"]) > PARAMETER_DESCRIPTION and not shortens
    if state["body"]:
        _errors(state["body"], problems, notes)
    for row in state["responses"]:
        _errors(row, problems, notes)
        for head in row["headers"]:
            if not head.get("locked"):
                _cell(head, problems, parameter_kinds, notes)
    media(state, problems, notes)
    return {
        "s": state,
        "errors": problems,
        "methods": METHODS,
        "places": PLACES,
        "shared_names": sorted(known),
        "summary_limit": SUMMARY,
        "description_limit": DESCRIPTION,
        "shortens": shortens,
        "problem_count": len(problems),
    }


def _sent(row: State, around: Contract, credentials: set[tuple[str, str]]) -> str:
    """How a parameter gets there: "" as it is, "moved" by a repair of the GPT profile, "lost" not at all."""
    if row["in_"] not in ("header", "cookie"):
        return ""
    options = around.repairs.get("header-parameters")
    required = bool(row["required"])
    chosen = options is not None and (required or options.get("only") != "required")
    moves = header_parameters.fillable(Parameter(row["name"].strip(), row["in_"], required), credentials)
    return "moved" if chosen and moves else "lost"


def media(state: State, problems: Problems, notes: dict[str, str]) -> None:
    """What each schema's part of the form needs."""
    kinds = tuple(shapes.KINDS)
    for row in forms.all_media(state):
        _errors(row, problems, notes)
        _cell(row["root"], problems, ("", *kinds), notes)
        row["root"]["open"] = row["root"].get("open", False)
        for cell in row["rows"]:
            _cell(cell, problems, kinds, notes)
        for item in row["examples"]:
            _errors(item, problems, notes)


def compare(mine: State, theirs: State, only: set[str] | None = None) -> list[tuple[str, str, str]]:
    """The fields in which two states differ, as name, mine, theirs; ``only`` these, or all."""
    names = {
        row["k"]: row.get("name") or row.get("status") or row.get("media_type") or "" for row in _rows(mine, theirs)
    }
    found = []
    for path, left, right in drafting.differences(mine, theirs):
        if only is not None and path not in only:
            continue
        words = " ".join(names.get(step, step) or step for step in path.split(".") if step not in _QUIET)
        found.append((words, _text(left, names), _text(right, names)))
    return found[:40]


_QUIET = ("params", "responses", "media", "rows", "base")


def _rows(*states: State):
    for state in states:
        yield from forms.rows(state).values()


def _text(value: Any, names: dict[str, str]) -> str:
    if value is None:
        return "–"
    if isinstance(value, dict):
        return value.get("name") or value.get("status") or value.get("media_type") or "…"
    if isinstance(value, list):
        return ", ".join(str(names.get(item, item)) if isinstance(item, str) else "…" for item in value)
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    return str(value)
