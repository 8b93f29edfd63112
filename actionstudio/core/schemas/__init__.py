"""JSON Schema 2020-12 as OpenAPI 3.1 uses it: references, validation, wire strings, examples, editor rows."""
