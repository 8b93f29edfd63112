"""The addresses under which ChatGPT could import a project, and what is wrong with them as far as their text tells."""

from __future__ import annotations

from dataclasses import dataclass

from actionstudio.apps.projects.models import Project
from actionstudio.apps.publishing.outside import flaw
from actionstudio.apps.publishing.source import base_urls


@dataclass(frozen=True, slots=True)
class Reach:
    """One URL of the project. ``flaw`` is "" or why ChatGPT cannot use it: local, http, port or ip (SRV-02, SRV-05)."""

    url: str
    flaw: str

    @property
    def document(self) -> str:
        return f"{self.url}/openapi.json"


def of(project: Project) -> list[Reach]:
    """The URLs of the project's first address, those that ChatGPT can use first."""
    address = project.addresses.first()
    urls = base_urls(address.name, address.domain) if address else ()
    return sorted((Reach(url, flaw(url)) for url in urls), key=lambda one: bool(one.flaw))


def flaw_of(project: Project) -> str:
    """Why ChatGPT can use none of the project's URLs, "" when it can use one."""
    return next((one.flaw for one in of(project)), "local")


def best(project: Project) -> str:
    """The URL to give to ChatGPT, "" when the project has no address."""
    return next((one.url for one in of(project)), "")
