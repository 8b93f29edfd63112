"""Where an action of this studio lives: the base URL under which ChatGPT would know it, and what is served there."""

from __future__ import annotations

from urllib.parse import urlsplit

from actionstudio.apps.design import newest
from actionstudio.apps.publishing.models import Address, Revision
from actionstudio.apps.publishing.outside import flaw
from actionstudio.apps.publishing.source import base_urls
from actionstudio.apps.simulator.models import Action
from actionstudio.core.contract import Contract


def base_of(address: Address) -> str:
    """The base URL to give to ChatGPT: the first that it can use, else the first."""
    return min(base_urls(address.name, address.domain), key=lambda url: bool(flaw(url)))


def where(action: Action) -> str:
    """Whose document an action took: the document's URL, or the address's."""
    return action.url or base_of(action.address)


def served(address: Address) -> tuple[Contract, int]:
    """What the address promises now, and the number of that version."""
    if address.pinned is not None:
        return address.pinned.contract(), address.pinned.number
    number = Revision.objects.filter(project=address.project_id).values_list("number", flat=True).first()
    return newest.contract(address.project), number or 0


def host_of(url: str) -> str:
    """The host of a URL in lower case, "" when it has none."""
    try:
        return (urlsplit(url).hostname or "").lower()
    except ValueError:
        return ""
