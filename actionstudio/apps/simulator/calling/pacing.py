"""How often a domain has failed of late, for one project: kept where all workers see it when there is a Redis."""

import time

from django.core.cache import cache

from actionstudio.apps.projects.models import Project
from actionstudio.core.chatgpt import pacing

_MOST = 20  # failures remembered


def _key(project: Project, domain: str) -> str:
    return f"simulator-failures-{project.pk}-{domain[:150].encode().hex()}"


def hold(project: Project, domain: str) -> float:
    """Seconds for which calls to the domain are held back still."""
    return pacing.hold(cache.get(_key(project, domain), ()), time.time())


def count(project: Project, domain: str, status: int) -> None:
    """Remembers an answer when it is one that makes ChatGPT hold back."""
    if pacing.failing(status):
        now = time.time()
        known = pacing.remembered(cache.get(_key(project, domain), ()), now)
        cache.set(_key(project, domain), (*known, now)[-_MOST:], int(pacing.WITHIN) * 2)


def forget(project: Project, domain: str) -> None:
    """Begins anew: a person wants to call all the same."""
    cache.delete(_key(project, domain))
