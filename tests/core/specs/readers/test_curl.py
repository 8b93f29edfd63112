"""curl commands become operations; what proves who the caller is leaves only its scheme behind."""

import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from actionstudio.core.auth import ApiKey, Declared
from actionstudio.core.problem import Refused
from actionstudio.core.specs import openapi
from actionstudio.core.specs.readers import detected, shell
from tests.core.specs.readers import kit

CREATE = r"""
curl -X POST 'https://api.shop.example/v1/orders?notify=true' \
  -H 'Authorization: Bearer sk-live-51HG2xxxxxxxxxxxxxxxx' \
  -H "Content-Type: application/json" \
  -H 'X-Tenant: acme' -sSL --compressed \
  -d '{"item": "tea", "count": 2, "note": "it'\''s urgent"}'
"""


def only(source):
    report = kit.read(source, "curl")
    kit.written(report)
    assert len(report.contract.operations) == 1
    return report.contract.operations[0]


def test_a_command_is_an_operation():
    op = only(CREATE)
    assert (op.method, op.path, op.operation_id) == ("POST", "/v1/orders", "post_orders")
    assert [(item.name, item.in_, item.schema["type"]) for item in op.parameters] == [
        ("notify", "query", "boolean"),
        ("X-Tenant", "header", "string"),
    ]
    media = op.body.content[0]
    assert media.examples[0].value == {"item": "tea", "count": 2, "note": "it's urgent"}
    assert media.schema["properties"]["count"] == {"type": "integer"}
    assert "required" not in media.schema


def test_the_key_is_a_scheme_and_its_value_is_nowhere():
    report = kit.read(CREATE)
    assert report.contract.auth == ApiKey("bearer", scheme_name="bearerAuth")
    assert "sk-live" not in str(report)


@pytest.mark.parametrize(
    ("options", "scheme"),
    [
        ("-H 'X-Api-Key: 8f4d0c2e'", {"type": "apiKey", "in": "header", "name": "X-Api-Key"}),
        ("-u ann:hunter2", {"type": "http", "scheme": "basic"}),
        ("--user ann:hunter2", {"type": "http", "scheme": "basic"}),
        ("-uann:hunter2", {"type": "http", "scheme": "basic"}),
        ("--oauth2-bearer 8f4d0c2e", {"type": "http", "scheme": "bearer"}),
        ("-H 'Authorization: token 8f4d0c2e'", {"type": "apiKey", "in": "header", "name": "Authorization"}),
        ("-G -d api_key=8f4d0c2e", {"type": "apiKey", "in": "query", "name": "api_key"}),
    ],
)
def test_every_way_to_sign_in_is_known_and_forgotten(options, scheme):
    report = kit.read(f"curl {options} https://api.shop.example/orders")
    assert list(kit.written(report)["components"]["securitySchemes"].values()) == [scheme]
    assert report.contract.security or report.contract.operations[0].security
    for secret in ("8f4d0c2e", "hunter2"):
        assert secret not in str(report)


@pytest.mark.parametrize(
    "address",
    [
        "https://api.example/bot110201543:AAHdqTcvCH1vGWJxfSeofSAs0K5PALDsaw/send",
        "https://hooks.example/services/T00000000/B00000000/XX3XXXXXXXXXXXXXXXXXXXXX",
        "https://a.example/x?k=8f4d0c2e9a7b4c1d8e5f6a7b8c9d0e1f",
        "-H 'X-Thing: 8f4d0c2e9a7b4c1d8e5f6a7b8c9d0e1f' https://a.example/x",
        "'https://ann:8f4d0c2e@a b.example/'  https://a.example/x",
    ],
)
def test_what_might_be_a_key_in_an_odd_place_is_not_kept_either(address):
    report = str(kit.read(f"curl {address}"))
    for secret in ("AAHdqTcvCH1v", "XX3XXX", "8f4d0c2e"):
        assert secret not in report


def test_a_user_in_the_address_is_a_scheme_too():
    report = kit.read("curl https://ann:hunter2@api.shop.example/orders")
    assert report.contract.servers[0].url == "https://api.shop.example"
    assert report.contract.auth == ApiKey("basic", scheme_name="basicAuth")
    assert "hunter2" not in str(report)


def test_passwords_in_bodies_and_cookies_are_not_kept():
    source = """curl https://a.example/login -b 'sid=abc123' \\
      --json '{"user": "ann", "password": "hunter2", "pin": 1234}'
    curl https://a.example/token -d 'grant_type=password&client_secret=hunter2'"""
    report = kit.read(source)
    assert report.contract.operations[0].body.content[0].examples[0].value == {
        "user": "ann",
        "password": "***",
        "pin": 0,
    }
    assert "cookies" in kit.codes(report)
    assert "hunter2" not in str(report)
    assert "abc123" not in str(report)


