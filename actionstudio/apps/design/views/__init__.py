"""The design app's pages: endpoints, one endpoint, shared schemas, the OpenAPI document."""
