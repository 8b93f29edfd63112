"""The shared schemas: that there are some, that each is sound, and that they do not go in circles."""

from __future__ import annotations

from typing import Any

from actionstudio.core.importer.checks import schemas
from actionstudio.core.importer.reading import Reading, short
from actionstudio.core.schemas.refs import escape, first_circle
from actionstudio.core.words import said

type JSON = Any


def check(reading: Reading) -> None:
    """Reads ``components`` (DOC-04 to DOC-06, SCH-01, SCH-02)."""
    components = reading.document.get("components")
    if components is None:
        return
    if not isinstance(components, dict):
        reading.crash(components, "get", "/components")
        return
    shared = components.get("schemas")
    if not isinstance(shared, dict):
        _no_schemas(reading, "schemas" in components)
        return
    reading.schemas = shared
    for name, schema in shared.items():
        reading.named[name] = schemas.check(reading, schema, ("components", "schemas", name))
    circle = first_circle(reading.named, reading.named.__getitem__)
    if circle:
        _circular(reading, circle)


def _no_schemas(reading: Reading, written: bool) -> None:
    reading.say(
        "DOC-04",
        "fatal",
        "In components section, schemas subsection is not an object",
        "/components/schemas" if written else "/components",
        said("Where there is “components” there must be “components.schemas”, an object. “schemas: {}” is enough."),
        repair="components-schemas",
    )


def _circular(reading: Reading, circle: list[str]) -> None:
    names = [short(name) for name in circle]
    shown = names if len(names) <= 8 else [*names[:6], "…", names[-1]]
    reading.say(
        "DOC-05",
        "fatal",
        "Components section contains a circular dependency",
        f"/components/schemas/{escape(circle[0])}",
        said(
            "Shared schemas contain each other, so none can be written out to its end: %(way)s. Cut one of the links.",
            way=" → ".join(shown),
        ),
        repair="break-circles",
    )
