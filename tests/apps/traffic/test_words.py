"""The index of words is fed in the background, says no more than the log, and is made anew when it is lost."""

import random
import sqlite3
import time

import pytest
from django.db import connection, connections, router
from django.test.utils import CaptureQueriesContext

from actionstudio.apps.traffic import searching
from actionstudio.apps.traffic.filters import Filter
from actionstudio.apps.traffic.models import Exchange
from actionstudio.apps.traffic.words import feeding, segments, shelf
from actionstudio.apps.traffic.words.lite import LiteShelf
from actionstudio.apps.traffic.words.phrases import phrase
from actionstudio.apps.traffic.words.texts import readable, spaced
from actionstudio.apps.traffic.words.tokens import LONGEST, tokens
from tests import make

pytestmark = pytest.mark.django_db(databases="__all__")

AGO = int(time.time() * 1000) - 3_600_000


@pytest.fixture(autouse=True)
def index(tmp_path, monkeypatch):
    """An index of small segments."""
    monkeypatch.setattr(segments, "ROWS", 10)
    monkeypatch.setattr(feeding, "BATCH", 4)
    monkeypatch.setattr(feeding, "_counted", {"at": 0.0, "place": 0})
    shelf.use(LiteShelf(tmp_path / "search.sqlite3") if connection.vendor == "sqlite" else None)
    yield shelf.open_shelf()
    shelf.use(None)


def fed():
    """Feeds all there is; says how many."""
    done = 0
    while some := feeding.feed(rest=0):
        done += some
    return done


def found(project, q):
    return [row.pk for row in searching.page(project.pk, Filter(q=q)).rows]


def by_index(monkeypatch):
    """Lets nothing be read that the index does not name."""
    monkeypatch.setattr(searching.walking, "ids_before", lambda *_, **__: ([], None))


def test_calls_are_indexed_once_and_found_by_the_index(monkeypatch):
    project = make.project()
    made = [make.exchange(project, path="/milk", at=AGO + n).pk for n in range(25)]
    assert (fed(), fed()) == (25, 0)
    by_index(monkeypatch)
    assert found(project, "milk") == made[::-1]
    assert [one.rows for one in shelf.open_shelf().segments()] == [1, 12, 12]


def test_a_call_that_was_just_made_is_found_at_once():
    project = make.project()
    old = make.exchange(project, path="/milk", at=AGO)
    fed()
    new = make.exchange(project, path="/milk")
    assert fed() == 0
    assert found(project, "milk") == [new.pk, old.pk]


def test_what_was_deleted_is_not_found_and_leaves_the_index(index):
    project = make.project()
    made = [make.exchange(project, path="/milk", at=AGO + n) for n in range(25)]
    fed()
    gone = made[3].pk
    made[3].delete()
    feeding.forget([gone])
    assert gone not in found(project, "milk")
    assert [one.stale for one in index.segments()] == [False, False, True]
    feeding.tidy(index, alive=lambda: None)
    assert [(one.rows, one.stale) for one in index.segments()] == [(1, False), (12, False), (11, False)]
    assert len(found(project, "milk")) == 24
    assert len(index.tables()) == 3


def test_what_is_deleted_while_its_segment_is_written_anew_leaves_the_index_too(index):
    project = make.project()
    made = [make.exchange(project, path="/milk", at=AGO + n) for n in range(10)]
    fed()
    gone = [row.pk for row in made]

    def meanwhile():
        if row := made and made.pop(0):
            row.delete()
            feeding.forget(gone[:1])

    feeding.forget(gone[-1:])
    for _ in range(3):
        feeding.tidy(index, alive=meanwhile)
    left = Exchange.objects.count()
    assert left < 10
    made.clear()
    feeding.tidy(index, alive=lambda: None)
    assert [(one.rows, one.stale) for one in index.segments()] == [(left, False)]


def test_what_changed_is_found_by_its_new_words_alone(monkeypatch, index):
    project = make.project()
    row = make.exchange(project, response_body={"card": "4111"}, at=AGO)
    fed()
    Exchange.objects.filter(pk=row.pk).update(response_body=b'{"card": "hidden"}')
    assert found(project, "4111") == []
    feeding.forget([row.pk])
    feeding.tidy(index, alive=lambda: None)
    by_index(monkeypatch)
    assert found(project, "hidden") == [row.pk]


def test_a_call_that_was_committed_late_is_noticed(monkeypatch, index):
    project = make.project()
    for n in range(3):
        make.exchange(project, path="/milk", at=AGO + n * 10)
    fed()
    late = make.exchange(project, path="/milk", at=AGO + 5)
    feeding.tidy(index, alive=lambda: None)
    by_index(monkeypatch)
    assert late.pk in found(project, "milk")


def test_segments_older_than_the_log_are_dropped(index):
    project = make.project()
    made = [make.exchange(project, at=AGO + n).pk for n in range(25)]
    fed()
    Exchange.objects.filter(pk__lte=made[11]).delete()
    feeding.tidy(index, alive=lambda: None)
    assert [one.rows for one in index.segments()] == [1, 12]
    assert len(index.tables()) == 2


