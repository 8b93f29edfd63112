"""A document becomes a project: at once when small, as a job when large or behind a link."""

import dataclasses
import io
import json
import zipfile

import pytest

from actionstudio.apps.design import load
from actionstudio.apps.library import bundle, importing
from actionstudio.apps.projects import jobs
from actionstudio.apps.projects.models import Job, Project
from actionstudio.apps.publishing.source import base_urls
from actionstudio.core.auth import Declared, OAuth, Scope
from actionstudio.core.problem import Refused
from actionstudio.core.specs import openapi
from actionstudio.runtime import outbound
from actionstudio.runtime.outbound import Fetched, OutboundRefused
from tests import make

pytestmark = pytest.mark.django_db

SMALL = b"""openapi: 3.1.0
info: {title: Todo, version: "1"}
paths:
  /todos:
    get:
      operationId: listTodos
      responses: {"200": {description: OK}}
"""


def large(operations: int = 500) -> bytes:
    """A document of that many operations, each with about 6 kB of schema."""
    properties = {f"field_{n}": {"type": "string", "description": "What this field means. " * 4} for n in range(44)}
    schema = {"type": "object", "properties": properties}
    paths = {
        f"/things{n}": {
            "get": {
                "operationId": f"getThing{n}",
                "responses": {"200": {"description": "OK", "content": {"application/json": {"schema": schema}}}},
            }
        }
        for n in range(operations)
    }
    return json.dumps({"openapi": "3.1.0", "info": {"title": "Large", "version": "1"}, "paths": paths}).encode()


def fresh(job: Job) -> Job:
    return Job.objects.select_related("project").get(pk=job.pk)


@pytest.fixture
def fetching(monkeypatch):
    """Answers of the outside: set ``body``, ``status`` or ``error``."""

    class Outside:
        status, body, error = 200, SMALL, None

        def __init__(self):
            self.asked = []
            self.at = {}

        def fetch(self, method, url, headers=(), **options):
            self.asked.append(url)
            if self.error:
                raise self.error
            return Fetched(self.status, (), self.at.get(url, self.body), url, 1)

    outside = Outside()
    monkeypatch.setattr(importing.outbound, "fetch", outside.fetch)
    return outside


def test_a_small_document_is_there_at_once(ann):
    job = importing.begin(ann, data=SMALL)
    assert job.state == "done"
    assert job.result["operations_in"] == job.result["operations_kept"] == 1
    assert load.contract(job.project).operations[0].operation_id == "listTodos"


def test_name_and_address_can_be_chosen(ann):
    project = importing.begin(ann, data=SMALL, name="Mine", slug="my-todo").project
    assert (project.name, project.slug) == ("Mine", "my-todo")


def test_a_large_document_is_a_job_with_a_report(ann):
    job = fresh(importing.begin(ann, data=large(60)))
    assert (job.state, job.done, job.total) == ("done", importing.STEPS, importing.STEPS)
    assert job.result["operations_kept"] == 60
    assert job.payload is None
    assert job.project.operations.count() == 60


def test_a_link_is_fetched_by_a_job(ann, fetching):
    job = fresh(importing.begin(ann, url="https://api.example.com/openapi.yaml"))
    assert job.project.name == "Todo"
    assert "api.example.com" in job.project.revisions.get().note


@pytest.mark.parametrize(
    ("public", "allow", "private"),
    [
        ("http://localhost:8000", False, True),
        ("https://studio.example", False, False),
        ("https://studio.example", True, True),
    ],
)
def test_links_reach_private_networks_where_upstreams_do(monkeypatch, settings, public, allow, private):
    settings.STUDIO_HOST, settings.STUDIO_PUBLIC_URL = "127.0.0.1", public
    settings.STUDIO_ALLOW_PRIVATE_UPSTREAMS = allow
    told = []

    def fetch(*args, allow_private, **more):
        told.append(allow_private)
        raise OutboundRefused("stop")

    monkeypatch.setattr(outbound, "fetch", fetch)
    with pytest.raises(Refused):
        importing.opened("http://10.0.0.1/openapi.json")
    assert told == [private]


@pytest.mark.parametrize(
    ("outside", "says"),
    [
        ({"status": 404}, "404"),
        ({"error": OutboundRefused("private addresses are not called")}, "private"),
        ({"body": b"<html>Sign in</html>"}, "web page"),
        ({"body": b"swagger: '1.2'\npaths: {}"}, "Swagger 1.2"),
        ({"body": b"a: 1"}, "no OpenAPI document"),
    ],
)
def test_a_link_that_gives_no_document_says_why(ann, fetching, outside, says):
    for name, value in outside.items():
        setattr(fetching, name, value)
    job = fresh(importing.begin(ann, url="https://api.example.com/"))
    assert job.state == "failed"
    assert says in job.error
    assert not Project.objects.exists()


