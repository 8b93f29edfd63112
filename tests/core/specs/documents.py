"""OpenAPI documents for the tests: one with everything in it, and a large made one."""

EVERYTHING = {
    "openapi": "3.1.0",
    "info": {
        "title": "Everything",
        "version": "2.1",
        "summary": "All of OpenAPI",
        "description": "Line one.\n\n- a list\n",
        "termsOfService": "https://example.com/terms",
        "contact": {"name": "Ann", "email": "ann@example.com", "x-team": "core"},
        "license": {"name": "MIT", "identifier": "MIT"},
        "x-logo": {"url": "https://example.com/logo.png"},
    },
    "jsonSchemaDialect": "https://spec.openapis.org/oas/3.1/dialect/base",
    "servers": [
        {"url": "https://{region}.example.com", "description": "Main", "variables": {"region": {"default": "eu"}}}
    ],
    "tags": [{"name": "items", "description": "Things", "externalDocs": {"url": "https://example.com"}}],
    "externalDocs": {"url": "https://example.com/docs"},
    "security": [{"key": []}],
    "x-top": {"deep": [1, 2.5, None, True]},
    "paths": {
        "x-paths": "kept",
        "/items/{id}": {
            "summary": "One item",
            "description": "Path level",
            "servers": [{"url": "https://items.example.com"}],
            "parameters": [{"name": "id", "in": "path", "required": True, "schema": {"type": "integer"}}],
            "x-item": 1,
            "get": {
                "operationId": "getItem",
                "summary": "Get",
                "description": "Get one item",
                "tags": ["items"],
                "deprecated": True,
                "externalDocs": {"url": "https://example.com/get"},
                "x-openai-isConsequential": False,
                "x-rate": 5,
                "servers": [{"url": "https://get.example.com"}],
                "security": [],
                "parameters": [
                    {"$ref": "#/components/parameters/Limit", "description": "Beside"},
                    {
                        "name": "filter",
                        "in": "query",
                        "style": "deepObject",
                        "explode": True,
                        "allowReserved": True,
                        "schema": {"type": "object", "properties": {"a": {"type": "string"}}},
                        "examples": {
                            "one": {"summary": "One", "description": "d", "value": {"a": "x"}},
                            "two": {"$ref": "#/components/examples/Two"},
                            "far": {"externalValue": "https://example.com/far.json"},
                            "null": {"value": None},
                        },
                    },
                    {"name": "q", "in": "query", "content": {"application/json": {"schema": {"type": "array"}}}},
                    {"name": "X-Trace", "in": "header", "explode": False, "schema": {"type": "string"}, "example": "t"},
                ],
                "responses": {
                    "200": {
                        "description": "OK",
                        "headers": {
                            "X-Total": {"description": "n", "required": True, "schema": {"type": "integer"}, "x-h": 1},
                            "X-Ref": {"$ref": "#/components/headers/Rate"},
                        },
                        "content": {
                            "application/json": {
                                "schema": {"$ref": "#/components/schemas/Item"},
                                "example": {"id": 1},
                                "x-media": 2,
                            },
                            "text/plain": {"schema": {"type": "string"}, "examples": {"a": {"value": "b"}}},
                        },
                        "links": {"self": {"operationId": "getItem", "parameters": {"id": "$response.body#/id"}}},
                        "x-response": True,
                    },
                    "4XX": {"$ref": "#/components/responses/Error"},
                    "default": {"description": "Else"},
                    "x-responses": [1],
                },
            },
            "put": {
                "requestBody": {
                    "description": "New",
                    "required": True,
                    "x-body": 1,
                    "content": {
                        "multipart/form-data": {
                            "schema": {"type": "object", "properties": {"file": {"type": "string"}}},
                            "encoding": {"file": {"contentType": "image/png", "headers": {"X-A": {"schema": {}}}}},
                        }
                    },
                },
                "responses": {"204": {"description": ""}},
                "callbacks": {"done": {"{$request.body#/url}": {"post": {"responses": {"200": {"description": "o"}}}}}},
            },
        },
        "/items": {"post": {"operationId": "make", "requestBody": {"$ref": "#/components/requestBodies/New"}}},
        "/empty": {},
        "/only-parameters": {"parameters": [{"$ref": "#/components/parameters/Limit"}]},
    },
    "webhooks": {"changed": {"post": {"requestBody": {"content": {"application/json": {"schema": True}}}}}},
    "components": {
        "schemas": {
            "Item": {
                "type": ["object", "null"],
                "required": ["id"],
                "properties": {
                    "id": {"type": "integer", "exclusiveMinimum": 0},
                    "parent": {"$ref": "#/components/schemas/Item", "description": "Up"},
                },
                "discriminator": {"propertyName": "kind", "mapping": {"a": "#/components/schemas/Anything"}},
                "xml": {"name": "item"},
                "externalDocs": {"url": "https://example.com"},
                "examples": [{"id": 1}],
            },
            "Anything": True,
        },
        "parameters": {"Limit": {"name": "limit", "in": "query", "schema": {"type": "integer"}}},
        "responses": {"Error": {"description": "No", "content": {"application/json": {"schema": {"type": "object"}}}}},
        "requestBodies": {"New": {"content": {"application/json": {"schema": {"$ref": "#/components/schemas/Item"}}}}},
        "headers": {"Rate": {"schema": {"type": "integer"}}},
        "examples": {"Two": {"summary": "2", "value": {"a": "y"}}},
        "securitySchemes": {
            "key": {"type": "apiKey", "in": "header", "name": "X-Key", "description": "Ask us"},
            "oauth": {"type": "oauth2", "flows": {"implicit": {"authorizationUrl": "https://e.com", "scopes": {}}}},
        },
        "links": {"L": {"operationId": "getItem"}},
        "callbacks": {"C": {"$ref": "#/components/callbacks/D"}, "D": {}},
        "pathItems": {"P": {"get": {"responses": {"200": {"description": "OK"}}}}},
        "x-components": 1,
    },
}