def test_every_segment_is_counted_in_turn(index, monkeypatch):
    project = make.project()
    made = [make.exchange(project, at=AGO + n) for n in range(25)]
    fed()
    for row in (made[2], made[20]):
        row.delete()
    for _ in range(6):
        monkeypatch.setitem(feeding._counted, "at", -1000.0)
        feeding.tidy(index, alive=lambda: None)
    assert [one.rows for one in index.segments()] == [1, 11, 11]


def test_another_version_of_the_index_is_thrown_away(monkeypatch, index):
    project = make.project()
    make.exchange(project, path="/milk", at=AGO)
    fed()
    for module in (feeding.segments, __import__(type(index).__module__, fromlist=["VERSION"])):
        monkeypatch.setattr(module, "VERSION", "0")
    assert index.mark() == 0
    assert len(found(project, "milk")) == 1
    assert fed() == 1
    assert len(index.segments()) == len(index.tables()) == 1


@pytest.mark.parametrize("harm", ["missing", "broken"])
def test_a_file_that_is_missing_or_broken_is_made_anew(index, harm):
    if connection.vendor != "sqlite":
        pytest.skip("PostgreSQL keeps the index beside the log")
    project = make.project()
    make.exchange(project, path="/milk", at=AGO)
    fed()
    for suffix in ("-wal", "-shm", ""):
        index.path.with_name(index.path.name + suffix).unlink(missing_ok=True)
    if harm == "broken":
        index.path.write_bytes(random.Random(1).randbytes(9000))
    assert len(found(project, "milk")) == 1
    assert fed() == 1
    assert len(found(project, "milk")) == 1


def test_no_text_is_kept_in_the_file(index):
    if connection.vendor != "sqlite":
        pytest.skip("PostgreSQL keeps the index beside the log")
    make.exchange(make.project(), response_body={"note": "once upon a time there was"}, at=AGO)
    fed()
    file = sqlite3.connect(index.path)
    file.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    assert not file.execute("SELECT 1 FROM sqlite_master WHERE name = 'words_1_content'").fetchall()
    assert b"upon" in index.path.read_bytes()
    assert b"once upon" not in index.path.read_bytes()


def test_a_file_that_breaks_while_it_is_fed_is_thrown_away(index, monkeypatch):
    if connection.vendor != "sqlite":
        pytest.skip("PostgreSQL keeps the index beside the log")
    project = make.project()
    make.exchange(project, path="/milk", at=AGO)
    monkeypatch.setattr(feeding, "REST", 0.0)
    fed()
    size = index.path.stat().st_size
    sqlite3.connect(index.path).execute("PRAGMA wal_checkpoint(TRUNCATE)")
    index.path.write_bytes(index.path.read_bytes()[:4096] + b"x" * size)
    make.exchange(project, path="/milk", at=AGO + 1)
    feeding.work()
    feeding.work()
    assert [one.rows for one in index.segments()] == [2]
    assert len(found(project, "milk")) == 2


def test_one_project_never_finds_what_another_one_has(index):
    one, other = make.project(), make.project("other")
    make.exchange(other, path="/milk", at=AGO)
    mine = make.exchange(one, path="/milk", at=AGO + 1)
    fed()
    assert found(one, "milk") == [mine.pk]


def test_a_search_costs_the_same_for_ten_calls_and_twenty():
    project, spent = make.project(), []
    for many in (10, 20):
        for _ in range(10):
            make.exchange(project, path="/milk", at=AGO)
        with CaptureQueriesContext(connections[router.db_for_read(Exchange)]) as queries:
            assert len(found(project, "milk")) == many
        spent.append(len(queries))
    assert spent[0] == spent[1]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("Milk & honey", ["milk", "honey"]),
        ("addTodo_7", ["addtodo", "7"]),
        ("退款ABC失败", ["退", "款", "abc", "失", "败"]),
        ("STRASSE straße", ["strasse", "strasse"]),
        ("ｆｕｌｌ ①", ["full", "1"]),
        ("x" * 100, ["x" * LONGEST]),
    ],
)
def test_texts_are_cut_into_words(text, words):
    assert tokens(text) == words


@pytest.mark.parametrize(
    ("body", "words"),
    [
        (b'{"a":"line\\nbreak"}', " a line break "),
        (b'{"a":"\\u9000\\u6b3e"}', " a 退 款 "),
        (b'{"a":"\\ud83d\\ude00ok\\ud83d"}', " a ok "),
        (b"a=b%20c&d=e+f", " a b c d e f "),
        (b"\x00\x01PNG", ""),
        (b"\xff\xfe\xfd" * 50, ""),
        (b"word " * 10_000, " " + "word " * 3277),
    ],
)
def test_bodies_are_read_as_text(body, words):
    assert spaced(readable(body)) == words


def test_single_letters_are_whole_words():
    assert phrase("a", whole=False).beginning is False
    assert phrase("ab", whole=False).beginning is True
    assert phrase("ab.", whole=False).beginning is False
    assert phrase("&", whole=False) is None
