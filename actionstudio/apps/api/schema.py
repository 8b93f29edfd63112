"""The API's own OpenAPI document: what drf-spectacular finds, with our errors added to every operation."""

from functools import cache
from typing import Any

from drf_spectacular.generators import SchemaGenerator
from drf_spectacular.openapi import AutoSchema

from actionstudio.apps.api import answer_shapes
from actionstudio.apps.api.problems import MEDIA_TYPE

ERRORS = {
    "400": "The request makes no sense; `errors` says what and where.",
    "401": "No token, or one that is unknown, revoked or expired.",
    "403": "A session without its CSRF token.",
    "404": "There is no such thing, or it is not yours.",
    "405": "This resource does not know that method.",
    "406": "No media type of `Accept` can be written.",
    "409": "It cannot be done in the present state of things.",
    "413": "The body is too large.",
    "415": "The body is of another media type.",
    "422": "The document cannot be used.",
}
_TEXT = {"type": "string"}
PROBLEM = {
    "type": "object",
    "description": "Every error of this API.",
    "required": ["type", "title", "status", "detail", "errors"],
    "properties": {
        "type": _TEXT,
        "title": _TEXT,
        "status": {"type": "integer"},
        "detail": _TEXT,
        "errors": {
            "type": "array",
            "description": "What is wrong and where: a JSON Pointer into the body, or ?name of a query parameter.",
            "items": {
                "type": "object",
                "required": ["pointer", "code", "message"],
                "properties": {"pointer": _TEXT, "code": _TEXT, "message": _TEXT},
            },
        },
    },
}
PLAIN = ("400", "401", "403", "404", "405", "406")
WITH_BODY = ("409", "413", "415")
READING = ("projects_import", "chatgpt_import", "check")  # operations that fetch or read a document


class Schema(AutoSchema):
    """Groups operations by the file that holds them."""

    def get_tags(self) -> list[str]:
        return [type(self.view).__module__.rpartition(".")[2]]

    def get_filter_parameters(self):
        return []  # cursor and limit are declared where they are read

    def _get_paginator(self):
        return None if self.method != "GET" else super()._get_paginator()


def add_problems(result: dict[str, Any], generator, request, public) -> dict[str, Any]:
    """drf-spectacular's post-processing hook: every operation may answer with a problem."""
    result["components"]["schemas"] |= {"ProblemShape": PROBLEM, **answer_shapes.schemas()}
    for path in result["paths"].values():
        for method, operation in path.items():
            codes = [*PLAIN, *(WITH_BODY if method in ("post", "put", "patch") else ())]
            codes += ["422"] if operation["operationId"] in READING else []
            codes += ["409"] if method == "delete" else []
            for code in codes:
                content = {MEDIA_TYPE: {"schema": {"$ref": "#/components/schemas/ProblemShape"}}}
                operation["responses"].setdefault(code, {"description": ERRORS[code], "content": content})
    return result


@cache
def document() -> dict[str, Any]:
    """The schema, made once a process."""
    return SchemaGenerator().get_schema(request=None, public=True)
