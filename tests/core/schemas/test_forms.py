"""Form bodies become typed values, files become their description, and neither grows without bound."""

import pytest

from actionstudio.core.problem import Refused
from actionstudio.core.schemas.forms import FormReader, files_as_text, read_form, read_multipart

SCHEMA = {
    "properties": {
        "n": {"type": "integer"},
        "tags": {"type": "array", "items": {"type": "string"}},
        "at": {"type": "object", "properties": {"x": {"type": "integer"}}},
        "photo": {"type": "string", "format": "binary"},
    }
}
KIND = "multipart/form-data; boundary=XX"


def part(head, content):
    return b"--XX\r\nContent-Disposition: form-data; " + head + b"\r\n\r\n" + content + b"\r\n"


BODY = (
    part(b'name="n"', b"5")
    + part(b'name="tags"', b"a")
    + part(b'name="photo"; filename="p.png"\r\nContent-Type: image/png', b"\x89PNG\r\n\r\n--X")
    + b"--XX--\r\n"
)
PHOTO = {"filename": "p.png", "content_type": "image/png", "size": 11}


def test_an_urlencoded_form_is_typed_by_its_schema():
    body = b"n=5&tags=a&tags=b+c&at=%7B%22x%22%3A1%7D&other=7&other=8"
    assert read_form(body, SCHEMA, {}) == {"n": 5, "tags": ["a", "b c"], "at": {"x": 1}, "other": ["7", "8"]}


def test_the_encoding_of_a_property_is_followed():
    reader = FormReader(SCHEMA, {}, {"tags": {"style": "pipeDelimited"}, "at": {"style": "deepObject"}})
    assert reader.read(b"tags=a|b&at[x]=2") == {"tags": ["a", "b"], "at": {"x": 2}}


def test_a_multipart_form_gives_texts_and_files():
    assert read_multipart(BODY, KIND) == {"n": "5", "tags": "a", "photo": PHOTO}


def test_a_compiled_reader_types_multipart_texts():
    value = FormReader(SCHEMA, {}).read_multipart(BODY, KIND)
    assert value == {"n": 5, "tags": ["a"], "photo": PHOTO}
    assert files_as_text(value)["photo"] == ""


@pytest.mark.parametrize(
    ("body", "kind"),
    [
        (BODY, "multipart/form-data"),
        (BODY[:-8], KIND),
        (b"--XX\r\n\r\nx\r\n--XX--", KIND),
        (part(b'name="a"', b"") * 1100 + b"--XX--", KIND),
    ],
)
def test_a_malformed_or_endless_multipart_form_is_refused(body, kind):
    with pytest.raises(Refused):
        read_multipart(body, kind)


@pytest.mark.parametrize("body", [b"a=1&" * 1100, b"\xff=1"])
def test_a_form_that_is_too_long_or_no_text_is_refused(body):
    with pytest.raises(Refused):
        read_form(body, {}, {})
