"""Contracts that ChatGPT would not take as they are."""

from actionstudio.core.contract import Body, Media, Parameter
from tests import make


def troubled():
    """A header parameter, which is silently lost; a list as a body, which drops its operation."""
    header = Parameter("X-Plan", "header", required=True, schema={"type": "string"})
    items = Media("application/json", {"type": "array", "items": {"type": "string"}})
    return make.contract(
        make.operation(path="/plain", summary="Plain"),
        make.operation(path="/headed", parameters=(header,), summary="Headed"),
        make.operation("POST", "/listed", body=Body(content=(items,)), summary="Listed"),
    )


WRONG = """openapi: 3.0.1
info: {title: Wrong, version: "1"}
servers: [{url: https://api.example.com}]
paths:
  /things:
    get:
      summary: No name
      responses:
        "200": {description: OK, content: {application/json: {schema: {type: object}}}}
    post:
      operationId: addThing
      parameters:
        - {$ref: '#/components/parameters/Plan'}
      responses: {"200": {description: OK}}
components:
  parameters:
    Plan: {name: X-Plan, in: header, schema: {type: string}}
"""
CLEAN = """openapi: 3.1.0
info: {title: Clean, version: "1"}
servers: [{url: https://api.example.com}]
paths:
  /things:
    get:
      operationId: listThings
      summary: All things
      responses: {"200": {description: OK}}
"""