MANIFEST = {
    "schema_version": "v1",
    "name_for_human": "Todo",
    "name_for_model": "todo",
    "description_for_human": "Lists.",
    "description_for_model": "Plugin for lists.",
    "auth": {"type": "none"},
    "api": {"type": "openapi", "url": "https://todo.example/openapi.yaml"},
    "contact_email": "ann@todo.example",
    "legal_info_url": "https://todo.example/legal",
}
AT = "https://todo.example/.well-known/ai-plugin.json"


def manifest(url="https://todo.example/openapi.yaml") -> bytes:
    return json.dumps({**MANIFEST, "api": {"type": "openapi", "url": url}}).encode()


def test_a_pasted_manifest_fetches_the_document_it_names(ann, fetching):
    job = fresh(importing.begin(ann, data=manifest()))
    assert fetching.asked == ["https://todo.example/openapi.yaml"]
    assert (job.state, job.done, job.total) == ("done", importing.STEPS + 1, importing.STEPS + 1)
    assert job.result["format"] == "ai-plugin.json, OpenAPI 3.1.0"
    assert job.result["operations_kept"] == 1
    contract = load.contract(job.project)
    assert (contract.manifest.name_for_model, contract.contact_email) == ("todo", "ann@todo.example")


def test_a_manifest_behind_a_link_may_name_its_document_relatively(ann, fetching):
    fetching.at[AT] = manifest("/openapi.yaml")
    assert fresh(importing.begin(ann, url=AT)).state == "done"
    assert fetching.asked == [AT, "https://todo.example/openapi.yaml"]


def test_a_pasted_manifest_with_a_relative_address_is_refused_at_once(ann, fetching):
    with pytest.raises(Refused, match="Paste the link to the manifest"):
        importing.begin(ann, data=manifest("/openapi.yaml"))
    assert not fetching.asked
    assert not Job.objects.exists()


@pytest.mark.parametrize("body", [manifest(), b'{"a": 1}', b"curl https://a.example", b"<html>", b"openapi: 3.1.0"])
def test_a_manifest_that_names_no_document_leaves_nothing(ann, fetching, body):
    fetching.body = body
    job = fresh(importing.begin(ann, data=manifest()))
    assert (job.state, job.project) == ("failed", None)
    assert job.error
    assert len(fetching.asked) == 1
    assert not Project.objects.exists()


def test_cancelling_while_the_named_document_is_fetched_leaves_nothing(ann, fetching, monkeypatch):
    def fetch(*given, **options):
        jobs.cancel(Job.objects.get())
        return fetching.fetch(*given, **options)

    monkeypatch.setattr(importing.outbound, "fetch", fetch)
    job = fresh(importing.begin(ann, data=manifest()))
    assert job.state == "cancelled"
    assert job.payload is None
    assert not Project.objects.exists()


def test_who_judges_a_document_gets_nothing_fetched(fetching):
    assert importing.read_document(SMALL)[1]["operations_kept"] == 1
    assert importing.read_document(b'{"a": 1}')[1]["reader"] == "json-sample"
    with pytest.raises(Refused, match=r"https://todo\.example/openapi\.yaml"):
        importing.read_document(manifest())
    assert not fetching.asked


HAR = {"log": {"entries": [{"request": {"method": "GET", "url": "https://a.example/orders/1", "headers": []},
                            "response": {"status": 200, "content": {"mimeType": "application/json",
                                                                    "text": json.dumps({"id": 1})}}}]}}  # fmt: skip
POSTMAN = {"info": {"name": "Shop"}, "item": [{"name": "List", "request": "https://a.example/orders"}]}
SWAGGER = b"swagger: '2.0'\ninfo: {title: T, version: '1'}\nhost: a.example\npaths: {/a: {get: {responses: {}}}}"


@pytest.mark.parametrize(
    ("data", "format", "reader"),
    [
        (SWAGGER, "Swagger 2.0", "swagger2"),
        (json.dumps(HAR).encode(), "HAR", "har"),
        (json.dumps(POSTMAN).encode(), "Postman collection 2.1", "postman"),
        (b"curl https://a.example/orders", "curl", "curl"),
        ("\ufeff# mine\n$ curl 'https://a.example/ö'".encode("utf-16"), "curl", "curl"),
        (b'{"order": {"id": 1}}', "JSON", "json-sample"),
    ],
)
def test_every_format_is_recognised_and_becomes_a_project(ann, data, format, reader):
    job = importing.begin(ann, data=data)
    assert (job.result["format"], job.result["reader"]) == (format, reader)
    assert job.project.operations.count() == job.result["operations_kept"] == 1


