"""Chats with a model that takes its time, over the studio's own API: what stories and the benchmark need of them."""

from __future__ import annotations

import json
import threading
import time
from typing import Any

import httpx2

from tests import openai_server
from tests.openai_server import Server, Turn
from tests.studio import Studio

WORDS = tuple(f"word{n} " for n in range(60))
SLOW = Turn(WORDS, pause=0.2)  # twelve seconds in all: time enough to begin ten, also on a busy computer
MAKE = """
from actionstudio.apps.accounts.models import ApiToken
from actionstudio.apps.simulator.endpoints import keeping
from actionstudio.apps.simulator.models import Endpoint
from tests import make
ann = make.user("ann")
make.project({slug!r}, ann, make.contract(make.operation(), make.operation("POST")))
row = Endpoint.objects.create(user=ann, name={slug!r}, base_url={url!r}, model="gpt-test")
keeping.keep(row, {key!r})
print(row.pk, ApiToken.mint(ann, "story")[1])
"""


class Talker:
    """Ann, who chats in a project of hers with a model at ``server``."""

    def __init__(self, studio: Studio, server: Server, slug: str) -> None:
        out = studio.shell(MAKE.format(slug=slug, url=server.base_url, key=openai_server.KEY)).split()
        self.model, self.studio = int(out[0]), studio
        self.path = f"/api/v1/projects/{slug}/simulator/chats/"
        self.headers = {"authorization": f"Bearer {out[1]}"}

    def send(self, method: str, path: str, body: Any = None) -> Any:
        url = f"http://127.0.0.1:{self.studio.port}{path}"
        got = httpx2.request(method, url, json=body, headers=self.headers, trust_env=False, timeout=60)
        assert got.status_code < 300, got.text
        return got.json()

    def open(self, text: str) -> dict[str, Any]:
        """A chat in which ``text`` was said."""
        return self.send("POST", self.path, {"text": text, "model": self.model})

    def chat(self, key: str) -> dict[str, Any]:
        return self.send("GET", f"{self.path}{key}/")

    def until(self, key: str, holds, seconds: float = 60) -> dict[str, Any]:
        """The chat as soon as ``holds(chat)``."""
        until = time.monotonic() + seconds
        while time.monotonic() < until:
            if holds(chat := self.chat(key)):
                return chat
            time.sleep(0.1)
        raise AssertionError(f"it never came to that: {chat}")


class Listener(threading.Thread):
    """Hears a chat's stream to its end. ``events`` are (seconds, name, data), ``text`` what the answer came to."""

    def __init__(self, talker: Talker, key: str) -> None:
        super().__init__(daemon=True)
        self.talker, self.key = talker, key
        self.events: list[tuple[float, str, Any]] = []
        self.text = ""

    def run(self) -> None:
        url = f"http://127.0.0.1:{self.talker.studio.port}{self.talker.path}{self.key}/tail"
        headers = {**self.talker.headers, "accept": "text/event-stream"}
        name = ""
        with httpx2.stream("GET", url, headers=headers, trust_env=False, timeout=60) as answer:
            for line in answer.iter_lines():
                field, _, value = line.partition(": ")
                if field == "event":
                    name = value
                elif field == "data":
                    self._hear(name, json.loads(value))

    def _hear(self, name: str, data: Any) -> None:
        self.events.append((time.monotonic(), name, data))
        if name == "message" and data["role"] == "assistant":
            self.text = data["text"]
        elif name == "text":
            self.text = self.text[: data["from"]] + data["text"]

    @property
    def pieces(self) -> int:
        """How often more of the text came."""
        return sum(name == "text" for _at, name, _data in self.events)

    @property
    def over(self) -> bool:
        return any(name == "end" for _at, name, _data in self.events)
