"""Addresses of the design pages, under a project's."""

from django.urls import path

from actionstudio.apps.design.views import bind, checks, document, endpoint, endpoints, mock, schemas, switches, writing

app_name = "design"
urlpatterns = [
    path("endpoints/", endpoints.endpoints, name="endpoints"),
    path("endpoints/new/", endpoint.endpoint_new, name="endpoint-new"),
    path("endpoints/<str:ref>/", endpoint.endpoint, name="endpoint"),
    path("endpoints/<str:ref>/mock/switches/", switches.switches, name="switches"),
    path("endpoints/<str:ref>/mock/", mock.mock, name="mock"),
    path("endpoints/<str:ref>/mock/collection/", bind.bind, name="bind"),
    path("schemas/", schemas.schemas, name="schemas"),
    path("schemas/<path:name>/", schemas.schema, name="schema"),
    path("checks/", checks.checks, name="checks"),
    path("spec/", document.document, name="document"),
    path("spec/lint/", writing.lint, name="document-lint"),
    path("spec/compare/", writing.compare, name="document-compare"),
    path("spec/download/", document.download, name="document-download"),
]
