"""Secrets are hidden on the way into the log: planted in every channel, none is found there."""

import base64
import sqlite3

import orjson
import pytest

from actionstudio.apps.traffic import masking, redaction
from actionstudio.apps.traffic.models import Exchange
from actionstudio.apps.traffic.sink import COLUMNS, DatabaseSink, Rows, SqliteLog
from actionstudio.core.behaviour import Condition, Rule, Rules
from actionstudio.core.call import Call
from actionstudio.core.contract import Body, Example, Media, Response
from actionstudio.runtime.app import Frontdoor
from tests import make
from tests.runtime.house import Kept, Memory

SECRET = "s3cr3t-value-9f8e7d6c5b4a"
ISSUED = "ask_" + "Zx9" * 14
ALL_ISSUED = [prefix + "Zx9" * 14 for prefix in redaction.PREFIXES]
TYPES = {
    "json": "application/json",
    "form": "application/x-www-form-urlencoded",
    "multipart": "multipart/form-data; boundary=B",
    "text": "text/plain",
}
Z = "Zx9" * 14
# Put together here, so that no scanner takes this file for a leak
KNOWN = [
    "sk-" + "proj-" + Z, "sk-" + Z[:24], "sk-" + "ant-api03-" + Z, "gh" + "p_" + Z[:36], "github" + "_pat_" + Z,
    "xox" + "b-1234567890-" + Z, "AK" + "IA" + "ZX9QZX9QZX9QZX9Q", "AI" + "za" + Z[:35], "sk_" + "live_" + Z[:24],
    "rk_" + "live_" + Z[:24],
]  # fmt: skip
PEM = "-----BEGIN {0}PRIVATE KEY-----\nProc-Type: 4,ENCRYPTED\n\n" + f"{Z}+/\n{Z}==\n" + "-----END {0}PRIVATE KEY-----"
PART = '--B\r\nContent-Disposition: form-data; name="{0}"\r\n\r\n{1}\r\n--B--\r\n'
BODIES = {
    "json": '{{"a": [{{"{0}": "{1}"}}]}}',
    "form": "x=1&{0}={1}",
    "multipart": PART,
    "text": "note {0}={1}, thanks",
}


@pytest.mark.parametrize(
    ("name", "value", "kept"),
    [
        ("authorization", f"Bearer {SECRET}", "Bearer ••••5b4a (25 characters)"),
        ("authorization", f"Basic {base64.b64encode(SECRET.encode()).decode()}", "Basic ••••"),
        ("authorization", f"Bearer Bearer {SECRET}", "Bearer Bearer ••••5b4a (25 characters)"),
        ("authorization", f"Bearer Basic Bearer {SECRET}", "Bearer Basic •••• (hidden)"),
        ("authorization", SECRET, "••••5b4a (25 characters)"),
        ("x-api-key", SECRET, "••••5b4a (25 characters)"),
        ("x-own", SECRET, "••••5b4a (25 characters)"),
        ("x-api-key", "short", "•••• (5 characters)"),
        ("cookie", f"sid={SECRET}; b=2", "sid=••••5b4a (25 characters)"),
        ("set-cookie", f"sid={SECRET}; Path=/", "sid=••••5b4a (25 characters); Path=/"),
        ("x-note", f"use {ISSUED} please", "use ask_••••9Zx9 (46 characters) please"),
        ("x-goog-api-key", SECRET, "••••5b4a (25 characters)"),
        ("private-token", SECRET, "••••5b4a (25 characters)"),
        ("location", f"/back#access_token={SECRET}&a=1", "/back#access_token=••••5b4a (25 characters)&a=1"),
        ("location", f"/b?a=1#token={SECRET}", "/b?a=1#token=••••5b4a (25 characters)"),
        ("location", "/pets/1", "/pets/1"),
        ("referer", f"https://x.example/?token={SECRET}&a=1", "https://x.example/?token=••••5b4a (25 characters)&a=1"),
        ("accept", "application/json", "application/json"),
    ],
)
def test_headers_keep_scheme_length_and_the_last_four(name, value, kept):
    masks = frozenset({"x-own"})
    shown = dict(redaction.headers(((name, value),), masks))[name]
    assert shown.startswith(kept)
    assert SECRET not in shown and ISSUED not in shown


@pytest.mark.parametrize("kind", TYPES)
@pytest.mark.parametrize(
    "key", ["password", "access_token", "client_secret", "apiKey", "refreshToken", "id-token", "own_field"]
)
def test_bodies_hide_what_stands_under_a_secret_name(kind, key):
    data = BODIES[kind].format(key, SECRET).encode()
    hidden = redaction.body(data, TYPES[kind], frozenset({"own_field"}))
    assert SECRET.encode() not in hidden
    assert key.encode() in hidden and "••••".encode() in hidden