def large(operations: int = 500, fields: int = 22, version: str = "3.0.3") -> dict:
    """A document as real ones are: shared schemas, long descriptions, several responses each."""
    text = "Returns the records that the caller may see, newest first, with everything that belongs to them. "
    schemas = {}
    for number in range(operations):
        properties = {
            f"field_{index}": {
                "type": ("string", "integer", "boolean", "number")[index % 4],
                "description": f"The field {index} of record {number}: {text}",
                "nullable": index % 5 == 0,
            }
            for index in range(fields)
        }
        properties["next"] = {"$ref": f"#/components/schemas/Record{(number + 1) % operations}"}
        schemas[f"Record{number}"] = {"type": "object", "required": ["field_0"], "properties": properties}
    paths = {}
    for number in range(operations):
        ref = {"$ref": f"#/components/schemas/Record{number}"}
        content = {"application/json": {"schema": ref, "example": {"field_0": f"value {number}", "field_1": number}}}
        paths[f"/records/{number}/{{record_id}}"] = {
            "post": {
                "operationId": f"changeRecord{number}",
                "summary": f"Change the record {number}",
                "description": text * 3,
                "tags": [f"group{number % 20}"],
                "parameters": [
                    {"name": "record_id", "in": "path", "required": True, "schema": {"type": "string"}},
                    {"name": "limit", "in": "query", "description": text, "schema": {"type": "integer", "minimum": 1}},
                ],
                "requestBody": {"required": True, "content": content},
                "responses": {
                    "200": {"description": "OK", "content": content},
                    "404": {
                        "description": "Not found",
                        "content": {"application/json": {"schema": {"type": "object"}}},
                    },
                },
            }
        }
    return {
        "openapi": version,
        "info": {"title": "Large", "version": "1.0.0"},
        "paths": paths,
        "components": {"schemas": schemas},
    }
