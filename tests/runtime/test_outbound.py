"""The one door to other servers: what it refuses, and that nothing outlives its bounds."""

import gzip
import http.server
import ipaddress
import socket
import threading
import time
import zlib

import brotli
import pytest

from actionstudio.runtime import dialing, outbound
from actionstudio.runtime.outbound import OutboundRefused, fetch, is_public

HOSTILE = [
    "http://127.0.0.1/",
    "http://127.1/",
    "http://2130706433/",
    "http://0x7f.1/",
    "http://017700000001/",
    "http://0/",
    "http://localhost/",
    "http://１２７.0.0.1/",
    "http://[::1]/",
    "http://[::]/",
    "http://[::ffff:127.0.0.1]/",
    "http://[::127.0.0.1]/",
    "http://[64:ff9b::7f00:1]/",
    "http://[fe80::1]/",
    "http://[fd00::1]/",
    "http://[ff02::1]/",
    "http://10.0.0.1/",
    "http://172.16.0.1/",
    "http://192.168.1.1/",
    "http://100.64.0.1/",
    "http://169.254.169.254/latest/meta-data/",
    "http://168.63.129.16/",
    "http://224.0.0.1/",
    "http://240.0.0.1/",
    "file:///etc/passwd",
    "gopher://127.0.0.1/",
    "ftp://example.com/",
    "http://user:pw@example.com/",
    "http:///path",
    "http://a b/",
    "http://example.com:0/",
    "//example.com",
    "",
]


@pytest.mark.parametrize("url", HOSTILE)
def test_a_hostile_url_is_refused_without_a_connection(url, monkeypatch):
    monkeypatch.setattr(socket, "create_connection", lambda *a, **k: pytest.fail("connected"))
    with pytest.raises(OutboundRefused):
        fetch("GET", url, timeout=3)


@pytest.mark.parametrize(
    ("text", "public"),
    [
        ("8.8.8.8", True),
        ("2606:4700::1111", True),
        ("192.88.99.1", False),
        ("2002:7f00:1::", False),
        ("3fff::1", False),
    ],
)
def test_public_means_public(text, public):
    assert is_public(ipaddress.ip_address(text)) is public


def test_every_address_of_a_name_must_be_allowed(monkeypatch):
    mixed = [(2, 1, 6, "", ("8.8.8.8", 80)), (2, 1, 6, "", ("10.0.0.1", 80))]
    monkeypatch.setattr(socket, "getaddrinfo", lambda *a, **k: mixed)
    monkeypatch.setattr(socket, "create_connection", lambda *a, **k: pytest.fail("connected"))
    with pytest.raises(OutboundRefused, match="private"):
        fetch("GET", "http://mixed.example/")


@pytest.mark.parametrize(
    "host",
    ["169.254.169.254", "2852039166", "[::ffff:169.254.169.254]", "[64:ff9b::a9fe:a9fe]", "[fe80::1]",
     "100.100.100.200", "168.63.129.16", "192.0.0.192", "[fd00:ec2::254]"],
)  # fmt: skip
def test_addresses_that_tell_a_machine_its_keys_are_not_called_even_where_private_ones_are(host, monkeypatch):
    monkeypatch.setattr(socket, "create_connection", lambda *a, **k: pytest.fail("connected"))
    assert reason(f"http://{host}/v1", allow_private=True, timeout=3) == "never"


