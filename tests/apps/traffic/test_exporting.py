"""Logged calls in other tools' words: they send the same bytes, assert what holds, and hold nothing that is hidden."""

import json
import os
import re
import subprocess
import sys
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
from django.urls import reverse

from actionstudio.apps.traffic import exporting
from actionstudio.core.specs.readers import har as har_reader
from actionstudio.core.specs.readers import postman as postman_reader
from tests import make
from tests.apps.api.test_api import Api

pytestmark = pytest.mark.django_db

BEARER, KEY, INSIDE = "Bearer ••••cdef (40 characters)", "••••9876 (20 characters)", "••••zzzz (12 characters)"
JSON = ["content-type", "application/json"]
BODY = '{"who": "it\'s `me` #1 {{x}} \\\\ \\u00e9é", "password": "••••zzzz (12 characters)"}'


@pytest.fixture
def project(ann, client):
    client.force_login(ann)
    return make.project()


@pytest.fixture
def call(project):
    return make.exchange(
        project,
        "POST",
        "/orders/a%20b",
        201,
        operation_id="makeOrder",
        query=f"q=a+%23b&api_key={KEY}",
        request_headers=[
            ["host", "x"],
            ["authorization", BEARER],
            ["content-type", "application/json"],
            ["x-a", "it's #1"],
        ],
        request_body=BODY.encode(),
        response_body={"id": "ord_8f14e45f", "n": 1, "at": "2026-05-01", "ok": True, "in": {"a b": None}, "token": KEY},
    )


def secrets_in(text):
    return "•" in text


@pytest.fixture
def listener():
    """A server that keeps the requests it gets."""
    got = []

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self):
            body = self.rfile.read(int(self.headers.get("content-length", 0)))
            got.append((self.command, self.path, {name.lower(): value for name, value in self.headers.items()}, body))
            self.send_response(204)
            self.end_headers()

        do_GET = do_DELETE = do_POST

        def log_message(self, *_args):
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}", got
    server.shutdown()
    server.server_close()


def check(got):
    [(method, path, headers, body)] = got
    assert (method, path) == ("POST", "/orders/a%20b?q=a+%23b&api_key=two")
    assert (headers["authorization"], headers["content-type"], headers["x-a"]) == (
        "Bearer one",
        "application/json",
        "it's #1",
    )
    assert body.decode() == BODY.replace(INSIDE, "three")


def test_the_python_script_sends_the_same_call(call, listener, tmp_path):
    base, got = listener
    text = "".join(exporting.FORMATS["python"].write([call])).replace(exporting.base_url(call), base)
    assert not secrets_in(text)
    compile(text, "calls.py", "exec")
    runner = f"import sys, httpx2\nsys.modules['httpx'] = httpx2\nexec(compile({text!r}, 'calls.py', 'exec'))"
    environment = {**os.environ, "KEY": "two", "KEY2": "one", "KEY3": "three", "NO_PROXY": "*"}
    done = subprocess.run([sys.executable, "-c", runner], env=environment, capture_output=True, text=True, timeout=60)
    assert done.returncode == 0, done.stderr
    assert done.stdout.strip() == "204"
    check(got)


def test_the_shell_script_sends_the_same_call_and_asks_for_its_secrets(call, listener):
    base, got = listener
    text = "".join(exporting.FORMATS["curl"].write([call])).replace(exporting.base_url(call), base)
    assert not secrets_in(text)
    without = {name: value for name, value in os.environ.items() if not name.startswith("KEY")} | {"NO_PROXY": "*"}
    refused = subprocess.run(["sh", "-c", text], env=without, capture_output=True, text=True, timeout=60)
    assert refused.returncode != 0 and "Set KEY" in refused.stderr and got == []
    environment = without | {"KEY": "two", "KEY2": "one", "KEY3": "three"}
    subprocess.run(["sh", "-c", text], env=environment, capture_output=True, timeout=60, check=True)
    check(got)


