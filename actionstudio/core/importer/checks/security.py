"""The security schemes of the document. What ChatGPT really sends is set in the action's own dialog."""

from __future__ import annotations

from actionstudio.core.importer.reading import Reading
from actionstudio.core.words import said


def check(reading: Reading) -> None:
    """Says when there are several (SEC-01)."""
    components = reading.document.get("components")
    schemes = components.get("securitySchemes") if isinstance(components, dict) else None
    if isinstance(schemes, dict) and len(schemes) > 1:
        reading.say(
            "SEC-01",
            "cosmetic",
            "Found multiple security schemes, only 1 is supported",
            "/components/securitySchemes",
            said(
                "An action has one authentication, and it is set in ChatGPT's dialog, not read from here. The "
                "operations are imported all the same. Keep the scheme that is used, and set it in the dialog."
            ),
            repair="one-scheme",
        )