class Evil(http.server.BaseHTTPRequestHandler):
    """One path a trick."""

    protocol_version = "HTTP/1.1"

    def do_GET(self):
        getattr(self, "path_" + self.path.strip("/").partition("?")[0].partition("/")[0], self.path_echo)()

    do_POST = do_GET

    def reply(self, body=b"", status=200, **headers):
        self.send_response(status)
        for name, value in {**headers, "Content-Length": str(len(body))}.items():
            self.send_header(name.replace("_", "-"), value)
        self.end_headers()
        self.wfile.write(body)

    def path_echo(self):
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        self.reply(f"{self.command} {self.path}\n{self.headers}".encode() + body)

    def path_gzip(self):
        self.reply(gzip.compress(b"hello"), Content_Encoding="gzip")

    def path_bomb(self):
        packer = zlib.compressobj(9, zlib.DEFLATED, 31)
        parts = [packer.compress(b"\0" * 1_000_000) for _ in range(60)]
        self.reply(b"".join(parts) + packer.flush(), Content_Encoding="gzip")

    def path_damaged(self):
        self.reply(b"no gzip at all", Content_Encoding="gzip")

    def path_brotli(self):
        self.reply(b"x", Content_Encoding="br")

    def path_large(self):
        self.reply(b"x" * 3_000_000)

    def path_once(self):
        self.reply(status=302, Location="/echo?a=1")

    def path_loop(self):
        self.reply(status=302, Location="/loop")

    def path_file(self):
        self.reply(status=302, Location="file:///etc/passwd")

    def path_elsewhere(self):
        self.reply(status=307, Location=self.server.other + "/echo")

    def path_drip(self):
        self.send_response(200)
        self.send_header("Content-Length", "1000")
        self.end_headers()
        try:
            for _ in range(100):
                self.wfile.write(b"x")
                self.wfile.flush()
                time.sleep(0.05)
        except OSError:
            return

    def log_message(self, *args):
        pass


@pytest.fixture(scope="module")
def evil():
    servers = [http.server.ThreadingHTTPServer(("127.0.0.1", 0), Evil) for _ in range(2)]
    for server in servers:
        server.daemon_threads = True
        threading.Thread(target=server.serve_forever, daemon=True).start()
    servers[0].other = f"http://127.0.0.1:{servers[1].server_port}"
    yield f"http://127.0.0.1:{servers[0].server_port}"
    for server in servers:
        server.shutdown()


def ask(url, method="GET", **options):
    return fetch(method, url, allow_private=True, **{"timeout": 10, **options})


def test_what_is_sent_arrives_and_the_connections_own_headers_are_ours(evil):
    headers = (("X-A", "1"), ("Host", "evil.example"), ("Connection", "close"), ("Content-Length", "999"))
    answer = ask(f"{evil}/echo/a b?q=1", "POST", headers=headers, body=b"body")
    text = answer.body.decode()
    assert text.startswith("POST /echo/a%20b?q=1\n") and text.endswith("body")
    assert "X-A: 1" in text and "evil.example" not in text and "999" not in text
    assert "Via: 1.1 action-studio" in text
    assert answer.duration_us > 0


def test_compressed_answers_are_decoded(evil):
    answer = ask(f"{evil}/gzip")
    assert answer.body == b"hello"
    assert "content-encoding" not in dict(answer.headers)


def test_redirects_are_followed_by_hand_or_handed_back(evil):
    assert ask(f"{evil}/once").url == f"{evil}/echo?a=1"
    assert ask(f"{evil}/once", redirects=0).status == 302


def test_credentials_do_not_travel_to_another_server(evil):
    headers = (("Authorization", "Bearer s"), ("X-Keep", "1"))
    assert b"Bearer s" in ask(f"{evil}/once", headers=headers).body
    elsewhere = ask(f"{evil}/elsewhere", headers=headers)
    assert b"Bearer s" not in elsewhere.body and b"X-Keep" in elsewhere.body


@pytest.mark.parametrize(
    ("path", "options", "message"),
    [
        ("/loop", {}, "redirects"),
        ("/file", {}, "http"),
        ("/bomb", {}, "larger than 10 MB"),
        ("/large", {"max_bytes": 1_000_000}, "larg"),
        ("/damaged", {}, "damaged"),
        ("/brotli", {}, "coding"),
        ("/drip", {"timeout": 0.5}, "in time"),
        ("/echo", {"headers": (("X-A", "1\r\nX-B: 2"),)}, "cannot be sent"),
        ("/echo", {"headers": (("X A", "1"),)}, "cannot be sent"),
    ],
)
def test_what_goes_wrong_is_said_plainly_and_soon(evil, path, options, message):
    began = time.monotonic()
    with pytest.raises(OutboundRefused, match=message):
        ask(evil + path, **options)
    assert time.monotonic() - began < 3


def test_a_port_where_nobody_listens_is_said_plainly():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    with pytest.raises(OutboundRefused, match="failed"):
        ask(f"http://127.0.0.1:{port}/")