@pytest.mark.parametrize(
    "body",
    [
        "<login><password>{}</password></login>",
        "<a:token kind='b'>\n  {}\n</a:token><x/>",
        "<secret><![CDATA[ {} ]]></secret>",
    ],
)
def test_elements_of_xml_hide_their_texts_and_only_once(body):
    hidden = redaction.body(body.format(SECRET).encode(), "application/xml")
    assert SECRET.encode() not in hidden and hidden.endswith(body[-4:].encode())
    assert redaction.body(hidden, "application/xml") == hidden


def test_a_scheme_pasted_twice_into_a_text_does_not_save_the_secret_behind_it():
    assert SECRET.encode() not in redaction.body(f"sent authorization: Bearer Bearer {SECRET}".encode(), "text/plain")


def test_a_part_of_a_form_with_another_name_is_looked_into():
    data = PART.format("note", f"password: {SECRET}").encode()
    assert SECRET.encode() not in redaction.body(data, TYPES["multipart"])


@pytest.mark.parametrize("kind", TYPES)
@pytest.mark.parametrize("key", ["password", "access_token", "own_field"])
def test_hiding_twice_changes_nothing(kind, key):
    masks = frozenset({"own_field"})
    once = redaction.body(BODIES[kind].format(key, SECRET).encode(), TYPES[kind], masks)
    assert redaction.body(once, TYPES[kind], masks) == once
    twice = ("x-auth-token", f"Bearer Bearer {SECRET}")
    pairs = [("authorization", f"Bearer {SECRET}"), twice, ("cookie", f"a={SECRET}; b=1"), ("x-api-key", "short")]
    hidden = redaction.headers(pairs, masks)
    assert redaction.headers(hidden, masks) == hidden
    line = redaction.query(f"password={SECRET}&own_field=a+b", masks)
    assert redaction.query(line, masks) == line


@pytest.mark.parametrize("kind", TYPES)
def test_what_we_issued_is_hidden_wherever_it_stands(kind):
    data = BODIES[kind].format("note", ISSUED).encode()
    assert ISSUED.encode() not in redaction.body(data, TYPES[kind])


@pytest.mark.parametrize("text", ALL_ISSUED)
def test_every_kind_of_text_that_we_issue_is_known(text):
    prefix = text[: text.index("_") + 1]
    for hidden in (
        dict(redaction.headers((("x-note", f"see {text}"),)))["x-note"],
        dict(redaction.headers((("location", f"/back/{text}?x={text}"),)))["location"],
        redaction.query(f"x={text}"),
        redaction.issued(f"/in/{text}"),
        redaction.body(f"<p>{text}</p>".encode(), "text/html").decode(),
    ):
        assert text not in hidden and prefix + "••••" in hidden
        assert masking.is_masked(hidden)


@pytest.mark.parametrize("key", KNOWN)
def test_a_key_of_a_well_known_service_is_hidden_wherever_it_stands(key):
    said = f"please use\n{key} from now on"
    for hidden in (
        dict(redaction.headers((("x-note", f"see {key}"), ("accept", "*/*"))))["x-note"],
        dict(redaction.headers((("authorization", "Bearer x"), ("x-note", key))))["x-note"],
        redaction.query(f"x={key}&y=1"),
        redaction.query(f"x=see%20{key}"),
        redaction.path(f"/in/{key}"),
        redaction.body(orjson.dumps({"text": said, "n": [1]}), "application/json").decode(),
        redaction.body(orjson.dumps({"text": said})[:-2], "application/json").decode(),
        redaction.body(said.encode(), "text/plain").decode(),
        redaction.body(f"a=1&text=see+{key}".encode(), TYPES["form"]).decode(),
        redaction.body(PART.format("note", said).encode(), TYPES["multipart"]).decode(),
    ):
        assert key not in hidden and key[-8:] not in hidden and f"••••{key[-4:]} ({len(key)} characters)" in hidden
        assert redaction.body(hidden.encode(), "text/plain").decode() == hidden


