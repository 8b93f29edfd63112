"""A contract with its references followed: what each operation really takes and answers.

Only references inside the contract are followed; a circle or a dead end yields nothing instead of an error.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from typing import Any

from actionstudio.core.auth import ApiKey, Declared, OAuth, ServiceHttp, UserHttp
from actionstudio.core.contract import Body, Contract, Example, Header, Media, Operation, Parameter, Response
from actionstudio.core.schemas import refs
from actionstudio.core.specs import pointers
from actionstudio.core.specs.readers import parts
from actionstudio.core.specs.readers.notes import Notes

type JSON = Any
type Requirement = Mapping[str, JSON]


class Resolver:
    """Answers for one contract. Cheap to make; remembers the parameters of paths it was asked for."""

    def __init__(self, contract: Contract) -> None:
        self.contract = contract
        self.components: dict[str, JSON] = contract.schemas()
        others = contract.extra.get("components")
        self._shared = {**(others if isinstance(others, dict) else {}), "schemas": self.components}
        self._whole: dict[str, JSON] | None = None
        self._path_level: dict[str, tuple[Parameter, ...]] = {}

    def find(self, ref: str) -> JSON:
        """What ``ref`` points to, through further references; pointers.MISSING when nothing does."""
        seen: set[str] = set()
        while ref not in seen and len(seen) < pointers.STEPS:
            seen.add(ref)
            node = pointers.find(self._document(ref), ref)
            if not parts.reference(node):
                return node
            ref = node["$ref"]
        return pointers.MISSING

    def exists(self, ref: str) -> bool:
        """Whether something stands where ``ref`` points (a circle of references is something)."""
        return pointers.find(self._document(ref), ref) is not pointers.MISSING

    def _document(self, ref: str) -> JSON:
        """The shared parts, which nearly every reference points to, or else the whole document."""
        if ref.startswith("#/components/"):
            return {"components": self._shared}
        if not pointers.is_local(ref):
            return {}
        if self._whole is None:
            from actionstudio.core.specs import openapi

            self._whole = openapi.render(self.contract, profile="full", servers=())
        return self._whole

    def parameters(self, op: Operation) -> tuple[Parameter, ...]:
        """All parameters of ``op``: those of its path first, its own where both name the same; references followed."""
        found: dict[tuple[str, str], Parameter] = {}
        for written in (*self._of_path(op.path), *op.parameters):
            parameter = self.parameter(written)
            if parameter is not None:
                found[parameter.in_, parameter.name] = parameter
        return tuple(found.values())

    def _of_path(self, path: str) -> tuple[Parameter, ...]:
        if path not in self._path_level:
            item = self.contract.path_items.get(path)
            raw = item.get("parameters") if isinstance(item, dict) else None
            self._path_level[path] = parts.parameters(raw, Notes(), "")
        return self._path_level[path]

    def parameter(self, value: Parameter) -> Parameter | None:
        """The parameter itself when ``value`` only points to it; None when it points nowhere."""
        found: Parameter | None = value
        if value.ref:
            found = parts.parameter(self.find(value.ref), Notes(), "")
            if found is not None and isinstance(value.extra.get("description"), str):
                found = dataclasses.replace(found, description=value.extra["description"])
        if found is None or found.ref:
            return None
        return self._with_examples(found)

    def body(self, op: Operation) -> Body | None:
        """The request body of ``op``, its reference followed."""
        found = op.body
        if found is not None and found.ref:
            found = parts.body(self.find(found.ref), Notes(), "")
        return None if found is None or found.ref else self._with_content(found)

    def responses(self, op: Operation) -> tuple[Response, ...]:
        """The responses of ``op``, references followed; one that points nowhere is an empty response."""
        return tuple(self.response(response) for response in op.responses)

    def response(self, value: Response) -> Response:
        """The response itself when ``value`` only points to it."""
        if not value.ref:
            return self._with_content(value)
        raw = self.find(value.ref)
        found = parts.response(value.status, raw, Notes(), "") if isinstance(raw, dict) else None
        return Response(value.status) if found is None or found.ref else self._with_content(found)

    def headers(self, response: Response) -> tuple[Header, ...]:
        """The headers a response declares, references followed; one that points nowhere is left out."""
        found = []
        for header in self.response(response).headers:
            made: Header | None = header
            if header.ref:
                made = parts.header(header.name, self.find(header.ref), Notes(), "")
            if made is not None and not made.ref:
                found.append(self._with_examples(made))
        return tuple(found)

    def schema(self, schema: JSON) -> JSON:
        """``schema`` with its outermost ``$ref`` followed, what stands beside it added. Dead ends yield ``{}``."""
        seen: set[str] = set()
        beside: dict[str, JSON] = {}
        while parts.reference(schema):
            ref = schema["$ref"]
            if ref in seen or len(seen) >= pointers.STEPS:
                return beside
            seen.add(ref)
            beside = {**{key: value for key, value in schema.items() if key != "$ref"}, **beside}
            schema = pointers.find(self._document(ref), ref)
        if not isinstance(schema, dict):
            return schema if isinstance(schema, bool) else beside
        return {**schema, **beside} if beside else schema

    def needed(self, schema: JSON) -> dict[str, JSON]:
        """The shared schemas that ``schema`` needs, also by way of others."""
        return refs.reachable(schema, self.components)

    def named_anywhere(self) -> set[str]:
        """The shared schemas that something in the whole document refers to (others' references included)."""
        contract = self.contract
        found: set[str] = set()
        for schema in self.components.values():
            found |= refs.direct(schema)
        mapped = (
            schema for schema in self.components.values() if isinstance(schema, dict) and "discriminator" in schema
        )
        stack: list[Any] = [
            contract.operations,
            contract.path_items,
            contract.extra,
            *(m["discriminator"] for m in mapped),
        ]
        while stack:
            value = stack.pop()
            if isinstance(value, str):
                if value.startswith(refs.PREFIX):
                    found.add(refs.name_of(value) or "")
            elif isinstance(value, Mapping):
                stack.extend(item for item in value.values() if isinstance(item, str | Mapping | list | tuple))
                mapping = value.get("mapping")
                found.update(mapping.values() if isinstance(mapping, Mapping) and "propertyName" in value else ())
            elif isinstance(value, list | tuple):
                stack.extend(value)
            elif dataclasses.is_dataclass(value):
                stack.extend(getattr(value, name.name) for name in dataclasses.fields(value))
        return found

    def security(self, op: Operation) -> tuple[Requirement, ...]:
        """What a call of ``op`` must prove: any one of these requirements. () means nothing."""
        auth = self.contract.auth
        if isinstance(auth, ApiKey | ServiceHttp | UserHttp):
            return () if op.security == () else ({auth.scheme_name: []},)
        if isinstance(auth, OAuth):
            return () if op.security == () else ({auth.scheme_name: list(scopes_of(op, auth))},)
        if isinstance(auth, Declared):
            return (self.contract.security or ()) if op.security is None else op.security
        return ()

    def schemes(self, base: str = "") -> dict[str, JSON]:
        """The security schemes in force, by name (OpenAPI 3.1.0, section 4.8.27), as :func:`scheme_of` writes them."""
        auth = self.contract.auth
        declared = self._shared.get("securitySchemes")
        declared = declared if isinstance(declared, dict) else {}
        if isinstance(auth, ApiKey | ServiceHttp | UserHttp | OAuth):
            ours, theirs = scheme_of(auth, base), declared.get(auth.scheme_name)
            kept = theirs if isinstance(theirs, dict) and theirs.get("type") == ours["type"] else {}
            if str(kept.get("scheme", "")).lower() == ours.get("scheme"):
                return {auth.scheme_name: kept}  # "Bearer" may stay as it was written (RFC 9110, section 11.1)
            return {auth.scheme_name: {**kept, **ours}}
        if isinstance(auth, Declared):
            return {name: self._scheme(raw) for name, raw in declared.items() if isinstance(raw, dict)}
        return {}

    def _scheme(self, raw: dict[str, JSON]) -> JSON:
        ref = parts.reference(raw)
        target = self.find(ref) if ref else raw
        return target if isinstance(target, dict) else {}

    def _with_content[T: (Body, Response)](self, value: T) -> T:
        if not any(example.extra.get("$ref") for media in value.content for example in media.examples):
            return value
        content = tuple(self._with_examples(media) for media in value.content)
        return dataclasses.replace(value, content=content)

    def _with_examples[T: (Media, Header, Parameter)](self, value: T) -> T:
        """References of examples followed; one that points nowhere is left out."""
        if not any(example.extra.get("$ref") for example in value.examples):
            return value
        found = (self._example(example) for example in value.examples)
        return dataclasses.replace(value, examples=tuple(example for example in found if example is not None))

    def _example(self, example: Example) -> Example | None:
        ref = example.extra.get("$ref")
        if not isinstance(ref, str):
            return example
        raw = self.find(ref)
        if not isinstance(raw, dict) or "value" not in raw:
            return None
        summary = raw.get("summary")
        return Example(example.key, raw["value"], summary if isinstance(summary, str) else "")


def scheme_of(auth: ApiKey | ServiceHttp | UserHttp | OAuth, base: str = "") -> dict[str, JSON]:
    """The security scheme object that says what ``auth`` asks for (OpenAPI 3.1.0, section 4.8.27).

    The URLs of the project's own provider stand below ``base``, the URL of the address at which the document is served:
    whole, because ChatGPT takes no relative ones, and because a leading slash would leave a base that has a path (RFC
    3986, section 5.2.2). Without ``base`` they are relative.
    """
    if isinstance(auth, OAuth):
        authorize, token = auth.urls(base)
        flow = {
            "authorizationUrl": authorize,
            "tokenUrl": token,
            "scopes": {scope.name: scope.sentence for scope in auth.scopes},
        }
        return {"type": "oauth2", "flows": {"authorizationCode": flow}}
    if isinstance(auth, ApiKey) and auth.scheme == "header":
        return {"type": "apiKey", "in": "header", "name": auth.header}
    return {"type": "http", "scheme": auth.scheme if isinstance(auth, ApiKey) else auth.authorization_type}


def scopes_of(op: Operation, auth: OAuth) -> tuple[str, ...]:
    """The scopes that ``op`` asks for, all of them: those that its ``security`` names for the project's scheme."""
    for requirement in op.security or ():
        if auth.scheme_name in requirement:
            return tuple(map(str, requirement[auth.scheme_name] or ()))
    return ()
