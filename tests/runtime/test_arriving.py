"""Answers that are read while they come: piece by piece, within bounds, and no longer than they are wanted."""

import gzip
import http.server
import socket
import threading
import time
import zlib

import pytest

from actionstudio.runtime.outbound import OutboundRefused, arriving


class Speaker(http.server.BaseHTTPRequestHandler):
    """One path a manner of speaking."""

    protocol_version = "HTTP/1.1"

    def do_POST(self):
        self.rfile.read(int(self.headers.get("Content-Length") or 0))
        getattr(self, f"path_{self.path.strip('/')}")()

    def begin(self, **headers):
        self.send_response(200)
        for name, value in {"Transfer-Encoding": "chunked", **headers}.items():
            self.send_header(name.replace("_", "-"), value)
        self.end_headers()

    def say(self, piece: bytes):
        self.wfile.write(f"{len(piece):x}\r\n".encode() + piece + b"\r\n")
        self.wfile.flush()

    def path_words(self):
        self.begin()
        for word in (b"one ", b"two ", b"three"):
            self.say(word)
            self.server.heard.wait(5)  # the next word comes only when this one was read
            self.server.heard.clear()
        self.wfile.write(b"0\r\n\r\n")

    def path_packed(self):
        assert self.headers["Accept-Encoding"] == "identity"
        self.begin(Content_Encoding="gzip")
        packer = zlib.compressobj(wbits=31)
        for word in (b"one ", b"two"):
            self.say(packer.compress(word) + packer.flush(zlib.Z_SYNC_FLUSH))
        self.say(packer.flush())
        self.wfile.write(b"0\r\n\r\n")

    def path_bomb(self):
        self.begin(Content_Encoding="gzip")
        self.say(gzip.compress(b"\0" * 5_000_000))
        self.wfile.write(b"0\r\n\r\n")

    def path_silent(self):
        self.begin()
        self.say(b"one")
        self.server.gone.wait(5)

    def path_mute(self):
        self.server.gone.wait(5)

    def path_drip(self):
        self.begin()
        try:
            while not self.server.gone.wait(0.02):
                self.say(b"x")
        except OSError:
            self.server.left.set()

    def path_cut(self):
        self.begin()
        self.say(b"one")
        self.connection.shutdown(socket.SHUT_RDWR)

    def path_moved(self):
        self.send_response(307)
        self.send_header("Location", "/words")
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, *args):
        pass


@pytest.fixture
def speaker():
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Speaker)
    server.daemon_threads = True
    server.handle_error = lambda *args: None  # a caller that has left is no error
    server.heard, server.gone, server.left = threading.Event(), threading.Event(), threading.Event()
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield server
    server.gone.set()
    server.shutdown()
    server.server_close()


def open_at(server, path, **options):
    url = f"http://127.0.0.1:{server.server_port}/{path}"
    return arriving("POST", url, body=b"{}", **{"allow_private": True, "timeout": 5, **options})


def test_a_piece_is_there_before_the_next_one_is_sent(speaker):
    heard = []
    with open_at(speaker, "words") as answer:
        assert answer.status == 200
        for piece in answer.pieces:
            heard.append(piece)
            speaker.heard.set()
    assert heard == [b"one ", b"two ", b"three"]


def test_a_server_that_packs_unasked_is_unpacked_as_it_comes(speaker):
    with open_at(speaker, "packed") as answer:
        assert "content-encoding" not in dict(answer.headers)
        assert list(answer.pieces) == [b"one ", b"two"]


def test_the_rest_is_read_no_further_than_wanted(speaker):
    with open_at(speaker, "drip") as answer:
        assert answer.rest(10) == b"x" * 10


def test_leaving_closes_the_connection(speaker):
    with open_at(speaker, "drip") as answer:
        next(answer.pieces)
    assert speaker.left.wait(5)


@pytest.mark.parametrize(
    ("path", "options", "reason"),
    [
        ("silent", {"silence": 0.2}, "time"),
        ("mute", {"silence": 0.2}, "time"),
        ("drip", {"timeout": 0.3}, "time"),
        ("cut", {}, "cut"),
        ("drip", {"max_bytes": 5}, "large"),
        ("bomb", {"max_bytes": 1_000_000}, "large"),
        ("words", {"allow_private": False}, "private"),
    ],
)
def test_what_goes_wrong_has_a_reason_and_comes_soon(speaker, path, options, reason):
    began = time.monotonic()
    with pytest.raises(OutboundRefused) as refused, open_at(speaker, path, **options) as answer:
        list(answer.pieces)
    assert refused.value.reason == reason
    assert time.monotonic() - began < 3


@pytest.mark.parametrize("path", ["mute", "silent", "drip"])
def test_it_ends_soon_after_it_is_stopped_although_nothing_comes(speaker, path):
    stop = threading.Event()
    threading.Timer(0.3, stop.set).start()
    began = time.monotonic()
    with pytest.raises(OutboundRefused) as refused, open_at(speaker, path, stopped=stop.is_set) as answer:
        list(answer.pieces)
    assert refused.value.reason == "stopped"
    assert 0.2 < time.monotonic() - began < 2


def test_a_redirect_is_handed_back(speaker):
    with open_at(speaker, "moved") as answer:
        assert answer.status == 307 and dict(answer.headers)["location"] == "/words"
