"""A project as a file: the bundle that comes back in whole, or a document of it."""

from collections.abc import Callable
from dataclasses import dataclass

import orjson
from django.utils.translation import gettext as _

from actionstudio.apps.design import load
from actionstudio.apps.library import bundle
from actionstudio.apps.projects.models import Project
from actionstudio.apps.publishing.source import base_urls
from actionstudio.core.problem import Problem, Refused
from actionstudio.core.specs import manifest, openapi, tools


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


def _tools(name: str, emit: Callable) -> Callable[..., File]:
    def file(project: Project, strict: bool = True) -> File:
        content = openapi.to_json(emit(tools.tools(load.contract(project)), strictly=strict))
        return File(f"{project.slug}.{name}.json", "application/json", content)

    return file


def _map(project: Project) -> File:
    made = tools.argument_map(tools.tools(load.contract(project)), server(project))
    return File(f"{project.slug}.openai-tools-map.json", "application/json", openapi.to_json(made))


def server(project: Project) -> str:
    """Where its primary address answers, "" without one."""
    return next(iter(_servers(project)), "")


def _servers(project: Project) -> list[str]:
    """Where the primary address answers first."""
    address = project.addresses.first()
    return [base_urls(address.name, address.domain)[0]] if address else []


FORMATS: dict[str, Callable[..., File]] = {
    "bundle": _bundle,
    "openapi-json": _document("full", "json"),
    "openapi-yaml": _document("full", "yaml"),
    "gpt-json": _document("gpt", "json"),
    "gpt-yaml": _document("gpt", "yaml"),
    "ai-plugin": _manifest,
    "openai-tools": _tools("openai-tools", tools.chat),
    "openai-responses-tools": _tools("openai-responses-tools", tools.responses),
    "openai-tools-map": _map,
}
TOOLS = ("openai-tools", "openai-responses-tools")  # they take ``strict``


def export(project: Project, name: str, strict: str = "") -> File:
    """The project in the format ``name``, a key of FORMATS. ``strict`` is what a request says of it.

    Tools ask for strict mode where it can be had; "0" switches that off. Raises Refused for what it cannot be.
    """
    if strict not in ("", "0", "1") or (strict and name not in TOOLS):
        known = ", ".join(TOOLS)
        message = _("“strict” is 0 or 1, and only %(names)s take it.") % {"names": known}
        raise Refused(Problem("?strict", message, "strict"))
    return FORMATS[name](project, strict=strict != "0") if name in TOOLS else FORMATS[name](project)
