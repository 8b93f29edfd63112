"""The words of an OpenAPI document, kind by kind, for completion: which keys an object has, and what each key takes.

OpenAPI 3.1.0, sections 4.8.1 to 4.8.30; JSON Schema 2020-12. A value is written as one short text:

- ``kind``, ``[kind``, ``{kind``: an object, a list, or a map of objects of that kind (KINDS);
- ``=a|b``: one of these words; ``[=a|b``: a list of them; ``{=a|b``: a map whose keys are usually these, of that kind
  after a colon (``{response:200|404``);
- ``@names``: a name that the document itself has (NAMES); ``""``: anything.
"""

from __future__ import annotations

from typing import Any

from actionstudio.core.specs import grammar

type JSON = Any

FLAG = "=true|false"
_TYPES = "=string|number|integer|boolean|object|array|null"
_FORMATS = (
    "=date|date-time|time|duration|email|uuid|uri|hostname|ipv4|ipv6|int32|int64|float|double|byte|binary|password"
)
_MEDIA = "{media:application/json|text/plain|application/x-www-form-urlencoded|multipart/form-data"
_RESPONSES = "{response:200|201|204|400|401|403|404|409|422|429|500|default"
_STYLES = "=form|simple|label|matrix|spaceDelimited|pipeDelimited|deepObject"
_TEXTS = {"summary": "", "description": ""}
_EXAMPLES = {"example": "", "examples": "{example"}
_SCHEMAS = dict.fromkeys(
    ("items", "additionalProperties", "not", "contains", "propertyNames", "if", "then", "else"), "schema"
)