def test_a_body_that_is_no_text_is_sent_as_its_bytes(project, listener):
    base, got = listener
    row = make.exchange(project, "POST", "/up", request_body=b"\xff\x00\x01", request_headers=[])
    text = "".join(exporting.FORMATS["python"].write([row])).replace(exporting.base_url(row), base)
    runner = f"import sys, httpx2\nsys.modules['httpx'] = httpx2\nexec(compile({text!r}, 'calls.py', 'exec'))"
    subprocess.run([sys.executable, "-c", runner], env={**os.environ, "NO_PROXY": "*"}, timeout=60, check=True)
    assert got[0][3] == b"\xff\x00\x01"
    assert "base64,/wAB;" in "".join(exporting.FORMATS["hurl"].write([row]))


ESCAPE = re.compile(r"\\u\{([0-9a-f]+)\}|\\(.)", re.DOTALL)


def unescaped(text):
    """A text of a Hurl file as Hurl reads it, its variables filled in (https://hurl.dev/docs/grammar.html)."""
    assert not re.search(r"(?<!\\)#", text), "the rest of the line would be a comment"
    for name, value in (("{{key3}}", "three"), ("{{key2}}", "one"), ("{{key}}", "two")):
        text = text.replace(name, value)
    assert "{{" not in text
    named = {"n": "\n", "r": "\r", "t": "\t", "b": "\b", "f": "\f"}
    return ESCAPE.sub(lambda found: chr(int(found[1], 16)) if found[1] else named.get(found[2], found[2]), text)


def test_the_hurl_file_says_the_same_call_and_asserts_what_holds(call):
    text = "".join(exporting.FORMATS["hurl"].write([call]))
    assert not secrets_in(text)
    lines = [line for line in text.splitlines() if line and not line.startswith("#")]
    method, url = lines[0].split(" ")
    assert (method, unescaped(url)) == ("POST", f"{exporting.base_url(call)}/orders/a%20b?q=a+%23b&api_key=two")
    assert [unescaped(line) for line in lines[1:4]] == [
        "authorization: Bearer one",
        "content-type: application/json",
        "x-a: it's #1",
    ]
    body = lines[4]
    assert body[0] == body[-1] == "`" and not re.search(r"(?<!\\)`", body[1:-1])
    assert unescaped(body[1:-1]) == BODY.replace(INSIDE, "three")
    assert lines[5:] == [
        "HTTP 201",
        "[Asserts]",
        'header "content-type" contains "application/json"',
        'jsonpath "$.id" isString',
        'jsonpath "$.n" == 1',
        'jsonpath "$.at" isString',
        'jsonpath "$.ok" == true',
        'jsonpath "$.in" isCollection',
        'jsonpath "$.token" isString',
        "jsonpath \"$.in['a b']\" == null",
    ]


def operations(report):
    found = report.contract.operations
    return [(op.method, op.path, [one.name for one in op.parameters], op.body is not None) for op in found]


def test_a_har_file_is_read_as_the_operations_that_were_called(project, call):
    for path, status in (("/orders/1", 200), ("/orders/2", 404)):
        answer = {"id": path[-1], "total": 1.5}
        make.exchange(project, "GET", path, status, query="full=true", response_body=answer, operation_id="getOrder")
    rows = list(reversed(exporting.calls.Exchange.objects.all()))
    text = "".join(exporting.har(rows))
    assert not secrets_in(
        json.dumps([entry["request"] for entry in json.loads(text)["log"]["entries"]], ensure_ascii=False)
    )
    report = har_reader.read(json.loads(text))
    assert sorted(operations(report))[0] == ("GET", "/orders/{order_id}", ["order_id", "full"], False)
    [get] = [op for op in report.contract.operations if op.method == "GET"]
    assert [one.status for one in get.responses] == ["200", "404"]
    again = "".join(exporting.har(rows))
    assert operations(har_reader.read(json.loads(again))) == operations(report)


