"""What a reader noticed, as a report for pages and the API: each with how much it matters."""

from collections.abc import Iterable

from actionstudio.apps.web.telling import told
from actionstudio.core.problem import Problem

SHOWN = 200  # problems that a report keeps

# How much each kind of problem matters, in the words of the checks. What is not listed degrades: something is missing,
# but what is there works.
_LEVELS = {
    "drops-op": ("path", "method", "url", "no-url", "left-host", "openapi-3.2"),
    "drops-param": ("parameter-name", "parameter-in", "two-bodies", "body-and-form", "form-parameter"),
    "advice": (
        "answer-unknown", "path-made", "credential", "cookies", "renamed", "duplicate-operation-id", "path-required",
        "required-moved", "schemes", "logo", "variables", "left-static", "left-preflight", "left-socket", "left-url",
        "left-method", "curl-option", "no-operations", "twice",
    ),
}  # fmt: skip
LEVELS = {code: level for level, codes in _LEVELS.items() for code in codes}
_GONE = ("not-an-object", "unresolved-ref")  # at the place of a path or an operation they cost it


def level(problem: Problem) -> str:
    """How much a reader's problem matters: one of the levels of the checks."""
    if problem.code in _GONE and problem.pointer.startswith("/paths/") and problem.pointer.count("/") <= 3:
        return "drops-op"
    return LEVELS.get(problem.code, "degrades")


def _shown(key: str, problem: Problem) -> dict:
    """One problem as JSON. In curl commands the pointer begins with the line, which is what people look for."""
    shown = {
        "pointer": problem.pointer,
        "message": told(problem.message),
        "code": problem.code,
        "level": level(problem),
    }
    line = problem.pointer.split("/")[1] if problem.pointer else ""
    return {**shown, "line": int(line)} if key == "curl" and line.isdigit() else shown


def report(
    key: str,
    format: str,
    operations_in: int,
    operations_kept: int,
    problems: Iterable[Problem] = (),
    secrets: int = 0,
) -> dict:
    """The report of an import as JSON. ``key`` is the reader's, ``format`` what was read, in words, ``secrets`` how
    many credentials were left out."""
    problems = tuple(problems)
    return {
        "format": format,
        "reader": key,
        "operations_in": operations_in,
        "operations_kept": operations_kept,
        "problems": [_shown(key, one) for one in problems[:SHOWN]],
        "problems_count": len(problems),
        "secrets": secrets,
    }
