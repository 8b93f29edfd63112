"""Readable test documents: what the case shows, the document, what the editor says, and what is left of it.

Four parts with a line ``----`` between: a sentence, and the options of the import, one a line; the document; the
messages as ``level | rule | text`` (``silent level | rule | text`` where nobody says anything); the operations.
After a change of the simulation, ``python -m tests.core.importer.golden`` writes the last two parts anew: read the
difference, line by line, before it is committed.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from actionstudio.core.importer import Import, simulate

FOLDER = Path(__file__).resolve().parents[2] / "golden" / "importer"
FILES = sorted(FOLDER.glob("*.txt"))
LINE = "----\n"
_LISTS, _FLAGS = ("domains", "allowed"), ("public",)


@dataclass(frozen=True)
class Case:
    """One golden document."""

    head: str
    document: str
    messages: str
    operations: str

    @property
    def options(self) -> dict[str, Any]:
        """What is handed to the simulation beside the text."""
        found: dict[str, Any] = {}
        for line in self.head.splitlines()[1:]:
            name, _, value = line.partition(":")
            value = value.strip()
            if name.startswith("gpt "):
                found.setdefault("gpt", {})[name.removeprefix("gpt ")] = value
            else:
                found[name] = value.split() if name in _LISTS else True if name in _FLAGS else value
        return found

    def run(self) -> Import:
        """What the simulation makes of it."""
        return simulate(self.document, **self.options)


def read(path: Path) -> Case:
    """The case in a file. The last two parts may be missing while it is being written."""
    parts = path.read_text().split(LINE)
    return Case(*(parts + ["", ""])[:4])


def messages(result: Import) -> str:
    """What the editor says, and then what nobody says."""
    lines = [f"{message.level} | {message.rule} | {message.text}" for message in result.messages]
    lines += [f"silent {message.level} | {message.rule} | {message.text}" for message in result.silent]
    return "".join(f"{line}\n" for line in lines)


def operations(result: Import) -> str:
    """What is left."""
    lines = [] if not result.fatal else ["refused"]
    for op in result.operations:
        name = op.operation_id or f"{op.method} {op.path}"
        lost = f" without {', '.join(op.dropped_parameters)}" if op.dropped_parameters else ""
        shown = ", ".join(item.name if item.required else f"{item.name}?" for item in op.arguments)
        asks = " asks" if op.asks else ""
        lines.append(f"{name}({shown}){lost}{asks}" if op.kept else f"dropped {name}")
    return "".join(f"{line}\n" for line in lines)


def main() -> None:
    for path in FILES:
        case = read(path)
        result = case.run()
        path.write_text(LINE.join([case.head, case.document, messages(result), operations(result)]))


if __name__ == "__main__":
    main()