def test_the_log_read_again_has_the_same_endpoints_and_no_others(ann):
    paths = ("/orders", "/orders/{name}", "/notes")
    named = [make.operation("GET", path, operation_id=name) for path, name in zip(paths, ("listAll", "one", ""))]
    project = make.project("shop", value=make.contract(*named))
    calls = [
        *(
            ("/orders", 200, "mock", "listAll"),
            ("/orders/ann", 200, "mock", "one"),
            ("/orders/bob", 404, "mock", "one"),
        ),
        *(("/orders/eve", 401, "refused", "one"), ("/notes", 200, "mock", "GET /notes")),
        *(("/nosuch", 404, "refused", ""), ("/api/orders", 404, "refused", ""), ("/orders", 405, "refused", "")),
        *(("/openapi.json", 200, "document", ""), ("/oauth/token", 200, "oauth", "")),
    ]
    for path, status, kind, name in calls:
        make.exchange(project, "GET", path, status, kind=kind, operation_id=name, response_body={"a": 1})
    report = har_reader.read(json.loads("".join(exporting.har(exporting.calls.Exchange.objects.order_by("-pk")))))
    assert {(op.operation_id, op.path) for op in report.contract.operations} == {
        ("listAll", "/orders"),
        ("one", "/orders/{name}"),
        ("get_notes", "/notes"),
    }
    [one] = [op for op in report.contract.operations if op.operation_id == "one"]
    assert [answer.status for answer in one.responses] == ["200", "401", "404"]
    told = {problem.code: problem.message for problem in report.problems}
    assert (told["left-miss"], told["left-beside"]) == (
        "Left out: 3 calls that no endpoint answered.",
        "Left out: 2 calls for documents, to sign in, or callbacks.",
    )


def test_the_log_read_again_takes_no_headers_of_chatgpts_and_nothing_of_wrong_calls(ann):
    project = make.project("shop", ann)
    sent = {
        "operation_id": "add",
        "request_headers": [["openai-conversation-id", "c"], ["x-openai-originator", "s"], JSON],
    }
    for body in ({"name": "a"}, {"name": "b", "n": 1}):
        make.exchange(project, "POST", "/items", 201, **sent, request_body=body)
    wrong = {"location": ["body"], "code": "type", "message": "must be an object", "side": "request"}
    make.exchange(project, "POST", "/items", 201, **sent, request_body=["junk"], violations=[wrong])
    make.exchange(project, "POST", "/items", 422, **sent, request_body="junk", query="x=1")
    report = har_reader.read(json.loads("".join(exporting.har(exporting.calls.Exchange.objects.order_by("pk")))))
    [add] = report.contract.operations
    assert add.parameters == () and add.body.required
    assert add.body.content[0].schema["type"] == "object"
    assert {*add.body.content[0].schema["properties"]} == {"name", "n"}
    assert [answer.status for answer in add.responses] == ["201", "422"]


def test_a_har_file_asks_for_the_endpoints_once(project, django_assert_num_queries):
    for number in range(3):
        make.exchange(project, path=f"/a{number}.", operation_id="getItems")
    rows = list(exporting.calls.Exchange.objects.all())
    with django_assert_num_queries(2):
        "".join(exporting.har(rows))


def test_a_postman_collection_is_read_as_the_same_call(call):
    made = json.loads("".join(exporting.FORMATS["postman"].write([call])))
    assert not secrets_in(json.dumps(made, ensure_ascii=False))
    [item] = made["item"]
    assert made["info"]["schema"].endswith("/v2.1.0/collection.json")
    assert [one["key"] for one in made["variable"]] == ["key", "key2", "key3"]
    assert item["request"]["url"]["query"] == [{"key": "q", "value": "a+%23b"}, {"key": "api_key", "value": "{{key}}"}]
    assert item["request"]["url"]["path"][-2:] == ["orders", "a%20b"]
    assert {"key": "authorization", "value": "Bearer {{key2}}"} in item["request"]["header"]
    assert item["request"]["body"]["raw"] == BODY.replace(INSIDE, "{{key3}}")
    assert item["response"][0]["code"] == 201
    report = postman_reader.read(made)
    [op] = report.contract.operations
    assert (op.method, op.body is not None, [one.status for one in op.responses]) == ("POST", True, ["201"])
    assert (op.path, report.contract.servers[0].url) == ("/orders/a%20b", exporting.base_url(call))


