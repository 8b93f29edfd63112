"""What the editor's own page checks: domains of the GPT's actions, and the privacy policy."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from actionstudio.core import limits
from actionstudio.core.importer.checks.servers import address
from actionstudio.core.importer.reading import Reading, short
from actionstudio.core.words import said

NO_DOMAINS = "No domains are allowed by your workspace's settings."


def check(reading: Reading) -> None:
    """Says what keeps the action from being added, run or shared (DOM-01, DOM-03, PUB-01, PUB-02)."""
    _taken(reading)
    _allowed(reading)
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
    if reading.gpt is not None:
        of_gpt(reading, reading.gpt)


def _taken(reading: Reading) -> None:
    if reading.host and reading.host in {domain.strip().lower() for domain in reading.domains}:
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


def _allowed(reading: Reading) -> None:
    """The workspace's list of domains. One that is empty allows none."""
    if reading.allowed is None or not reading.host:
        return
    if allows(reading.allowed, reading.host):
        return
    host = short(reading.host)
    if any(domain.strip() for domain in reading.allowed):
        text = "Domains allowed by your workspace"
        told = said("%(host)s is not on the list that your workspace shows here; the action does not run.", host=host)
    else:
        text = NO_DOMAINS
        told = said("No action runs in this workspace until its owner allows a domain, such as %(host)s.", host=host)
    reading.say("DOM-03", "fatal", text, "/servers", told, layer="browser", confidence="A")


def allows(domains: Sequence[str], host: str) -> bool:
    """Whether a workspace's list of domains lets an action call a host: it holds the host, or a parent of it."""
    allowed = [domain.strip().lower() for domain in domains if domain.strip()]
    return any(host == domain or host.endswith(f".{domain}") for domain in allowed)


def of_workspace(reading: Reading) -> None:
    """What the workspace's list of domains means for a GPT, whatever its actions: an empty one stops them all."""
    if reading.allowed is not None and not any(domain.strip() for domain in reading.allowed):
        told = said("No action runs in this workspace until its owner allows a domain.")
        reading.say("DOM-03", "fatal", NO_DOMAINS, "", told, layer="browser", confidence="A")


def of_gpt(reading: Reading, gpt: Mapping[str, str]) -> None:
    """What is said of the GPT itself, whatever its action."""
    if not gpt.get("name", "").strip():
        told = said("The GPT has no name yet.")
        _unshared(reading, "GPT name cannot be empty", told, "B")
    if len(gpt.get("instructions", "")) > limits.INSTRUCTIONS:
        told = said("A GPT's instructions have at most %(most)s characters.", most=f"{limits.INSTRUCTIONS:,}")
        _unshared(reading, "GPT instructions too long", told, "D")
    if reading.public and not gpt.get("category"):
        told = said("A GPT in the store has a category. Choose one when you share it.")
        _unshared(reading, "Public GPTs must have a category", told, "B")


def _unshared(reading: Reading, text: str, told: str, sure: str) -> None:
    reading.say("PUB-02", "publish", text, "", told, layer="browser", confidence=sure, cause=f"PUB-02:{text}")
