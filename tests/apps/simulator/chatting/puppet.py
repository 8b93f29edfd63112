"""A model that says what a test tells it to, and remembers what it was asked."""

from __future__ import annotations

import json

from actionstudio.apps.simulator.providers.provider import Reply, Text, Usage, Wish


def wish(name: str, number: int = 1, **arguments) -> Wish:
    return Wish(f"call_{number}", name, json.dumps(arguments))


class Puppet:
    """``lines`` are texts, lists of wishes, exceptions, or functions of (prompt, stopped) that give events. When they
    run out it says "Done."."""

    label = "puppet"

    def __init__(self, *lines) -> None:
        self.lines = list(lines)
        self.asked: list = []

    def __call__(self, chat) -> Puppet:
        return self

    def stream(self, prompt, stopped=bool):
        self.asked.append(prompt)
        line = self.lines.pop(0) if self.lines else "Done."
        if callable(line):
            yield from line(prompt, stopped)
        elif isinstance(line, Exception):
            raise line
        elif isinstance(line, str):
            for word in line.split(" "):
                yield Text(f"{word} ")
            yield Reply(line, usage=Usage(10, 2, 0.001), ms=5)
        else:
            yield Reply("", tuple(line), "calls", Usage(10, 2, 0.001), why={"chosen": line[0].name}, ms=5)
