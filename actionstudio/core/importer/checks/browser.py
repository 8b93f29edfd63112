"""What the editor's own page checks: domains of the GPT's actions, and the privacy policy."""

from __future__ import annotations

from actionstudio.core.importer.checks.servers import address
from actionstudio.core.importer.reading import Reading, short
from actionstudio.core.words import said


def check(reading: Reading) -> None:
    """Says what keeps the action from being added (DOM-01) or shared (PUB-01)."""
    taken = {domain.strip().lower() for domain in reading.domains}
    if reading.host and reading.host in taken:
        reading.say(
            "DOM-01",
            "fatal",
            f"Action sets cannot have duplicate domains - {reading.host} already exists on another action",
            "/servers",
            said(
                "A GPT has one action a host. Put all operations of %(host)s into one document, or change the other "
                "action.",
                host=short(reading.host),
            ),
            layer="browser",
            confidence="B",
        )
    if reading.public and address(reading.privacy_url) is None:
        reading.say(
            "PUB-01",
            "publish",
            "Public actions require valid privacy policy URLs",
            "",
            said(
                "The action works for you. To share the GPT by link or in the store, give the address of a privacy "
                "policy in the action's settings."
            ),
            layer="browser",
            confidence="B",
        )
