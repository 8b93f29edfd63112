"""Judges a replay: what differs from the answer of then, what of it is noise, how the request differed."""

from __future__ import annotations

import base64
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import orjson
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from actionstudio.apps.publishing.models import Key
from actionstudio.apps.replay import ignoring
from actionstudio.apps.replay.models import Replay
from actionstudio.core import compare
from actionstudio.core.judging import Rules, judge, noise_between, noisy_name, turned

LONGEST = 200  # characters of a value in the list of changes


@dataclass(frozen=True, slots=True)
class Line:
    """One change as the page lists it. ``pattern`` is what ignoring writes; ``noise``: it differs from run to run."""

    kind: str
    path: str
    before: str
    after: str
    pattern: str
    noise: bool = False


def answer(reply: dict) -> compare.Answer:
    """A kept reply as core compares it."""
    kind = next((value for name, value in reply["headers"] if name.lower() == "content-type"), "")
    return compare.Answer(reply["status"], reply["headers"], base64.b64decode(reply["body"]), kind)


def unkept(reply: dict) -> bool:
    """Whether an answer had a body of which nothing was kept."""
    return reply["size"] > 0 and not reply["body"]


def comparable(row: Replay) -> bool:
    """Whether there is more to compare than status and headers: nothing is known of a body that was not kept."""
    sides = [one for one in (row.before, row.after) if one]
    return row.call.get("method") == "HEAD" or not any(map(unkept, sides))


def settled(row: Replay) -> bool:
    """Whether it can be said that the answers are the same; what cannot be compared is noted down."""
    row.facts = {**row.facts, "comparable": comparable(row)}
    return row.facts["comparable"]


def answers(row: Replay) -> tuple[compare.Answer, compare.Answer, bool]:
    """The answers of then and now as they can be compared, and whether these are only their beginnings: of what the
    log or a replay has cut, as much as both have."""
    then, now = answer(row.before), answer(row.after)
    if not comparable(row):
        return then._replace(body=b""), now._replace(body=b""), True
    if row.before.get("cut"):
        now = now._replace(body=now.body[: len(then.body)])
    elif row.after.get("cut"):
        then = then._replace(body=then.body[: len(now.body)])
    return then, now, bool(row.before.get("cut") or row.after.get("cut"))


def difference(row: Replay, book: ignoring.Book | None = None) -> compare.Difference:
    """What differs between then and now, without what is ignored here or by the project's rules (``book``, when it has
    been read already); of a run's replay also without noise of every kind, as its verdict is."""
    then, now, beginnings = answers(row)
    book = ignoring.Book(row.project) if book is None else book
    if row.run_id:
        said_back = row.facts.get("echoes", ())
        rules = Rules(ignore=(*row.ignore, *said_back)) + book.rules(row.operation_id, row.call["path"])
        noisy = noise_between(now, answer(row.again)) if row.again else ()
        return judge(then, now, rules, noisy, beginnings=beginnings).difference
    if not book:
        return compare.compare_reply(then, now, row.ignore)
    return judge(then, now, Rules(ignore=tuple(row.ignore)) + book.few(row.operation_id, row.call["path"])).difference


def noise(row: Replay) -> list[str]:
    """Patterns of what differed between two runs of the same call, and does not count for that reason."""
    if not row.again or not row.after:
        return []
    counts = {line.pattern for line in lines(row, difference(row)) if not line.noise}
    return [one for one in compare.noise(answer(row.after), answer(row.again)) if one not in counts]


def counted(row: Replay, found: compare.Difference) -> tuple[int, int]:
    """In how many places the answer differs, and in how many more it does from run to run only. A status of another
    class is one place: what else differs comes with it."""
    if turned(found):
        return 1, 0
    listed = lines(row, found)
    shaky = sum(line.noise for line in listed)
    return len(listed) - shaky, shaky


def departs(row: Replay) -> bool:
    """Whether the verdict of a run says that the answer departs from the contract, whatever else differs."""
    return any(one["kind"] == "violations" for one in row.facts.get("reasons") or ())


def body_changes(row: Replay, found: compare.Difference) -> int:
    """How many changes of the body count."""
    shaky = _shaky(row)
    return sum(noisy_name(change) not in shaky for change in found.body)