@pytest.mark.parametrize(
    ("source", "method", "path"),
    [
        ("curl example.com", "GET", "/"),
        ("curl -I https://a.example/x", "HEAD", "/x"),
        ("curl -XDELETE https://a.example/orders/17", "DELETE", "/orders/{order_id}"),
        ("curl --request=PUT --url https://a.example/x -T file.bin", "PUT", "/x"),
        ("curl -d a=1 https://a.example/x", "POST", "/x"),
        ("curl -kLsS -o out.json -m 10 https://a.example/x", "GET", "/x"),
        ("curl https://a.example/api/2/issue/ABC-12", "GET", "/api/2/issue/{issue_id}"),
        ("curl https://a.example/users/{userId}/files/:fileId", "GET", "/users/{userId}/files/{fileId}"),
        ("curl https://a.example/u/0b0f4d7e-9a2c-4f3e-8d58-1c6b8a1f2e3d", "GET", "/u/{u_id}"),
        ("curl $BASE_URL/orders", "GET", "/orders"),
        ('curl "${API}/orders"', "GET", "/orders"),
        ("/usr/bin/curl https://a.example/x | jq .", "GET", "/x"),
        ("$ curl https://a.example/x", "GET", "/x"),
        ("PS C:\\> curl.exe https://a.example/x", "GET", "/x"),
        ("# list\ncurl https://a.example/x # all", "GET", "/x"),
    ],
)
def test_method_and_path(source, method, path):
    assert detected(source) == "curl" or source.startswith("/usr")
    op = only(source)
    assert (op.method, op.path) == (method, path)


def test_windows_quotes_and_continuations():
    source = (
        'curl "https://a.example/orders" ^\r\n  -X "POST" ^\r\n  -H "content-type: application/json" ^\r\n'
        '  --data-raw ^"^{^\\^"item^\\^":^\\^"tea ^& milk^\\^"^}^"'
    )
    op = only(source)
    assert op.body.content[0].examples[0].value == {"item": "tea & milk"}


def test_ansi_quotes_as_browsers_write_them():
    op = only(r"curl 'https://a.example/x' --data-raw $'{\"text\":\"it\'s \u00fcber\\nnew\"}'")
    assert op.body.content[0].examples[0].value == {"text": "it's über\nnew"}


def test_an_address_without_quotes_keeps_its_query():
    op = only("curl https://a.example/x?page=2&limit=5")
    assert [item.name for item in op.parameters] == ["page", "limit"]
    assert not any(item.required for item in op.parameters)


def test_forms():
    op = only("curl https://a.example/x --data-urlencode 'q=a b&c' -d n=3")
    media = op.body.content[0]
    assert media.media_type == "application/x-www-form-urlencoded"
    assert media.examples[0].value == {"q": "a b&c", "n": 3}
    op = only("curl https://a.example/x -F file=@a.png -F 'title=Hi;type=text/plain'")
    media = op.body.content[0]
    assert media.media_type == "multipart/form-data"
    assert media.schema["properties"]["file"] == {
        "type": "string",
        "contentMediaType": "application/octet-stream",
    }


def test_get_with_data_is_a_query():
    op = only("curl -G https://a.example/x --data-urlencode 'q=a b' -d lang=en")
    assert (op.method, op.body) == ("GET", None)
    assert [(item.name, item.examples[0].value) for item in op.parameters] == [("q", "a b"), ("lang", "en")]


def test_several_commands_are_one_project():
    source = """
    # the shop
    curl https://a.example/orders
    curl https://a.example/orders/1; curl https://a.example/orders/2
    curl https://a.example/orders -d '{"a": 1}' --next https://other.example/ping
    curl -X PURGE https://a.example/x
    curl
    """
    report = kit.read(source)
    kit.written(report)
    assert [(op.method, op.path) for op in report.contract.operations] == [
        ("GET", "/orders"),
        ("POST", "/orders"),
        ("GET", "/orders/{order_id}"),
        ("GET", "/ping"),
    ]
    assert report.contract.path_items["/ping"]["servers"] == [{"url": "https://other.example"}]
    assert kit.at(report, "method") == ["/6"]
    assert kit.at(report, "no-url") == ["/7"]


def test_an_unknown_option_is_told():
    assert kit.at(kit.read("curl --frobnicate https://a.example/x"), "curl-option") == ["/1"]


def test_a_body_in_a_file_is_told():
    report = kit.read("curl -H 'content-type: application/json' -d @body.json https://a.example/x")
    assert "body-in-file" in kit.codes(report)
    assert report.contract.operations[0].body.content[0].media_type == "application/json"


@pytest.mark.parametrize("source", ["curl", "curl -X POST", "curl 'ht!tp://x y'", "wget https://a.example", "", 5])
def test_what_is_no_call_is_refused(source):
    with pytest.raises(Refused):
        kit.read(source, "curl")


def test_words_are_taken_apart_as_a_shell_does():
    text = 'a \'b c\' "d \\"e\\" \\n" f\\ g h\\\ni # no\nnext'
    assert [words for _line, words in shell.commands(text)] == [["a", "b c", 'd "e" \\n', "f g", "hi"], ["next"]]


@settings(max_examples=200, deadline=None)
@given(st.text(alphabet="curl -XHdGFu'\"\\\n$^&?=:/{}@abé\x00%#;|`", max_size=80))
def test_no_text_makes_it_fail(text):
    kit.survives("curl", f"curl https://a.example/{text}")
    kit.survives("curl", f"curl {text}")


def test_the_document_holds_json_only():
    json.loads(openapi.to_json(kit.written(kit.read(CREATE))))
    assert kit.read("curl https://a.example/x").contract.auth != Declared()
