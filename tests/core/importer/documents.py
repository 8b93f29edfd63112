"""A document that ChatGPT takes without a word, to be spoiled by tests."""


def document(**parts):
    """The document, with some of its parts replaced."""
    thing = {"$ref": "#/components/schemas/Thing"}
    return {
        "openapi": "3.1.0",
        "info": {"title": "Things", "version": "1"},
        "servers": [{"url": "https://api.example.com"}],
        "paths": {
            "/things": {
                "get": {
                    "operationId": "listThings",
                    "summary": "All things",
                    "parameters": [{"name": "q", "in": "query", "schema": {"type": "string"}}],
                    "responses": {
                        "200": {
                            "description": "OK",
                            "content": {"application/json": {"schema": {"type": "array", "items": thing}}},
                        }
                    },
                },
                "post": {
                    "operationId": "addThing",
                    "x-openai-isConsequential": False,
                    "requestBody": {"required": True, "content": {"application/json": {"schema": thing}}},
                    "responses": {"201": {"description": "Made"}},
                },
            },
            "/things/{id}": {
                "get": {
                    "operationId": "getThing",
                    "parameters": [{"name": "id", "in": "path", "required": True, "schema": {"type": "integer"}}],
                    "responses": {
                        "200": {"description": "OK", "content": {"application/json": {"schema": thing}}},
                    },
                }
            },
        },
        "components": {
            "schemas": {
                "Thing": {
                    "type": "object",
                    "required": ["name"],
                    "properties": {
                        "name": {"type": "string", "description": "What it is called"},
                        "size": {"type": "number"},
                        "tags": {"type": "array", "items": {"type": "string"}},
                    },
                }
            },
            "securitySchemes": {"key": {"type": "http", "scheme": "bearer"}},
        },
        **parts,
    }
