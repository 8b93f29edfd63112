"""Documents in and out: OpenAPI, the plugin manifest, what the model sees, and safe reading of text."""