@pytest.mark.parametrize("kind", ["", "RSA ", "ENCRYPTED "])
def test_a_private_key_is_hidden_as_a_whole_and_what_stands_around_it_stays(kind):
    key = PEM.format(kind)
    body = orjson.dumps({"text": f"mine:\n{key}\nplease rotate it", "inner": orjson.dumps({"k": key}).decode()})
    hidden = redaction.body(body, "application/json")
    assert Z.encode() not in hidden and orjson.loads(hidden)["text"].endswith("characters)\nplease rotate it")
    assert [*orjson.loads(orjson.loads(hidden)["inner"])] == ["k"]
    assert Z.encode() not in redaction.body(body[:90], "application/json"), "and one of which the log kept a part"
    assert Z not in redaction.body(f"the key\n{key}".encode(), "text/plain").decode()


@pytest.mark.parametrize(
    "text",
    [
        "task-force desk-lamp sk-proj sk-SK sk-internationalization sk-learn-contrib",
        "AKIA AKIA1234 AKIAZX9QZX9QZX9QZX9QZX9Q AIzaShort xoxo-hugs sk_live_ ghp_short",
        "-----BEGIN PUBLIC KEY-----\nMIIB\n-----END PUBLIC KEY-----",
        "a risk-" + "a1" * 20,
    ],
)
def test_what_only_looks_like_a_key_stays(text):
    body = orjson.dumps({"text": text})
    assert redaction.body(body, "application/json") is body and redaction.path(text) == text
    assert redaction.headers((("x-note", text),)) == (("x-note", text),)


def test_the_id_of_a_client_is_no_secret():
    text = "asc_0123456789abcdef01234567"
    assert redaction.query(f"client_id={text}") == f"client_id={text}"
    assert redaction.issued(text) == text


def test_a_body_that_was_cut_is_searched_all_the_same():
    data = b'{"password": "' + SECRET.encode() + b'", "x": "' + b"a" * 100
    assert SECRET.encode() not in redaction.body(data, "application/json")


@pytest.mark.parametrize(
    "query", [f"code={SECRET}", f"a=1&API_KEY={SECRET}", f"user%5Bpassword%5D={SECRET}", f"q={ISSUED}", f"own={SECRET}"]
)
def test_queries_hide_secret_keys(query):
    hidden = redaction.query(query, frozenset({"own"}))
    assert SECRET not in hidden and ISSUED not in hidden


@pytest.mark.parametrize(
    "text",
    [
        '{{"tokens": 1, "token": ["{0}"]}}',
        '{{"pass\\u0077ord": "{0}"}}',
        '{{"note": "{{\\"password\\": \\"{0}\\"}}"}}',
        '{{"header": "Authorization: Bearer {0}"}}',
        '{{"password": "correct {0} battery", "cut',
        '{{"authorization": "Basic {0}", "cut',
        '{{"x": "{{\\"password\\": \\"correct {0}\\"}}", "cut',
        "[" * 80 + '{{"password": "{0}"}}' + "]" * 80,
        "Authorization: Bearer {0}\n",
        "password='correct {0}'",
    ],
)
def test_secrets_in_odd_places_are_hidden(text):
    hidden = redaction.body(text.format(SECRET).encode(), "application/json")
    assert SECRET.encode() not in hidden and "••••".encode() in hidden


@pytest.mark.parametrize(
    "text",
    [
        "Missing credential: wanted Authorization: Bearer ….",
        "wanted Authorization: Bearer ..., got nothing",
        "authorization=Bearer ***",
        "Authorization: Bearer ••••cret (16 characters)",
    ],
)
def test_a_sentence_may_name_a_scheme_without_a_secret_behind_it(text):
    body = orjson.dumps({"detail": text})
    assert redaction.body(body, "application/json") is body
    assert redaction.body(text.encode(), "text/plain") == text.encode()


@pytest.mark.parametrize("secret", ["abc", "x", "hunter2", "…abc…", "aGVsbG8=", "ümläut", "!!!!!!!!!"])
def test_a_secret_behind_a_scheme_is_hidden_however_short_it_is(secret):
    text = f"got Authorization: Bearer {secret}"
    assert secret not in redaction.body(text.encode(), "text/plain").decode()
    assert secret not in redaction.body(orjson.dumps({"detail": text}), "application/json").decode()


def test_multipart_with_bare_line_ends_is_searched():
    hidden = redaction.body(PART.format("password", SECRET).replace("\r\n", "\n").encode(), TYPES["multipart"])
    assert SECRET.encode() not in hidden


@pytest.mark.parametrize("data", [b"", b'{"name": "Rex", "ok": true}', b"\xff\x00binary", b"[1,2]"])
def test_a_body_without_secrets_stays_the_same_object(data):
    assert redaction.body(data, "application/json") is data


