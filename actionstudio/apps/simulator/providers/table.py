"""The table of providers: which one answers for an endpoint, or without one."""

from __future__ import annotations

from django.utils.translation import get_language

from actionstudio.apps.projects.models import Project
from actionstudio.apps.simulator.endpoints import keeping
from actionstudio.apps.simulator.models import Endpoint
from actionstudio.apps.simulator.providers import chat_completions, responses, scripted
from actionstudio.apps.simulator.providers.dialect import Dialect
from actionstudio.apps.simulator.providers.faults import Fault
from actionstudio.apps.simulator.providers.provider import Provider
from actionstudio.apps.simulator.providers.remote import Remote

DIALECTS: dict[str, Dialect] = {
    Endpoint.Protocol.CHAT: chat_completions.DIALECT,
    Endpoint.Protocol.RESPONSES: responses.DIALECT,
}


def provider_of(endpoint: Endpoint | None, project: Project) -> Provider:
    """Who answers for ``endpoint``; None: the scripted model of the project. All that it needs of the database is read
    here, so that it can be asked in any thread. Raises ProviderError when the endpoint's key cannot be used."""
    return remote(endpoint) if endpoint is not None else scripted.Scripted(project)


def remote(endpoint: Endpoint) -> Remote:
    """The provider of an endpoint. Raises ProviderError."""
    try:
        target = keeping.target(endpoint)
    except Fault as fault:
        raise fault.told(keeping.bare(endpoint), get_language() or "en") from None
    return Remote(target, DIALECTS[endpoint.protocol])
