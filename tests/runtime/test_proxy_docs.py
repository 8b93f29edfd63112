"""What docs/mocking.md says of the proxy is what it does."""

import re
from pathlib import Path

import orjson

from actionstudio.core import codec
from actionstudio.core.behaviour import Proxy
from tests.runtime.proxying import proxied, send
from tests.runtime.upstream import answer

DOCS = (Path(__file__).resolve().parents[2] / "docs/mocking.md").read_text()
SECTION = DOCS.split("\n## Proxy\n")[1].split("\n## ")[0]


def test_the_example_asks_what_it_says(upstream):
    text = re.search(r"\n\n((?:    .*\n)+)", SECTION)[1]
    value = codec.value_of(Proxy, orjson.loads(text))
    asked, wanted = re.search(r"`GET (\S+)` asks `GET (\S+)`", SECTION).groups()
    fields = {name: getattr(value, name) for name in ("request", "retries", "cache", "keep", "fall_back_on", "record")}
    upstream.reply = lambda seen: answer(b"{}", "200 OK", "Content-Type: application/json")
    assert send(proxied(upstream.url, path="/players", methods="GET", **fields), url=asked).reply.status == 200
    assert upstream.last.target == wanted


def test_every_setting_in_the_table_is_one():
    rows = re.findall(r"^\| ((?:`\w+`(?:, )?)+) \|", SECTION, re.MULTILINE)
    names = {name for row in rows for name in re.findall(r"`(\w+)`", row)}
    assert names == set(Proxy.__dataclass_fields__) - {"upstream", "request", "response"}
