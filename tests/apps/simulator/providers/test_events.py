"""Server-sent events come whole out of any pieces."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from actionstudio.apps.simulator.providers import events

STREAM = (
    '\ufeff: hello\r\ndata: {"a": "é한"}\r\n\r\nevent: x\ndata:two\ndata: lines\nid: 7\n\n\n\rdata: last\r\rdata: cut'
)
WANTED = ['{"a": "é한"}', "two\nlines", "last", "cut"]


def test_names_comments_and_line_ends_do_not_matter():
    assert list(events.data([STREAM.encode()])) == WANTED


@given(st.lists(st.integers(0, len(STREAM.encode()))))
def test_it_does_not_matter_how_the_bytes_are_cut(cuts):
    raw = STREAM.encode()
    at = [0, *sorted(cuts), len(raw)]
    assert list(events.data(raw[a:b] for a, b in zip(at, at[1:], strict=False))) == WANTED


def test_byte_by_byte():
    assert list(events.data(bytes([byte]) for byte in STREAM.encode())) == WANTED


def test_an_event_is_given_as_soon_as_it_is_whole():
    def pieces():
        yield b"data: one\n\n"
        pytest.fail("asked for more")

    assert next(events.data(pieces())) == "one"


@pytest.mark.parametrize("piece", [b"x" * 65536, b"data: " + b"x" * 65536 + b"\n", b"data:\n"])
def test_an_event_without_an_end_is_refused(piece, monkeypatch):
    monkeypatch.setattr(events, "LONGEST", 1_000_000)
    with pytest.raises(events.TooLong):
        list(events.data(piece for _ in range(1_100_000 if len(piece) < 10 else 30)))