def lines(row: Replay, found: compare.Difference) -> list[Line]:
    """The changes in the order in which they matter: status, body, headers."""
    shaky = _shaky(row)
    out = [_line(found.status, "status", False)] if found.status else []
    out += [_line(change, change.path, noisy_name(change) in shaky) for change in found.body]
    named = [(change, f"header:{change.path}") for change in found.headers]
    return out + [_line(change, name, name in shaky) for change, name in named]


def _shaky(row: Replay) -> frozenset[str]:
    """What differed between two runs, as a verdict takes it: of that sort only. A member that is new is new, whatever
    stands in it."""
    return frozenset(noise_between(answer(row.after), answer(row.again))) if row.again and row.after else frozenset()


def facts(row: Replay) -> list[str]:
    """What was different about the request, in words; empty when it was the same in every respect."""
    carried = _carried(row.facts.get("carried", ()))
    return [*_edited(row.facts.get("edited", ())), *carried, *_credential(row), *_surroundings(row)]


def revisions(row: Replay) -> tuple[int, int] | None:
    """The version that answered then and the one that answered now, when they differ."""
    then, now = row.facts.get("revision"), row.after.get("revision")
    return (then, now) if then and now and then != now else None


def _line(change: compare.Change, name: str, noise: bool) -> Line:
    pattern = re.sub(r"\[\d+\]", "[*]", name) if name.startswith("$") else name
    path = name.removeprefix("header:")
    if name.startswith("line "):
        pattern = "$"
    return Line(change.kind, path, _short(change.before), _short(change.after), pattern, noise)


def _short(value: Any) -> str:
    text = orjson.dumps(value, default=str).decode() if not isinstance(value, str) else f'"{value}"'
    return text if len(text) <= LONGEST else text[:LONGEST] + "…"


def _edited(names) -> Iterator[str]:
    words = {
        "method": _("The method was edited."),
        "path": _("The path was edited."),
        "query": _("The query was edited."),
        "body": _("The body was edited."),
    }
    for name in names:
        yield words.get(name) or _("The header %(name)s was edited.") % {"name": name.removeprefix("header:")}


def _carried(values) -> Iterator[str]:
    for one in values:
        words = _("%(place)s is %(new)s instead of %(old)s: an earlier answer of the conversation brought it.")
        yield words % one


def _credential(row: Replay) -> Iterator[str]:
    withheld, key_id = row.facts.get("withheld") or [], row.facts.get("key_id")
    if row.facts.get("typed"):
        yield _("The header %(name)s was typed in for this run; it is not kept.") % {"name": row.facts["typed"]}
    if person := row.facts.get("as"):
        user = row.project.end_users.filter(sub=person["sub"]).first()
        name = user.username if user else _("a deleted account")
        yield _("It counted as a call of %(name)s, signed in: the log holds no token.") % {"name": name}
    elif key_id and key_id > 0:
        name = Key.objects.filter(pk=key_id).values_list("name", flat=True).first() or _("a deleted key")
        yield _("It counted as carrying the key “%(name)s”: the log does not hold its text.") % {"name": name}
    elif key_id:
        yield _("It counted as carrying a good credential: the log does not hold its text.")
    if stood_in := row.facts.get("stood_in"):
        words = _("In the place of what the log hides in %(names)s, which was refused, another text was sent.")
        yield words % {"names": ", ".join(stood_in)}
    if withheld:
        text = ngettext(
            "%(names)s was not sent: the log hides its value.",
            "%(names)s were not sent: the log hides their values.",
            len(withheld),
        )
        yield text % {"names": ", ".join(withheld)}


def _here(row: Replay) -> bool:
    return row.target == "live" or row.target.startswith("revision:")


def _surroundings(row: Replay) -> Iterator[str]:
    if row.target == "upstream":
        yield _("It was sent to the upstream (%(url)s).") % {"url": row.after.get("url") or "–"}
    elif not _here(row):
        yield _("It was sent to %(url)s.") % {"url": row.target}
    if row.facts.get("translated"):
        words = _("It was translated to the document's shape, which is all that server knows (%(what)s).")
        yield words % {"what": row.facts["translated"]}
    if row.facts.get("masked", row.facts.get("masked_body")):
        marks = _("It held values that the log hides; in their place the marks were sent.")
        yield (
            marks if _here(row) else _("It held values that the log hides; in their place the word “hidden” was sent.")
        )
    if row.facts.get("cut"):
        yield _("The log kept only the beginning of its body; only that was sent.")
    if found := revisions(row):
        yield _("Then version %(then)s answered, now version %(now)s.") % {"then": found[0], "now": found[1]}