def test_a_form_is_a_form_in_postman(project):
    headers = [["content-type", "application/x-www-form-urlencoded"]]
    row = make.exchange(project, "POST", "/f", request_body=b"a=1&b=x+y", request_headers=headers)
    [item] = exporting.postman.collection([row])["item"]
    assert item["request"]["body"] == {
        "mode": "urlencoded",
        "urlencoded": [{"key": "a", "value": "1"}, {"key": "b", "value": "x y"}],
    }


@pytest.mark.parametrize("code", exporting.FORMATS)
def test_a_selection_is_a_file_of_what_was_picked(client, project, code):
    rows = [make.exchange(project, path=f"/p{n}.", at=1_000_000 + n) for n in range(4)]
    strange = make.exchange(make.project("other"), path="/strange.")
    picks = [rows[2].public_id, rows[0].public_id, strange.public_id]
    for answer in (
        client.get(reverse("traffic:export-as", args=["items", code]), {"pick": picks}),
        client.post(reverse("traffic:export-as", args=["items", code]), {"pick": picks}),
    ):
        text = answer.content.decode()
        assert answer["Content-Disposition"] == f'attachment; filename="items.{exporting.FORMATS[code].suffix}"'
        assert "/p0." in text and "/p2." in text and "/p1." not in text and "strange" not in text
        assert (text.index("/p0.") < text.index("/p2.")) is (code != "har")


@pytest.mark.parametrize("code", exporting.FORMATS)
def test_one_call_and_a_filter_are_files_too(client, project, code):
    row = make.exchange(project, path="/bad.", status=404)
    make.exchange(project, path="/good.")
    one = client.get(reverse("traffic:exchange-as", args=["items", row.public_id, code])).content.decode()
    many = client.get(reverse("traffic:export-as", args=["items", code]), {"q": "status:404"}).content.decode()
    assert "/bad." in one and "/bad." in many and "/good." not in many


def test_what_there_is_not_is_said(client, project):
    answer = client.get(reverse("traffic:export-as", args=["items", "pdf"]))
    assert answer.status_code == 404
    assert client.get(reverse("traffic:export-as", args=["items", "hurl"]), {"pick": "nope"}).status_code == 404
    row = make.exchange(project)
    assert client.get(reverse("traffic:exchange-as", args=["items", row.public_id, "pdf"])).status_code == 404


@pytest.mark.parametrize("code", exporting.FORMATS)
def test_a_question_that_cannot_be_read_is_no_empty_file(client, project, code):
    make.exchange(project)
    url = reverse("traffic:export-as", args=["items", code])
    for answer in (client.get(url, {"q": "status:abc"}), client.post(url, {"q": "status:abc"})):
        text = answer.content.decode()
        assert (answer.status_code, answer.get("Content-Disposition")) == (400, None)
        assert 'value="status:abc"' in text and "<mark" in text
        assert f"{url}?" not in text, "what would be refused is not offered"
    assert f"{url}?" in client.get(reverse("traffic:log", args=["items"]), {"q": "status:404"}).content.decode()


def test_the_page_of_a_call_offers_every_format(client, project):
    row = make.exchange(project)
    text = client.get(reverse("traffic:exchange", args=["items", row.public_id])).content.decode()
    for code in exporting.FORMATS:
        assert reverse("traffic:exchange-as", args=["items", row.public_id, code]) in text


def test_the_api_gives_each_of_them(ann, project, call):
    api = Api(ann)
    place = f"projects/items/exchanges/{call.public_id}/"
    assert "HTTP 201" in api("GET", f"{place}hurl/").json()["hurl"]
    assert "client.request(" in api("GET", f"{place}python/").json()["python"]
    assert api("GET", f"{place}postman/").json()["postman"]["item"][0]["name"] == "makeOrder"
    make.exchange(project, path="/other.")
    entries = json.loads(api("GET", f"projects/items/exchanges.har?pick={call.public_id}").getvalue())["log"]["entries"]
    assert [entry["_id"] for entry in entries] == [call.public_id]


