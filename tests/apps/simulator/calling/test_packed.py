"""Calls to another server say which codings ChatGPT takes, and read answers in each of them."""

import gzip
import http.server
import json
import threading
import zlib

import brotli
import pytest
from django.core.cache import cache

from actionstudio.apps.simulator.calling import acting, performing
from tests import make
from tests.apps.simulator.calling.test_making import WHO, operation

pytestmark = pytest.mark.django_db
ITEMS = json.dumps([{"id": number, "name": "cable"} for number in range(200)]).encode()
PACKED = {"br": brotli.compress(ITEMS), "gzip": gzip.compress(ITEMS), "deflate": zlib.compress(ITEMS)}


@pytest.fixture
def packing():
    """A server on loopback that answers in the coding that its path names; what it was asked with."""
    asked: list[dict[str, str]] = []

    class Handler(http.server.BaseHTTPRequestHandler):
        def do_GET(self):
            asked.append({name.lower(): value for name, value in self.headers.items()})
            coding = self.path.strip("/")
            body = PACKED[coding]
            self.send_response(200)
            self.send_header("content-type", "application/json")
            self.send_header("content-encoding", coding)
            self.send_header("content-length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_words):
            pass

    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}", asked
    server.shutdown()
    server.server_close()


@pytest.mark.parametrize("coding", sorted(PACKED))
def test_an_answer_is_read_in_every_coding_that_chatgpt_takes(packing, settings, coding):
    settings.STUDIO_ALLOW_PRIVATE_UPSTREAMS = True
    cache.clear()
    base, asked = packing
    document = {
        "openapi": "3.1.0",
        "info": {"title": "x", "version": "1"},
        "servers": [{"url": base}],
        "paths": {f"/{one}": {"get": operation(f"read_{one}")} for one in PACKED},
    }
    found = acting.of_document(make.project(), json.dumps(document), f"{base}/openapi.json")
    done = performing.perform(found, f"read_{coding}", "{}", identity=WHO, consent="allow")
    assert asked[0]["accept-encoding"] == "gzip, deflate, br"
    assert (done.code, done.told) == ("", ITEMS.decode())
    response = done.last.response
    assert response["size"] == len(ITEMS) and response["body"] == ITEMS.decode()
    assert not any(name == "content-encoding" for name, _value in response["headers"])
