"""Logos are checked, fitted and written anew."""

import io
import struct
import zlib

import pytest
from PIL import Image

from actionstudio.apps.library import logo
from actionstudio.core.problem import Refused


def image(kind="PNG", size=(800, 400), **options) -> bytes:
    out = io.BytesIO()
    Image.new("RGB", size, "#336699").save(out, kind, **options)
    return out.getvalue()


@pytest.mark.parametrize("kind", logo.FORMATS)
def test_each_format_becomes_a_png_that_fits(kind):
    with Image.open(io.BytesIO(logo.checked(image(kind)))) as made:
        assert (made.format, made.size) == ("PNG", (512, 256))


def test_a_small_one_stays_small():
    with Image.open(io.BytesIO(logo.checked(image(size=(64, 64))))) as made:
        assert made.size == (64, 64)


def test_what_hides_in_the_file_does_not_survive():
    exif = Image.Exif()
    exif[0x010E] = "secret place"
    assert b"secret" not in logo.checked(image("JPEG", exif=exif) + b"<script>secret</script>")


def chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def bomb() -> bytes:
    """A small file that says it is 60,000 pixels wide and high."""
    head = struct.pack(">IIBBBBB", 60_000, 60_000, 8, 2, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(b"\0" * 1000)) + chunk(b"IEND", b"")
    )


@pytest.mark.parametrize(
    ("data", "says"),
    [
        (b"", "not an image"),
        (b"hello", "not an image"),
        (image("BMP"), "not an image"),
        (image()[:200], "damaged"),
        (bomb(), "40 million"),
        (b"<svg xmlns='http://www.w3.org/2000/svg'/>", "SVG"),
        (b"\xef\xbb\xbf<?xml version='1.0'?><svg/>", "SVG"),
        (b"x" * (logo.LARGEST + 1), "5 MB"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_anything_else_is_refused_with_the_reason(data, says):
    with pytest.raises(Refused, match=says):
        logo.checked(data)