def test_the_api_gives_several_picked_calls(ann, project):
    some = [make.exchange(project) for _ in range(3)]
    picks = "&".join(f"pick={one.public_id}" for one in some[:2])
    told = json.loads(Api(ann)("GET", f"projects/items/exchanges.har?{picks}").getvalue())
    assert [entry["_id"] for entry in told["log"]["entries"]] == [one.public_id for one in reversed(some[:2])]
    assert Api(ann)("GET", f"projects/items/exchanges.har?{picks}&q=a&q=b").json()["errors"][0]["code"] == "twice"


@pytest.fixture
def unkept(project):
    """A call of whose body the log kept nothing."""
    return make.exchange(
        project,
        "POST",
        "/refunds",
        operation_id="refund",
        request_headers=[JSON],
        request_size=104,
        response_headers=[JSON],
        response_size=30,
    )


@pytest.mark.parametrize("code", exporting.FORMATS)
def test_a_body_that_was_not_kept_is_said_and_never_left_out(unkept, code):
    text = "".join(exporting.FORMATS[code].write([unkept]))
    assert f"The log did not keep this body of 104 bytes: put it into {unkept.public_id}-request.bin." in text
    kept = "".join(exporting.FORMATS[code].write([make.exchange(make.project("kept"), "POST", request_body={"a": 1})]))
    assert "The log" not in kept.replace("from the log", "")


def test_a_call_whose_body_was_not_kept_is_not_sent_without_it(unkept, listener, tmp_path):
    base, got = listener
    python = "".join(exporting.FORMATS["python"].write([unkept])).replace(exporting.base_url(unkept), base)
    runner = f"import sys, httpx2\nsys.modules['httpx'] = httpx2\nexec(compile({python!r}, 'calls.py', 'exec'))"
    shell = "".join(exporting.FORMATS["curl"].write([unkept])).replace(exporting.base_url(unkept), base)
    environment, place = {**os.environ, "NO_PROXY": "*"}, tmp_path / f"{unkept.public_id}-request.bin"
    for command in ([sys.executable, "-c", runner], ["sh", "-c", shell]):
        place.unlink(missing_ok=True)
        failed = subprocess.run(command, env=environment, cwd=tmp_path, capture_output=True, text=True, timeout=60)
        assert place.name in failed.stderr
        place.write_bytes(b'{"order": "A-1"}')
        subprocess.run(command, env=environment, cwd=tmp_path, capture_output=True, timeout=60, check=True)
    assert [body for _method, _path, _headers, body in got if body] == [b'{"order": "A-1"}'] * 2
    assert f"file,{place.name};" in "".join(exporting.FORMATS["hurl"].write([unkept]))


def test_secrets_that_look_alike_are_one_only_where_they_stand_in_the_same_place(project):
    alike = "•••• (9 characters)"
    inside = {"client_secret": alike, "refresh_token": alike, "list": [{"password": alike}, {"password": alike}]}
    inside = json.dumps(inside, ensure_ascii=False).encode()
    headers = [JSON, ["x-auth-token", alike], ["cookie", f"a={alike}; b={alike}"]]
    rows = [
        make.exchange(project, "POST", "/items", request_body=inside, request_headers=headers, query=f"api_key={alike}")
        for _twice in range(2)
    ]
    places = {
        "URL api_key", "header x-auth-token", "header cookie a", "header cookie b", "body client_secret",
        "body refresh_token", "body password",
    }  # fmt: skip
    for code in ("curl", "hurl", "python", "postman"):
        text = "".join(exporting.FORMATS[code].write(rows))
        assert max(re.findall(r"(?i)key(\d)", text)) == "8" and not secrets_in(text), code
        assert all(place in text for place in places), code


