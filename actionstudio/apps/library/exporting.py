"""A project as a file: the bundle that comes back in whole, or a document of it."""

from collections.abc import Callable
from dataclasses import dataclass

import orjson

from actionstudio.apps.design import load
from actionstudio.apps.library import bundle
from actionstudio.apps.projects.models import Project
from actionstudio.apps.publishing.source import base_urls
from actionstudio.core.specs import manifest, openapi


@dataclass(frozen=True, slots=True)
class File:
    """A file to download."""

    name: str
    media_type: str
    content: bytes


def _bundle(project: Project) -> File:
    content = bundle.pack(project, load.contract(project))
    return File(f"{project.slug}.action-studio.zip", bundle.MEDIA_TYPE, content)


def _document(profile: str, kind: str) -> Callable[[Project], File]:
    def file(project: Project) -> File:
        document = openapi.render(load.contract(project), profile=profile, servers=_servers(project))
        name = f"{project.slug}{'.gpt' if profile == 'gpt' else ''}.openapi.{kind}"
        if kind == "json":
            return File(name, "application/json", openapi.to_json(document))
        return File(name, "application/yaml", openapi.to_yaml(document).encode())

    return file


def _manifest(project: Project) -> File:
    document = manifest.render(load.contract(project), base_url=_servers(project)[0])
    return File("ai-plugin.json", "application/json", orjson.dumps(document, option=orjson.OPT_INDENT_2))


def _servers(project: Project) -> list[str]:
    """Where the primary address answers first."""
    address = project.addresses.first()
    return [base_urls(address.name, address.domain)[0]] if address else []


FORMATS: dict[str, Callable[[Project], File]] = {
    "bundle": _bundle,
    "openapi-json": _document("full", "json"),
    "openapi-yaml": _document("full", "yaml"),
    "gpt-json": _document("gpt", "json"),
    "gpt-yaml": _document("gpt", "yaml"),
    "ai-plugin": _manifest,
}
