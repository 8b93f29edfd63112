"""A whole project as one file, out and in; the way in trusts nothing."""

import io
import json
import zipfile

import pytest

from actionstudio.apps.design import load
from actionstudio.apps.library import bundle, configuring, creating, importing, kept
from actionstudio.apps.publishing.models import Key
from actionstudio.apps.traffic.keeping import changing
from actionstudio.core.problem import Refused
from tests import make
from tests.apps.library.test_logo import image

pytestmark = pytest.mark.django_db


def packed(project) -> bytes:
    return bundle.pack(project, load.contract(project))


def test_out_and_in_is_the_same():
    project = make.project(description="d", masks=["iban"])
    configuring.change_logo(project, image(size=(8, 8)), project.owner)
    found = bundle.unpack(packed(project))
    assert (found.name, found.slug, found.description, found.masks) == ("Items", "items", "d", ["iban"])
    assert found.contract == load.contract(project)
    assert found.logo.startswith(b"\x89PNG")


def test_what_the_log_hides_and_keeps_comes_along(ann):
    project = make.project("items", ann)
    rule = {"kind": "name", "text": "iban", "where": "everywhere"}
    changing.hide(project, changing.rules([rule]))
    changing.keep(project, keep_bodies=False, bodyless=["getItem"], keep_days=3)
    wishes = {"name": "", "slug": "again", "url": ""}
    made, _report = importing.create(ann, (bundle.unpack(packed(project)), {"format": "bundle"}), wishes)
    copy = creating.duplicate(project, load.contract(project), ann, "Copy")
    for row in (made, copy):
        row.refresh_from_db()
        assert kept.of(row) == kept.of(project)
    assert made.hiding == [rule] and made.keep_days == 3


def test_the_same_project_gives_the_same_bytes():
    project = make.project()
    assert packed(project) == packed(project)


def test_keys_never_travel():
    project = make.project()
    key, text = Key.mint(project, "secret name")
    with zipfile.ZipFile(io.BytesIO(packed(project))) as file:
        everything = b"".join(file.read(name) for name in file.namelist())
    assert text.encode() not in everything
    assert key.digest.encode() not in everything


def made(entries: dict, **options) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as file:
        for name, data in entries.items():
            file.writestr(name, data if isinstance(data, bytes) else json.dumps(data))
    return out.getvalue()


GOOD = {"kind": bundle.KIND, "format": 1, "contract": {"title": "T"}}


@pytest.mark.parametrize(
    ("data", "says"),
    [
        (b"PK\x03\x04rubbish", "damaged"),
        (made({"a.txt": b""}), "project.json is missing"),
        (made({"project.json": GOOD, "../../etc/passwd": b"x"}), "do not belong"),
        (made({"project.json": b"{"}), "not valid JSON"),
        (made({"project.json": b"NaN"}), "not valid JSON"),
        (made({"project.json": b"[" * 200_000}), "damaged|deeply|tightly"),
        (made({"project.json": b" " * 60_000_000}), "50 MB"),
        (made({"project.json": b" " * 9_000_000}), "tightly"),
        (made({"project.json": []}), "not a project"),
        (made({"project.json": {"kind": "other"}}), "not a project"),
        (made({"project.json": GOOD | {"format": 99}}), "newer"),
        (made({"project.json": GOOD | {"contract": {"title": 1}}}), "/contract/title"),
        (made({"project.json": GOOD | {"contract": {"format": 99, "title": "T"}}}), "newer"),
        (made({"project.json": GOOD, "logo.png": b"<svg/>"}), "SVG"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_anything_else_is_refused_with_the_reason(data, says):
    with pytest.raises(Refused, match=says):
        bundle.unpack(data)


@pytest.mark.parametrize(
    ("keeping", "pointer"),
    [
        ([], "/keeping"),
        ({"hiding": {}}, "/keeping/hiding"),
        ({"hiding": [{"kind": "?"}]}, "/keeping/hiding/0/kind"),
        ({"keep_bodies": "no"}, "/keeping/keep_bodies"),
        ({"bodyless": [1]}, "/keeping/bodyless"),
        ({"keep_days": -1}, "/keeping/keep_days"),
        ({"keep_calls": True}, "/keeping/keep_calls"),
    ],
)
def test_what_should_be_hidden_is_understood_or_refused(keeping, pointer):
    with pytest.raises(Refused) as refused:
        bundle.unpack(made({"project.json": GOOD | {"keeping": keeping}}))
    assert refused.value.problems[0].pointer == pointer


def test_settings_of_the_wrong_shape_are_left_out():
    found = bundle.unpack(made({"project.json": GOOD | {"name": 5, "masks": ["a", 1]}}))
    assert (found.name, found.masks) == ("", ["a"])


def with_behaviour(**behaviour) -> bytes:
    operation = {"method": "GET", "path": "/a", "behaviour": behaviour}
    return made({"project.json": {**GOOD, "contract": {"title": "T", "operations": [operation]}}})


def test_an_answer_that_nothing_can_give_is_refused_where_it_stands():
    with pytest.raises(Refused) as refused:
        bundle.unpack(with_behaviour(kind="fault", what="explode"))
    assert refused.value.problems[0].pointer == "/contract/operations/0/behaviour/what"


def test_an_answer_that_the_document_left_behind_comes_along():
    assert bundle.unpack(with_behaviour(kind="examples", status="404")).contract.operations[0].behaviour.status == "404"


def test_answers_nested_without_end_are_refused():
    deep: dict = {"kind": "examples"}
    for _ in range(400):
        deep = {"kind": "rules", "otherwise": deep}
    with pytest.raises(Refused, match="levels deep"):
        bundle.unpack(with_behaviour(**deep))