def test_a_large_recording_is_a_job_that_can_be_cancelled(ann, monkeypatch):
    entries = HAR["log"]["entries"] * 2000
    data = json.dumps({"log": {"entries": entries}}).encode()
    assert len(data) > importing.SMALL
    assert fresh(importing.begin(ann, data=data)).result["operations_kept"] == 1
    Job.objects.all().delete()
    Project.objects.all().delete()

    def cancelling(*given):
        jobs.cancel(Job.objects.get())
        return importing.Parsed({"log": {"entries": entries}}, "har")

    monkeypatch.setattr(importing, "parsed", cancelling)
    job = fresh(importing.begin(ann, data=data))
    assert (job.state, job.payload) == ("cancelled", None)
    assert not Project.objects.exists()


def test_what_a_reader_notices_has_a_level(ann):
    data = b"openapi: 3.1.0\ninfo: {title: T, version: '1'}\npaths: {bad: {get: {}}, /a: {get: {}, post: 5}}"
    problems = importing.begin(ann, data=data).result["problems"]
    assert {problem["pointer"]: problem["level"] for problem in problems} == {
        "/paths/bad": "drops-op",
        "/paths/~1a/post": "drops-op",
    }


def test_cancelling_while_it_runs_leaves_nothing(ann, monkeypatch):
    understood = importing.understood

    def slow(*given):
        jobs.cancel(Job.objects.get())
        return understood(*given)

    monkeypatch.setattr(importing, "understood", slow)
    job = fresh(importing.begin(ann, data=large(60)))
    assert job.state == "cancelled"
    assert not Project.objects.exists()


BOMB = b"a: &a [x,x,x,x,x,x,x,x,x]\n" + b"".join(
    b"%c: &%c [%s]\n" % (97 + n, 97 + n, b",".join([b"*%c" % (96 + n)] * 9)) for n in range(1, 10)
)


@pytest.mark.parametrize(
    "data",
    [
        BOMB,
        b"openapi: 3.1.0\npaths: [",
        b'{"openapi": "3.1.0", "info": }',
        b"[" * 100_000,
        b"\xff\xfe\x00\x00",
        b"&a [*a]",
        b"openapi: 3.1.0",
        b"x" * (importing.LARGEST + 1),
    ],
    ids=["bomb", "yaml", "json", "deep", "bytes", "circle", "empty", "large"],
)
def test_what_cannot_be_read_creates_nothing(ann, data):
    with pytest.raises(Refused):
        importing.begin(ann, data=data)
    assert not Project.objects.exists()
    assert not Job.objects.exists()


def test_a_malformed_document_names_the_line(ann):
    with pytest.raises(Refused, match="Line 4"):
        importing.begin(ann, data=b"openapi: 3.1.0\ninfo:\n  title: [\n")


def test_a_schema_that_refers_to_itself_is_kept(ann):
    text = (
        SMALL
        + b"components: {schemas: {Node: {type: object, properties: {next: {$ref: '#/components/schemas/Node'}}}}}"
    )
    project = importing.begin(ann, data=text).project
    assert project.components.get().name == "Node"


def test_a_project_file_comes_back_whole(ann):
    original = make.project("mine", value=make.contract(description="d"))
    data = bundle.pack(original, load.contract(original))
    job = importing.begin(ann, data=data)
    assert job.project.slug == "mine-2"
    assert load.contract(job.project) == load.contract(original)


def test_a_project_file_with_the_same_path_twice_is_refused(ann):
    value = make.contract()
    twice = dataclasses.replace(value, operations=value.operations * 2)
    about = {"kind": bundle.KIND, "format": 1, "contract": bundle.codec.dump(twice)}
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as file:
        file.writestr("project.json", json.dumps(about))
    with pytest.raises(Refused, match="twice"):
        importing.begin(ann, data=out.getvalue())


def test_our_own_document_and_manifest_bring_the_sign_in_back(ann):
    auth = OAuth((Scope("read", "Read"),))
    contract = make.contract(make.operation(security=({"oauth": ["read"]},)), auth=auth)
    base = base_urls("todo")[0]
    document = openapi.render(contract, profile="gpt", servers=[base])
    parts, _report = importing.read(openapi.to_json(document))
    assert parts.contract.auth == auth
    elsewhere = openapi.render(contract, profile="gpt", servers=["https://api.example.com"])
    parts, _report = importing.read(openapi.to_json(elsewhere))
    assert parts.contract.auth == Declared()
