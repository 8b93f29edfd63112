"""The checks of the editor in the order in which it makes them; each is a file that adds to a Reading."""

from __future__ import annotations

from collections.abc import Callable

from actionstudio.core.importer.checks import browser, components, operations, security, servers, silent, structure
from actionstudio.core.importer.reading import Reading

CHECKS: tuple[Callable[[Reading], None], ...] = (
    structure.check,
    servers.check,
    security.check,
    components.check,
    operations.check,
    browser.check,
    silent.check,
)