@pytest.mark.parametrize("body", [b"", b"\xff\x00"])
def test_curl_is_not_begun_without_the_file_of_its_body(project, listener, tmp_path, body):
    base, got = listener
    row = make.exchange(project, "POST", request_body=body, request_size=2)
    one = exporting.curl(row).replace(exporting.base_url(row), base)
    many = "".join(exporting.FORMATS["curl"].write([row])).replace(exporting.base_url(row), base)
    file = tmp_path / re.search(r"@(\S+)", one)[1]
    for text, told in ((one, ""), (many, file.name)):
        file.unlink(missing_ok=True)
        run = {"env": {**os.environ, "NO_PROXY": "*"}, "cwd": tmp_path, "capture_output": True, "timeout": 60}
        failed = subprocess.run(["sh", "-c", text], text=True, **run)
        assert failed.returncode and told in failed.stderr and got == []
        file.write_bytes(b"it")
        subprocess.run(["sh", "-c", text], check=True, **run)
        assert got.pop()[3] == b"it"


def test_bodies_that_no_command_line_can_hold_are_files_of_their_own(client, project):
    """Each is named as the call's page gives it for download."""
    kinds = {"image/png": (b"\x89PNG\xff", "bin"), "text/csv": (b"a,b\n" * 30_000, "txt")}
    rows = [
        make.exchange(project, "POST", request_body=body, request_headers=[["content-type", kind]])
        for kind, (body, _suffix) in kinds.items()
        for _twice in range(2)
    ]
    text = "".join(exporting.FORMATS["curl"].write(rows))
    for row in rows:
        name = f"{row.public_id}-request.{kinds[row.headers_in[0][1]][1]}"
        assert f"--data-binary @{name}\n" in text
        assert f"# Its body is the file {name}" in text
        given = client.get(reverse("traffic:body", args=["items", row.public_id, "request"]))
        assert name in given["Content-Disposition"]


def test_a_body_that_was_not_kept_is_still_a_body_where_it_is_read(unkept):
    har = json.loads("".join(exporting.har([unkept])))
    [entry] = har["log"]["entries"]
    assert "text" not in entry["response"]["content"] and "not keep" in entry["response"]["content"]["comment"]
    for report in (har_reader.read(har), postman_reader.read(exporting.postman.collection([unkept]))):
        [op] = report.contract.operations
        assert [one.media_type for one in op.body.content] == ["application/json"]


HOSTS = [
    ("localhost:8000", "https://studio.test/live/items"),
    ("[::1", "https://studio.test/live/items"),
    ("items.live.test", "https://items.live.test"),
    ("API.items.test:443", "https://api.items.test"),
    ("", "https://api.items.test"),
]


@pytest.mark.parametrize(("host", "base"), HOSTS)
def test_an_export_goes_where_the_call_went(project, settings, host, base):
    settings.STUDIO_PUBLIC_URL, settings.STUDIO_LIVE_DOMAIN = "https://studio.test", "live.test"
    settings.STUDIO_LIVE_SCHEME = "https"
    project.addresses.update(domain="api.items.test")
    row = make.exchange(project, path="/a.", request_headers=[["host", host]] if host else [])
    assert f"url {base}/a.\n".split(" ")[1] in exporting.curl(row) + "\n"
    assert json.loads("".join(exporting.har([row])))["log"]["entries"][0]["request"]["url"] == f"{base}/a."


@pytest.mark.parametrize("code", exporting.FORMATS)
def test_no_export_needs_a_host_that_browsers_and_curl_alone_can_look_up(project, settings, code):
    settings.STUDIO_PUBLIC_URL, settings.STUDIO_LIVE_DOMAIN = "http://localhost:8431", "live.localhost:8431"
    row = make.exchange(project, path="/a.", request_headers=[["x-a", "b"]])
    text = "".join(exporting.FORMATS[code].write([row]))
    assert "http://localhost:8431/live/items/a." in text and "live.localhost" not in text