def test_a_json_body_that_only_mentions_a_name_keeps_its_bytes():
    data = b'{ "name" : "token", "text": "forgot my password" }'
    assert redaction.body(data, "application/json") == data


def planted() -> Frontdoor:
    """A project that repeats secrets in its own answer, and whose rules look at all that a call brings."""
    parts = [("header", "authorization"), ("header", "cookie"), ("header", "x-own"), ("header", "x-n"), ("cookie", "a"),
             ("query", "access_token"), ("query", "x"), ("body", ""), ("body", "$..*"), ("body", "$.*.*")]  # fmt: skip
    asked = tuple(Condition(target, name, "equals", "no") for target, name in parts)
    answer = Media("application/json", None, (Example("", {"token": SECRET, "note": ISSUED}),))
    operations = [
        make.operation("POST", "/in", body=Body(content=tuple(Media(kind) for kind in TYPES.values())), responses=(
            Response("200", "OK", content=(answer,)),
        ), behaviour=Rules((Rule((*asked, Condition("body", "", "regex", "^no$")), match="any"),))),
    ]  # fmt: skip
    return Frontdoor(Memory(make.contract(*operations), masks=frozenset({"x-own"})), Kept(), worker=1)


def test_planted_secrets_are_in_no_column_and_not_in_the_file(tmp_path):
    door = planted()
    headers = (("authorization", f"Bearer {SECRET}"), ("cookie", f"a={SECRET}"), ("x-own", SECRET), ("x-n", ISSUED))
    for kind, content_type in TYPES.items():
        for key in ("password", "id_token", "client_secret"):
            body = BODIES[kind].format(key, SECRET).encode()
            sent = (*headers, ("content-type", content_type.replace(" ", "")))
            door.call_blocking("todo", Call("POST", "/in", f"access_token={SECRET}&x={ISSUED}", sent, body))
            door.call_blocking("todo", Call("GET", f"/{ISSUED}", "", headers))
            door.call_blocking("todo", Call("GET", f"/{KNOWN[0]}", f"x={KNOWN[0]}", (("x-n", KNOWN[0]),)))
    path = tmp_path / "log.sqlite3"
    log = _log(path)
    rows = Rows()
    log.write([rows.row(record) for record in door.journal._sink.records])
    kept = path.read_bytes() + path.with_name("log.sqlite3-wal").read_bytes()
    assert kept.count(b"POST") >= 12
    for secret in (SECRET, ISSUED, KNOWN[0], base64.b64encode(SECRET.encode()).decode()):
        assert secret.encode() not in kept


def _log(path) -> SqliteLog:
    connection = sqlite3.connect(path)
    columns = ", ".join(f'"{name}" {"INTEGER PRIMARY KEY" if name == "id" else ""}' for name in COLUMNS)
    connection.execute(f'CREATE TABLE "traffic_exchange" ({columns})')
    connection.commit()
    connection.close()
    return SqliteLog(str(path))


def test_a_row_says_what_its_record_says():
    door = planted()
    answer = door.call_blocking("todo", Call("GET", "/nothing", "a=1", (("accept", "*/*"),)))
    row = dict(zip(COLUMNS, Rows().row(answer.record), strict=True))
    assert (row["method"], row["path"], row["query"], row["status"]) == ("GET", "/nothing", "a=1", 404)
    assert orjson.loads(row["request_headers"]) == [["accept", "*/*"]]
    assert row["response_body"] == answer.reply.body
    assert orjson.loads(row["decisions"])["route"] == "no operation has this path"


def test_what_callers_choose_fits_its_column():
    headers = (("openai-gpt-id", "g" * 500), ("openai-conversation-id", "c" * 500))
    record = planted().call_blocking("todo", Call("A" * 300, "/nothing", "", headers)).record
    row = dict(zip(COLUMNS, Rows().row(record), strict=True))
    fields = {field.name: field.max_length for field in Exchange._meta.fields if field.max_length}
    assert {name: row[name] for name, most in fields.items() if len(row[name]) > most} == {}


def test_the_same_answer_to_two_projects_is_masked_for_each():
    rows, door = Rows(), planted()
    record = door.call_blocking("todo", Call("POST", "/in", "", (("content-type", "text/plain"),), b"x")).record
    other = record._replace(response_headers=(("x-plain", SECRET),), masks=frozenset({"x-plain"}))
    assert SECRET not in rows.row(other)[16]
    assert rows.row(record)[16] == rows.row(record)[16]


@pytest.mark.django_db
def test_the_sink_writes_what_the_pages_read():
    record = planted().call_blocking("todo", Call("GET", "/nothing")).record
    DatabaseSink().write([record])
    assert Exchange.objects.get().public_id == Exchange(id=record.id).public_id