def test_a_name_that_cannot_be_looked_up_in_time_is_given_up(monkeypatch):
    monkeypatch.setattr(dialing.socket, "getaddrinfo", lambda *a, **k: time.sleep(1))
    with pytest.raises(OutboundRefused, match="in time"):
        fetch("GET", "http://slow.example/", timeout=0.2)


def reason(url, **options) -> str:
    with pytest.raises(OutboundRefused) as refused:
        fetch("GET", url, **{"timeout": 3, **options})
    return refused.value.reason


def test_where_nobody_listens_the_cure_is_told_and_no_number_of_the_system():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        url = f"http://127.0.0.1:{probe.getsockname()[1]}/openapi.json"
    with pytest.raises(OutboundRefused, match=r"nothing answers there \(Connection refused\). Is the server running"):
        fetch("GET", url, timeout=3, allow_private=True)


def test_programs_are_told_why_too(evil, monkeypatch):
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        closed = probe.getsockname()[1]
    assert reason("http://127.0.0.1/") == "private"
    assert reason(f"http://127.0.0.1:{closed}/", allow_private=True) == "connect"
    assert reason(evil.replace("http:", "https:"), allow_private=True) == "tls"
    assert reason(f"{evil}/drip", allow_private=True, timeout=0.5) == "time"
    assert reason(f"{evil}/large", allow_private=True, max_bytes=1_000) == "large"
    assert reason(f"{evil}/damaged", allow_private=True) == ""

    def unknown(*args, **options):
        raise socket.gaierror

    monkeypatch.setattr(dialing.socket, "getaddrinfo", unknown)
    assert reason("http://nobody.example/") == "name"


def test_an_exact_request_has_the_callers_headers_in_their_order_and_no_others():
    heard = {}

    class Handler(http.server.BaseHTTPRequestHandler):
        def do_POST(self):
            heard["lines"] = [f"{name}: {value}" for name, value in self.headers.items()]
            heard["body"] = self.rfile.read(int(self.headers["content-length"]))
            self.send_response(200)
            self.send_header("content-length", "2")
            self.end_headers()
            self.wfile.write(b"ok")

        def log_message(self, *args):
            pass

    with http.server.HTTPServer(("127.0.0.1", 0), Handler) as server:
        thread = threading.Thread(target=server.handle_request)
        thread.start()
        url = f"http://127.0.0.1:{server.server_address[1]}/x"
        sent = (("user-agent", "somebody"), ("accept-encoding", "gzip, zstd, deflate, br"), ("x-one", "1"))
        assert fetch("POST", url, sent, b"{}", allow_private=True, exact=True).body == b"ok"
        thread.join()
    host = f"Host: 127.0.0.1:{server.server_address[1]}"
    codings = "accept-encoding: gzip, deflate, br"
    lines = [host, "Content-Length: 2", "user-agent: somebody", codings, "x-one: 1"]
    assert heard == {"lines": lines, "body": b"{}"}


def test_a_body_in_brotli_is_read_within_bounds():
    packed = brotli.compress(b"hello world " * 100_000)
    pieces = [packed[at : at + 7] for at in range(0, len(packed), 7)]
    assert (
        b"".join(outbound._decoded([(b"content-encoding", b"br")], pieces, 2_000_000, ["br"]))
        == b"hello world " * 100_000
    )
    with pytest.raises(OutboundRefused, match="larger"):
        list(outbound._decoded([(b"content-encoding", b"br")], pieces, 1_000_000, ["br"]))
    with pytest.raises(OutboundRefused, match="damaged"):
        list(outbound._decoded([(b"content-encoding", b"br")], [b"xx" + packed], 2_000_000, ["br"]))


def test_what_has_no_body_says_nothing_of_its_length():
    heard = []

    class Handler(http.server.BaseHTTPRequestHandler):
        def do_GET(self):
            heard.extend(name.lower() for name in self.headers)
            self.send_response(204)
            self.end_headers()

        def log_message(self, *args):
            pass

    with http.server.HTTPServer(("127.0.0.1", 0), Handler) as server:
        thread = threading.Thread(target=server.handle_request)
        thread.start()
        fetch("GET", f"http://127.0.0.1:{server.server_address[1]}/x", allow_private=True)
        thread.join()
    assert "host" in heard and "content-length" not in heard
