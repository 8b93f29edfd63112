"""The structural check: the models of ``openapi-pydantic`` 0.5.1, whose messages the editor shows as they are.

Where a part may be a reference or the thing itself, both are tried and the faults of both are told: one defect deep in
a document is told again at every level above it. Those lines are one cause here.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable
from typing import Any

from actionstudio.core.importer import defects
from actionstudio.core.importer.reading import Reading
from actionstudio.core.schemas.refs import pointer as pointer_of

type JSON = Any

LOOKED_AT = 1_000  # messages whose causes are sought; of more only the number is told
_REFERENCE = "Reference"


def check(reading: Reading) -> None:
    """Says what the models say (DOC-02, DOC-03)."""
    from openapi_pydantic.v3.v3_1 import OpenAPI  # takes a third of a second, so not before somebody asks
    from pydantic import ValidationError

    try:
        OpenAPI.model_validate(reading.document)
    except ValidationError as error:
        reading.more += max(0, error.error_count() - LOOKED_AT)
        _tell(reading, error.errors(include_url=False, include_context=False)[:LOOKED_AT])


def _tell(reading: Reading, errors: list[Any]) -> None:
    places = [_pointer(reading.document, error["loc"]) for error in errors]
    meant = {
        at: defects.of(error["type"], error["loc"], error["input"], error["msg"])
        for error, at in zip(errors, places, strict=True)
        if not _follows(error)
    }
    order = sorted(meant)
    for error, at in zip(errors, places, strict=True):
        cause = _cause(order, at) if _follows(error) else at
        defect = meant.get(cause, defects.UNKNOWN)
        rule = "DOC-02" if error["loc"] == ("openapi",) else "DOC-03"
        reading.say(
            rule,
            defect.level,
            f"{error['loc']}: {error['msg']}",
            at,
            defects.echo() if _follows(error) else defect.explanation,
            layer="structure",
            confidence="B",
            cause=f"{rule}:{cause}",
            repair=defect.repair,
        )


def _follows(error: Any) -> bool:
    """Whether a line comes only from trying to read a part as a reference."""
    loc = error["loc"]
    return loc[-1:] == (_REFERENCE,) or (loc[-2:] == (_REFERENCE, "$ref") and error["type"] == "missing")


def _cause(order: list[str], at: str) -> str:
    """The first real defect at or below a place."""
    for wanted in (at, f"{at}/"):
        found = bisect_left(order, wanted)
        if found < len(order) and (order[found] == at or order[found].startswith(f"{at}/")):
            return order[found]
    return at


def _pointer(document: JSON, loc: Iterable[str | int]) -> str:
    """Where in the document: the way without the names of models that stand in it."""
    node, way = document, []
    for step in loc:
        inside = step in node if isinstance(node, dict) else isinstance(node, list) and isinstance(step, int)
        if inside and not (isinstance(node, list) and int(step) >= len(node)):
            node = node[step]
            way.append(step)
    return pointer_of(way)
