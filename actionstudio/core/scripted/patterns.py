"""Expressions that others wrote, of scripts and of schemas: no text makes them take longer than in proportion to it."""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache
from typing import Any

import re2

from actionstudio.core.rules.operators import compile_pattern
from actionstudio.core.rules.targets import Unusable
from actionstudio.core.schemas.validate import SchemaError, Validator, compile_validator

LONGEST = 200  # characters of a schema's pattern that is looked for in sentences
_MEMORY = 1 << 20


def wrong(pattern: str) -> str:
    """Why a pattern is none that could be used; "" when it is one."""
    try:
        compile_pattern(pattern)
    except Unusable as error:
        return error.problem.message
    return ""


def groups(pattern: str, text: str) -> dict[str, str] | None:
    """What the groups of an expression found in a text, by number and by name; None when it is not there."""
    match = _expression(pattern).search(text)
    if match is None:
        return None
    named = {name: value or "" for name, value in match.groupdict().items()}
    return {str(n): value or "" for n, value in enumerate(match.groups(), 1)} | named | {"0": match[0]}


def suits(pattern: str, text: str) -> bool:
    """Whether a text keeps a schema's pattern; False for one that nobody understands."""
    validator = _validator(pattern)
    return validator is not None and validator.ok(text)


def places(pattern: str, text: str) -> Iterator[tuple[int, int]]:
    """Where a text has what keeps a schema's pattern, where no other letter or digit touches it."""
    sought = _sought(pattern)
    start = 0
    while sought is not None and (match := sought.search(text[start:])) is not None:
        a, b = (start + at for at in match.span(1))
        if a == b:
            return
        yield a, b
        start = b


@lru_cache(maxsize=500)
def _sought(pattern: str) -> Any:
    """The pattern between what is no letter and no digit; None for one that RE2 does not know, or too long a one."""
    core = pattern.removeprefix("^").removesuffix("$")
    try:
        return _expression(f"(?:^|[^A-Za-z0-9])({core})(?:$|[^A-Za-z0-9])") if len(core) <= LONGEST else None
    except re2.error:
        return None


@lru_cache(maxsize=500)
def _expression(pattern: str) -> Any:
    options = re2.Options()
    options.log_errors = False
    options.case_sensitive = False
    options.max_mem = _MEMORY
    return re2.compile(pattern, options)


@lru_cache(maxsize=500)
def _validator(pattern: str) -> Validator | None:
    try:
        made = compile_validator({"pattern": pattern}, {})
    except SchemaError:
        return None
    return None if made.notes else made