def test_any_number_of_rows_is_written_at_once_and_a_failed_write_leaves_the_log_usable(tmp_path):
    path = tmp_path / "log.sqlite3"
    log, record = _log(path), planted().call_blocking("todo", Call("GET", "/nothing")).record
    for count, first in ((1, 0), (64, 100), (150, 1000)):
        log.write([Rows().row(record._replace(id=first + number)) for number in range(count)])
    with pytest.raises(sqlite3.IntegrityError):
        log.write([Rows().row(record._replace(id=number)) for number in (5000, 1000)])
    log.write([Rows().row(record._replace(id=6000))])
    kept = sqlite3.connect(path).execute("SELECT count(*), max(id) FROM traffic_exchange").fetchone()
    assert kept == (216, 6000)


@pytest.mark.parametrize("query", ["code=500", "code=SUMMER-10", "a=1&code=fr"])
def test_a_code_of_an_api_is_no_secret(query):
    assert redaction.query(query) == query


@pytest.mark.parametrize("query", ["code=abc&state=x", "code=123456", "code=0123456789abcdef", "code=a&code=b"])
def test_a_code_that_may_let_somebody_in_is_one(query):
    assert "••••" in redaction.query(query)


def test_the_code_of_a_form_is_hidden_whatever_it_is():
    assert b"500" not in redaction.body(b"code=500", "application/x-www-form-urlencoded")


@pytest.mark.parametrize("secret", ["S3cr3t-2026-TICKET-1", "x", "eyJhbGciOiJIUzI1NiJ9xxxxxxxx"])
def test_of_what_people_choose_neither_end_nor_length_is_kept(secret):
    basic = "Basic " + base64.b64encode(f"ann:{secret}".encode()).decode()
    kept = [
        redaction.header("authorization", basic),
        redaction.header("x-password", secret),
        redaction.header("cookie", f"pwd={secret}"),
        redaction.query(f"a=1&user[password]={secret}"),
        redaction.query(f"pin={secret}", frozenset({"pin"})),
        redaction.body(
            orjson.dumps({"password": secret, "list": {"passphrase": [secret]}}), "application/json"
        ).decode(),
        redaction.body(f"the password: {secret}".encode(), "text/plain").decode(),
        redaction.body(f"password={secret}".encode(), "application/x-www-form-urlencoded").decode(),
    ]
    for text in kept:
        assert "•••• (hidden)" in text and "characters" not in text and secret[-4:] not in text.replace("(hidden)", "")
        assert redaction.issued(text) == text
    again = redaction.body(kept[5].encode(), "application/json")
    assert again == kept[5].encode(), "what is hidden stays as it is"
    old = redaction.body(b'{"password": "\xe2\x80\xa2\xe2\x80\xa2\xe2\x80\xa2\xe2\x80\xa2ET-1 (15 characters)"}', "")
    assert b"ET-1" not in old


@pytest.mark.parametrize(
    ("secret", "kept"),
    [
        ("0123456789abcdef0123", "••••0123 (20 characters)"),
        ("my-secret-2024", "•••• (14 characters)"),
        ("the name of my first dog 1", "•••• (26 characters)"),
        ("somebody.long@example.com", "•••• (25 characters)"),
        ("correct-horse-battery-staple", "•••• (28 characters)"),
    ],
)
def test_the_end_is_kept_of_long_keys_alone(secret, kept):
    assert redaction.masked(secret, "x-api-key") == kept


JWT = "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0NTY3ODkwIn0.dozjgNryP4J3jVmNHl0w5N_XgL0n3I9PlFUP0THsR8U"


@pytest.mark.parametrize(
    "token", [JWT, JWT.rpartition(".")[0] + ".", "eyJhbGciOiJkaXIifQ..AxY8DCtDaG.KDlTtXch.Mz-VPPyU4R"]
)
def test_a_token_in_a_sentence_is_hidden(token):
    note = f"she sent the {token} yesterday"
    for text in (
        redaction.body(orjson.dumps({"note": note}), "application/json").decode(),
        redaction.body(note.encode(), "text/plain").decode(),
        redaction.header("x-note", note),
        redaction.path(f"/a/{token}"),
        redaction.issued(note),
    ):
        assert token[:20] not in text and "characters)" in text
    cursor = b'{"next": "eyJpZCI6MTIzNDU2Nzg5MH0=", "host": "eyJmoo.example.com"}'
    assert redaction.body(cursor, "application/json") == cursor
