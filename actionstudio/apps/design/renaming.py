"""A shared schema gets another name: everything that refers to it follows. And who refers to what."""

import re
from collections import defaultdict
from dataclasses import dataclass
from typing import Any

from django.db.models import TextField
from django.db.models.functions import Cast

from actionstudio.apps.design.models import Component, Draft
from actionstudio.apps.projects.models import Project
from actionstudio.core.schemas import refs

_REF = re.compile(r'"#/components/schemas/((?:[^"\\/]|\\.)+)')
_JSON = ("parameters", "body", "responses", "extra")
_DOCUMENT = ("path_items", "extra")


@dataclass(frozen=True)
class Use:
    """One place that refers to a shared schema: an operation, a shared schema ("schema"), or the document."""

    kind: str
    label: str
    ref: str = ""
    pk: int = 0


def uses(project: Project) -> dict[str, list[Use]]:
    """Who refers to each shared schema. Three queries; the JSON is searched as text, not parsed."""
    found: dict[str, list[Use]] = defaultdict(list)
    texts = {f"{name}_text": Cast(name, TextField()) for name in _JSON}
    for row in project.operations.annotate(**texts).values("pk", "method", "path", "operation_id", *texts):
        use = Use("operation", f"{row['method']} {row['path']}", row["operation_id"], row["pk"])
        for name in _names("".join(row[text] or "" for text in texts)):
            found[name].append(use)
    for name, text in project.components.annotate(text=Cast("schema", TextField())).values_list("name", "text"):
        for other in _names(text):
            found[other].append(Use("schema", name, name))
    rest = type(project.document).objects.filter(project=project)
    rest = rest.annotate(**{f"{name}_text": Cast(name, TextField()) for name in _DOCUMENT})
    for row in rest.values(*(f"{name}_text" for name in _DOCUMENT)):
        for name in _names("".join(row.values())):
            found[name].append(Use("document", "", ""))
    return found


def _names(text: str) -> set[str]:
    return {refs.unescape(name.replace("\\/", "/")) for name in _REF.findall(text)}


def rename(project: Project, old: str, new: str) -> None:
    """Call inside ``editing``. Rows that do not mention the name are not touched; open drafts follow too."""
    for row in project.operations.all():
        _follow(row, _JSON, old, new)
    for row in project.components.all():
        schema = refs.rename_ref(row.schema, old, new)
        if schema != row.schema:
            Component.objects.filter(pk=row.pk).update(schema=schema)
    _follow(project.document, _DOCUMENT, old, new)
    for draft in project.drafts.all():
        state = renamed_state(draft.state, old, new)
        if state != draft.state:
            Draft.objects.filter(pk=draft.pk).update(state=state)


def _follow(row: Any, columns: tuple[str, ...], old: str, new: str) -> None:
    changed = []
    for name in columns:
        value = renamed(getattr(row, name), old, new)
        if value != getattr(row, name):
            setattr(row, name, value)
            changed.append(name)
    if changed:
        row.save(update_fields=changed)


def renamed(value: Any, old: str, new: str) -> Any:
    """``value`` (parameters, bodies, responses, path items ...) with every schema in it following the new name."""
    if isinstance(value, list):
        return [renamed(item, old, new) for item in value]
    if not isinstance(value, dict):
        return value
    return {
        name: refs.rename_ref(item, old, new)
        if name in ("schema", "schemas")
        else item
        if name in ("examples", "example", "value")
        else renamed(item, old, new)
        for name, item in value.items()
    }


def renamed_state(value: Any, old: str, new: str) -> Any:
    """A draft's state with its rows' references following the new name."""
    if isinstance(value, list):
        return [renamed_state(item, old, new) for item in value]
    if isinstance(value, dict):
        out = {name: renamed_state(item, old, new) for name, item in value.items()}
        if out.get("ref") == old and "kind" in out:
            out["ref"] = new
        if refs.name_of(out.get("$ref")) == old:
            out["$ref"] = refs.ref_to(new)
        return out
    return value
