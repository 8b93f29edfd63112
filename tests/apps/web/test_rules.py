"""The checks are documented by themselves: every rule has its page, in words that translators get."""

from pathlib import Path

import pytest
from django.conf import settings

from actionstudio.apps.web import rules
from actionstudio.apps.web.management.commands.makemessages import BuildFile, told_texts
from actionstudio.apps.web.marks import LEVELS, SURE, TARGETS, TOPICS
from actionstudio.apps.web.telling import split
from actionstudio.core import lint
from actionstudio.core.importer.profile import REPAIRS

pytestmark = pytest.mark.django_db
CORE = Path(settings.BASE_DIR) / "actionstudio" / "core"


@pytest.fixture(autouse=True)
def somebody(ann):
    """An installation without an account shows its set-up only."""


@pytest.mark.parametrize("code", lint.RULES)
def test_every_rule_has_a_page_that_says_what_why_and_how_sure(client, code):
    rule = lint.RULES[code]
    assert rule.title.endswith(".") and len(split(rule.about)) >= 1
    assert rule.sure in SURE if rule.source else rule.topic in ("quality", "publish"), "say how sure it is"
    assert rule.level in LEVELS and rule.topic in TOPICS and set(rule.targets) <= set(TARGETS)
    text = client.get(f"/help/rules/{code}/").text
    assert code in text
    assert str(LEVELS[rule.level].label) in text


@pytest.mark.parametrize("code", lint.RULES)
def test_every_rule_shows_an_example_or_is_about_an_amount(code):
    rule = lint.RULES[code]
    amounts = {"document-size", "answer-too-large", "strict-too-large", "stale-waiver"}
    assert (rule.bad and rule.good) or code in amounts or rule.topic == "plugin"


@pytest.mark.parametrize("code", ["no-such-rule", "text_length", "x" * 300])
def test_a_rule_that_is_not_there_is_404(client, code):
    assert client.get(f"/help/rules/{code}/").status_code == 404


@pytest.mark.parametrize("target", ["", *lint.TARGETS, "none"])
def test_the_list_has_the_rules_of_a_target(client, target):
    page = client.get("/help/rules/", {"target": target})
    wanted = {code for code, rule in lint.RULES.items() if target not in lint.TARGETS or target in rule.targets}
    assert {one.rule.code for _title, found in page.context["groups"] for one in found} == wanted
    for code in wanted:
        assert f'href="/help/rules/{code}/"' in page.text


def test_the_guides_lead_to_the_rules(client):
    assert 'href="/help/rules/"' in client.get("/help/").text


def test_a_rule_names_the_repairs_that_mend_it(client):
    text = client.get("/help/rules/missing-operation-id/").text
    assert "Name every endpoint" in text and "Every document for ChatGPT" in text


def test_every_repair_of_a_rule_exists():
    assert {code for rule in lint.RULES.values() for code in rule.repairs} <= set(REPAIRS)


@pytest.mark.parametrize(("name", "url"), [("text-length", "text-length/"), ("OP-05", "text-length/"), ("SAVE-01", "")])
def test_a_rule_is_found_by_its_code_or_its_number(name, url):
    assert rules.url_of(name) == f"/help/rules/{url}"


@pytest.mark.parametrize("folder", ["lint/rules", "importer/repairs"])
def test_translators_get_what_users_read(folder):
    texts = {}
    for path in (CORE / folder).glob("[a-z]*.py"):
        texts[path.stem.replace("_", "-")] = told_texts(path.read_text())
    table = lint.RULES if folder == "lint/rules" else REPAIRS
    assert set(texts) == set(table)
    for code, one in table.items():
        assert set(split(one.about)) <= set(texts[code])


def test_a_rule_is_collected_as_a_file_that_tells_its_docstrings(tmp_path, monkeypatch):
    folder = tmp_path / "actionstudio" / "core" / "lint" / "rules"
    folder.mkdir(parents=True)
    source = '"""Rule: it is plain."""\n\n\n@rule()\ndef check(look):\n    """What.\n\n    Why\n    so."""\n'
    (folder / "plain.py").write_text(source)
    monkeypatch.chdir(tmp_path)

    class Translatable:
        path, file, dirpath = "./actionstudio/core/lint/rules/plain.py", "plain.py", "./actionstudio/core/lint/rules"

    build = BuildFile(None, "django", Translatable)
    build.preprocess()
    written = Path(build.work_path).read_text()
    assert all(f"_({text!r})" in written for text in ("it is plain.", "What.", "Why so."))
    build.cleanup()
    assert sorted(path.name for path in folder.iterdir()) == ["plain.py"]
