"""Files into a call and out of an answer, as ChatGPT takes them."""

import base64
import json

import pytest

from actionstudio.core.chatgpt import files
from actionstudio.core.importer import simulate_document
from actionstudio.core.importer.message import Argument, ImportedOperation

TEXTS = {"type": "array", "items": {"type": "string"}}


def operation(method: str = "POST", schema=TEXTS, name: str = files.ARGUMENT) -> ImportedOperation:
    return ImportedOperation("send", method, "/send", "", arguments=(Argument(name, "body", schema=schema),))


@pytest.mark.parametrize(("one", "takes"), [
    (operation(), True),
    (operation("PUT"), False),
    (operation(name="openaiFileRefs"), False),
    (operation(schema={"type": "array", "items": {"type": "object"}}), False),
    (operation(schema={"type": "string"}), False),
])  # fmt: skip
def test_files_go_into_a_post_whose_argument_is_a_list_of_texts(one, takes):
    assert files.takes(one) is takes


def test_ids_become_links_and_unknown_ones_go_as_they_are():
    known = {"file-1": files.Sent("file-1", "a.csv", "text/csv")}
    found = files.references(["file-1", "file-2"], known, lambda one: f"https://x/{one.id}")
    wanted = {"name": "a.csv", "id": "file-1", "mime_type": "text/csv", "download_link": "https://x/file-1"}
    assert found == [wanted, "file-2"]


def test_at_most_ten_files_are_handed_on():
    assert len(files.references([f"file-{n}" for n in range(12)], {}, str)) == 10


def item(name="a.txt", kind="text/plain", content=b"hello", **more):
    return {"name": name, "mime_type": kind, "content": base64.b64encode(content).decode(), **more}


def answer(*items) -> bytes:
    return json.dumps({"ok": True, files.ANSWER: [*items]}).encode()


def test_an_answers_files_are_taken_out_before_the_model_is_told():
    text, found = files.split(answer(item(content=b"x" * 200_000), "https://files.example/b.pdf"))
    assert json.loads(text)[files.ANSWER] == [
        {"name": "a.txt", "mime_type": "text/plain"},
        "https://files.example/b.pdf",
    ]
    assert [(one.name, len(one.content), one.url, one.problem) for one in found] == [
        ("a.txt", 200_000, "", ""),
        ("", 0, "https://files.example/b.pdf", ""),
    ]


@pytest.mark.parametrize(
    "body", [b"", b"openaiFileResponse", b'["openaiFileResponse"]', b'{"a": "openaiFileResponse"}']
)
def test_other_answers_stay_as_they_came(body):
    assert files.split(body) == (body.decode(), [])


@pytest.mark.parametrize(("one", "word"), [
    (item(kind="image/png"), "Images"),
    (item(kind="Video/mp4"), "Images"),
    (item(content=b"x" * 10_000_001), "10 MB"),
    (item(content=b""), "content"),
    ({"name": "a", "mime_type": "text/plain", "content": "%%%"}, "base64"),
    ({"name": "a", "content": "eA=="}, "mime_type"),
    (7, "object"),
    ("file-1", "neither"),
])  # fmt: skip
def test_a_file_that_chatgpt_would_not_take_says_why(one, word):
    found = files.returned([one])[0]
    assert word in found.problem
    assert found.content == b""


def test_of_more_than_ten_files_the_others_are_told_of():
    assert [bool(one.problem) for one in files.returned([item()] * 12)] == [False] * 10 + [True] * 2
    assert files.returned({"name": "a"})[0].problem


NAMED = (("Content-Type", "text/csv; charset=utf-8"), ("Content-Disposition", 'attachment; filename="../a b.csv"'))


def test_a_file_behind_a_link_has_its_name_and_type_from_the_headers():
    found = files.fetched("https://x/y", 200, NAMED, b"1,2")
    assert (found.name, found.mime_type, found.content, found.problem) == (".._a b.csv", "text/csv", b"1,2", "")


@pytest.mark.parametrize(("status", "headers", "word"), [
    (404, NAMED, "404"),
    (200, NAMED[:1], "Content-Disposition"),
    (200, NAMED[1:], "Content-Type"),
    (200, (("Content-Type", "image/png"), NAMED[1]), "Images"),
])  # fmt: skip
def test_a_link_without_what_chatgpt_asks_for_brings_no_file(status, headers, word):
    assert word in files.fetched("https://x/y", status, headers, b"x").problem


def test_a_link_whose_answer_names_no_file_is_called_by_its_path():
    assert files.fetched("https://x/a%20b/c.csv?x=1", 200, (NAMED[0], ("Content-Disposition", "inline")), b"").name == (
        "c.csv"
    )


def test_the_model_is_told_of_file_ids():
    assert files.described("").startswith("None. File IDs are")
    assert simulate_document({}).fatal  # a document without operations offers none
