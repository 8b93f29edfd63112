"""What is wrong with a call, a document or a form: a value, not an exception."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Problem:
    """``pointer`` says where (RFC 6901, "" for the whole), ``message`` what and the cure, ``code`` which kind."""

    pointer: str
    message: str
    code: str = "invalid"


class Refused(ValueError):
    """Input that cannot be used at all: carries its problems for the page or the API to show. Nothing was changed."""

    def __init__(self, *problems: Problem) -> None:
        super().__init__("; ".join(problem.message for problem in problems))
        self.problems = problems