KINDS: dict[str, dict[str, str]] = {
    "document": {
        "openapi": "=3.1.0",
        "info": "info",
        "servers": "[server",
        "tags": "[tag",
        "security": "[security",
        "paths": "{path_item:/",
        "components": "components",
        "webhooks": "{path_item",
        "externalDocs": "docs",
    },
    "info": {
        "title": "",
        **_TEXTS,
        "version": "=1.0.0",
        "contact": "contact",
        "license": "license",
        "termsOfService": "",
    },
    "contact": {"name": "", "url": "", "email": ""},
    "license": {"name": "", "identifier": "", "url": ""},
    "server": {"url": "=https://", "description": "", "variables": "{variable"},
    "variable": {"default": "", "enum": "", "description": ""},
    "tag": {"name": "", "description": "", "externalDocs": "docs"},
    "docs": {"url": "=https://", "description": ""},
    "security": {},
    "components": {
        "schemas": "{schema",
        "responses": "{response",
        "parameters": "{parameter",
        "requestBodies": "{body",
        "headers": "{header",
        "examples": "{example",
        "securitySchemes": "{scheme",
        "links": "{link",
        "callbacks": "{callback",
        "pathItems": "{path_item",
    },
    "path_item": {
        **dict.fromkeys(("get", "post", "put", "patch", "delete", "head", "options", "trace"), "operation"),
        **_TEXTS,
        "parameters": "[parameter",
        "servers": "[server",
        "$ref": "@pathItems",
    },
    "operation": {
        "operationId": "",
        **_TEXTS,
        "x-openai-isConsequential": FLAG,
        "parameters": "[parameter",
        "requestBody": "body",
        "responses": _RESPONSES,
        "tags": "[@tags",
        "security": "[security",
        "deprecated": FLAG,
        "callbacks": "{callback",
        "servers": "[server",
        "externalDocs": "docs",
    },
    "parameter": {
        "name": "",
        "in": "=query|path|header|cookie",
        "required": FLAG,
        "description": "",
        "schema": "schema",
        "style": _STYLES,
        "explode": FLAG,
        "deprecated": FLAG,
        "allowReserved": FLAG,
        **_EXAMPLES,
        "content": _MEDIA,
        "$ref": "@parameters",
    },
    "header": {
        "description": "",
        "required": FLAG,
        "schema": "schema",
        "deprecated": FLAG,
        **_EXAMPLES,
        "content": _MEDIA,
        "$ref": "@headers",
    },
    "body": {"description": "", "required": FLAG, "content": _MEDIA, "$ref": "@requestBodies"},
    "response": {
        "description": "",
        "content": _MEDIA,
        "headers": "{header",
        "links": "{link",
        "$ref": "@responses",
    },
    "media": {"schema": "schema", **_EXAMPLES, "encoding": "{encoding", "itemSchema": "schema"},
    "encoding": {
        "contentType": "",
        "headers": "{header",
        "style": _STYLES,
        "explode": FLAG,
        "allowReserved": FLAG,
    },
    "example": {**_TEXTS, "value": "", "externalValue": "", "$ref": "@examples"},
    "link": {
        "operationId": "@operations",
        "operationRef": "",
        "parameters": "",
        "requestBody": "",
        "description": "",
        "$ref": "@links",
    },
    "callback": {},
    "scheme": {
        "type": "=apiKey|http|oauth2|openIdConnect",
        "description": "",
        "name": "",
        "in": "=header|query|cookie",
        "scheme": "=bearer|basic",
        "bearerFormat": "",
        "flows": "flows",
        "openIdConnectUrl": "=https://",
        "$ref": "@securitySchemes",
    },
    "flows": dict.fromkeys(("authorizationCode", "clientCredentials", "implicit", "password"), "flow"),
    "flow": {"authorizationUrl": "=https://", "tokenUrl": "=https://", "refreshUrl": "=https://", "scopes": "{"},
    "schema": {
        "type": _TYPES,
        "properties": "{schema",
        "required": "",
        "items": "schema",
        "enum": "",
        "description": "",
        "format": _FORMATS,
        "title": "",
        "default": "",
        "example": "",
        "examples": "",
        "const": "",
        **dict.fromkeys(("minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum", "multipleOf"), ""),
        **dict.fromkeys(("minLength", "maxLength", "minItems", "maxItems", "minProperties", "maxProperties"), ""),
        "pattern": "",
        "uniqueItems": FLAG,
        "additionalProperties": "schema",
        **dict.fromkeys(("oneOf", "anyOf", "allOf", "prefixItems"), "[schema"),
        **{key: kind for key, kind in _SCHEMAS.items() if key not in ("items", "additionalProperties")},
        "patternProperties": "{schema",
        "readOnly": FLAG,
        "writeOnly": FLAG,
        "deprecated": FLAG,
        "discriminator": "discriminator",
        "$defs": "{schema",
        "$ref": "@schemas",
    },
    "discriminator": {"propertyName": "", "mapping": ""},
}
SECTIONS = tuple(KINDS["components"])
NAMES = (*SECTIONS, "operations", "tags", "scopes")
_MOST = 2000  # names of a kind: more would not be looked through


def names(document: JSON) -> dict[str, JSON]:
    """What a document itself names (NAMES): references to its components, its operations and tags, scopes by scheme."""
    found: dict[str, JSON] = {}
    shared = _object(_object(document).get("components"))
    for section in SECTIONS:
        found[section] = [f"#/components/{section}/{name}" for name in list(_object(shared.get(section)))[:_MOST]]
    operations: list[str] = []
    for _at, kind, node in grammar.walk("document", document):
        name = node.get("operationId") if kind == "operation" and isinstance(node, dict) else None
        if isinstance(name, str) and len(operations) < _MOST:
            operations.append(name)
    tags = _object(document).get("tags")
    listed = [tag.get("name") for tag in tags if isinstance(tag, dict)] if isinstance(tags, list) else []
    schemes = _object(shared.get("securitySchemes"))
    scopes = {name: _scopes(scheme) for name, scheme in schemes.items()}
    return {
        **found,
        "operations": operations,
        "tags": [tag for tag in listed if isinstance(tag, str)],
        "scopes": scopes,
    }


def _scopes(scheme: JSON) -> list[str]:
    flows = _object(_object(scheme).get("flows"))
    return list(dict.fromkeys(name for flow in flows.values() for name in _object(_object(flow).get("scopes"))))


def _object(value: JSON) -> dict[str, JSON]:
    return value if isinstance(value, dict) else {}
