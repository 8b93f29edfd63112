"""Repairs: seen before they are done, applied and taken back as one revision."""

import pytest
from django.urls import reverse

from actionstudio.apps.design import editing, load
from actionstudio.apps.gpt import repairing, reviewing
from actionstudio.core.contract import Body, Media, Parameter
from actionstudio.core.importer.profile import profile
from actionstudio.core.problem import Refused
from tests import make
from tests.apps.gpt.documents import troubled

pytestmark = pytest.mark.django_db


@pytest.fixture
def project(client):
    made = make.project(value=troubled())
    client.force_login(made.owner)
    return made


def url(project, query: str = "") -> str:
    return reverse("gpt:repair", args=[project.slug]) + query


def post(client, project, **data):
    return client.post(url(project), data)


def test_eve_repairs_nothing(client, eve, project):
    client.force_login(eve)
    assert client.get(url(project)).status_code == 404
    assert post(client, project, deed="apply", code="header-parameters").status_code == 404
    assert load.contract(project).repairs == {}


def test_what_applies_is_listed_and_ticked_with_the_difference(client, project):
    page = client.get(url(project))
    assert 'value="header-parameters" checked' in page.text
    assert "1 place" in page.text
    assert "changes the shape of calls: works at this address only" in page.text
    assert "<ins>" in page.text or 'class="add"' in page.text
    assert "X-Plan" in page.text
    assert project.revisions.count() == 1


def test_the_link_of_one_defect_ticks_its_repair_alone(client, project):
    page = client.get(url(project, "?code=wrap-body"))
    assert page.context["chosen"] == ["wrap-body"]
    assert 'value="header-parameters" checked' not in page.text


def test_with_nothing_ticked_nothing_is_previewed(client, project):
    page = client.get(url(project, "?set=1"))
    assert page.context["preview"] is None
    assert "Nothing is ticked" in page.text


def test_a_tick_changes_only_the_preview_part(client, project):
    headers = {"HX-Request": "true", "HX-Request-Type": "partial"}
    text = client.get(url(project, "?set=1&code=wrap-body"), headers=headers).text
    assert text.lstrip().startswith('<div id="preview">')
    assert "messages before, 0 after" in text


def test_all_of_them_make_it_import_cleanly_as_one_revision(client, project):
    codes = [item.code for item in repairing.wanted(project, load.contract(project), [])[0]]
    answer = post(client, project, deed="apply", code=codes)
    assert answer.status_code == 302
    assert project.revisions.first().number == 2
    assert project.revisions.first().note.startswith("Repairs for ChatGPT: ")
    page = client.get(reverse("gpt:import", args=[project.slug]))
    assert page.context["sight"].verdict.outcome == "silent"
    assert "2 messages before, 0 after. Live as v2." in page.text


def test_the_endpoints_stay_as_they_were_written(client, project):
    before = load.contract(project)
    repairing.apply(project, None)
    after = load.contract(project)
    assert (after.operations, after.components) == (before.operations, before.components)
    assert set(after.repairs) == {"header-parameters", "wrap-body"}


def test_a_repair_is_taken_back(client, project):
    repairing.apply(project, None)
    assert "Take back" in client.get(url(project)).text
    assert post(client, project, deed="undo:wrap-body").status_code == 302
    assert set(load.contract(project).repairs) == {"header-parameters"}
    assert project.revisions.first().note.startswith("Repairs taken back: ")


@pytest.mark.parametrize("deed", ["undo:wrap-body", "undo:", "undo:no-such"])
def test_what_is_not_on_cannot_be_taken_back(client, project, deed):
    page = post(client, project, deed=deed)
    assert page.status_code == 422
    assert "is not among the repairs that are on" in page.text
    assert project.revisions.count() == 1


def test_an_unknown_repair_is_refused(client, project):
    page = post(client, project, deed="apply", code="no-such")
    assert page.status_code == 422
    assert "There is no repair called no-such." in page.text


def test_without_a_tick_there_is_nothing_to_apply(client, project):
    assert post(client, project, deed="apply").status_code == 302
    assert project.revisions.count() == 1


def test_without_scripts_a_button_shows_the_difference_of_the_ticks(client, project):
    page = post(client, project, deed="preview", set="1", code="wrap-body")
    assert page.status_code == 200
    assert page.context["chosen"] == ["wrap-body"]


def test_a_clean_project_needs_none(client):
    project = make.project("clean", value=make.contract(make.operation(summary="x")))
    client.force_login(project.owner)
    assert "There is nothing to repair" in client.get(url(project)).text


def test_undoing_all_raises_for_one_that_is_not_on(project):
    with pytest.raises(Refused):
        repairing.undo(project, ["header-parameters"])
    repairing.apply(project, ["header-parameters"])
    assert repairing.undo(project, None).codes == ("header-parameters",)


def test_a_difference_holds_changed_operations_only_and_counts_the_others():
    before = {"openapi": "3.1.0", "paths": {f"/p{n}": {"get": {"n": n}, "put": {}} for n in range(100)}}
    after = {"openapi": "3.1.0", "paths": {f"/p{n}": {"get": {"n": -1}, "put": {}} for n in range(100)}}
    found = repairing.difference(before, after)
    assert (found.changed, found.further) == (100, 100 - repairing.OPERATIONS)
    shown = [line.left for line in found.lines if line.kind != "fold" and line.left]
    assert not any("put" in line or "openapi" in line for line in shown)


def test_equal_documents_have_no_difference():
    assert repairing.difference({"paths": {"/a": {"get": {}}}}, {"paths": {"/a": {"get": {}}}}).lines == []


def test_too_many_operations_are_chosen_by_use(client):
    value = make.contract(*(make.operation(path=f"/t{n:03}", summary="x") for n in range(40)))
    project = make.project("many", value=value)
    make.exchange(project, path="/t039", operation_id="getT039")
    repairing.apply(project, None)
    offered = [op.path for op in load.contract(project).operations if op.exposed]
    assert len(offered) == 30
    assert "/t039" in offered


def test_a_large_project_costs_no_more_questions(client, project, django_assert_max_num_queries):
    header = Parameter("X-Plan", "header", schema={"type": "string"})
    value = make.contract(
        *(make.operation(path=f"/t{n}", operation_id=f"t{n}", parameters=(header,)) for n in range(30))
    )
    editing.replace(project, value)
    with django_assert_max_num_queries(20):
        client.get(url(project))


LONG = "It adds the article to the cart. " * 10


@pytest.fixture
def wordy(client):
    """A project whose GET has too long a description, as has its parameter; both are shortened."""
    told = Parameter("q", "query", description="Whatever is looked for. " * 40, schema={"type": "string"})
    made = make.project("wordy", value=make.contract(make.operation(description=LONG, parameters=(told,))))
    client.force_login(made.owner)
    repairing.apply(made, ["shorten-texts"])
    return made


POINTERS = ["/paths/~1items/get/description", "/paths/~1items/get/parameters/query/q/description"]


def gpt_texts(project) -> list[str]:
    op = profile(load.contract(project)).contract.operations[0]
    return [op.description, op.parameters[0].description]


def test_applying_what_shortens_leads_to_the_texts(client, wordy):
    repairing.undo(wordy, None)
    assert post(client, wordy, deed="apply", code="shorten-texts")["Location"] == url(wordy)


def test_shortened_texts_are_shown_with_what_was_written(client, wordy):
    page = client.get(url(wordy))
    assert [text.pointer for text in page.context["review"]] == POINTERS
    assert [text.accepted for text in page.context["review"]] == [False, False]
    assert page.text.count(LONG.strip()) == 1
    assert [text.short for text in page.context["review"]] == gpt_texts(wordy)


def test_a_text_of_ones_own_is_what_chatgpt_gets(client, wordy):
    typed = {"pointer": POINTERS, "text": ["Adds an article.\r\nOnly one.", gpt_texts(wordy)[1]]}
    assert post(client, wordy, deed="texts", **typed).status_code == 302
    assert gpt_texts(wordy)[0] == "Adds an article.\nOnly one."
    contract = load.contract(wordy)
    assert contract.operations[0].description == LONG
    assert not any(note.review for note in profile(contract).notes)
    assert all(text.accepted for text in client.get(url(wordy)).context["review"])


@pytest.mark.parametrize(
    ("text", "why"), [("", "Write a text"), ("x" * 301, "301 characters; ChatGPT takes at most 300")]
)
def test_a_text_that_does_not_fit_comes_back_with_the_reason(client, wordy, text, why):
    page = post(client, wordy, deed="texts", pointer=POINTERS, text=[text, "Looked for."])
    assert page.status_code == 422
    assert why in page.text
    assert "Looked for.</textarea>" in page.text
    assert project_revisions(wordy) == 2


def project_revisions(project) -> int:
    return project.revisions.first().number


def test_texts_of_other_places_are_passed_over(client, wordy):
    post(client, wordy, deed="texts", pointer=["/paths/~1else/get/description"], text=["x"])
    assert load.contract(wordy).repairs["shorten-texts"].get("texts", {}) == {}


@pytest.fixture
def crowded(client):
    """Thirty-five operations; the last has a name that ChatGPT does not take."""
    names = [(f"/t{n:03}", f"t{n}") for n in range(34)] + [("/last", "not-a-name")]
    made = make.project("crowded", value=make.contract(*(make.operation(path=a, operation_id=b) for a, b in names)))
    client.force_login(made.owner)
    return made


def test_what_would_be_hidden_is_named_before_it_is(client, crowded):
    page = client.get(url(crowded))
    assert page.context["chosen"] == ["choose-operations"]
    for path in ("/t030", "/t033", "/last"):
        assert f"GET {path} is hidden." in page.text
    assert "GET /t029 is hidden." not in page.text
    assert "1 repair concerns endpoints that stay hidden." in page.text
    done = repairing.apply(crowded, None)
    assert [note.message for note in done.notes][-1] == "GET /last is hidden."


def test_a_repair_asked_for_is_offered_though_too_many_operations_are(client, crowded):
    page = client.get(url(crowded, "?code=operation-names"))
    assert page.context["chosen"] == ["operation-names"]
    assert "Apply 1 repair" in page.text and not page.context["why"]
    assert post(client, crowded, deed="apply", code="operation-names").status_code == 302
    assert set(load.contract(crowded).repairs) == {"operation-names"}


@pytest.mark.parametrize(
    ("code", "said"),
    [
        ("operation-names", "concerns only endpoints that ChatGPT does not get"),
        ("choose-operations", "nothing has to be hidden"),
        ("wrap-body", "is on already"),
        ("header-parameters", "would change nothing in what ChatGPT gets"),
        ("array-items", "is done for ChatGPT in every document already"),
        ("no-such", "There is no repair called “no-such”."),
    ],
)
def test_a_repair_that_changes_nothing_says_why_and_where_to_go(client, crowded, code, said):
    repairing.apply(crowded, ["choose-operations", "wrap-body"])
    page = client.get(url(crowded, f"?code={code}"))
    assert said in page.text
    assert reverse("gpt:choose", args=[crowded.slug]) in page.text or "See what ChatGPT says" in page.text


def test_an_upload_is_not_offered_a_repair_that_does_nothing(client):
    schema = {"type": "object", "properties": {"file": {"type": "string", "format": "binary"}}}
    upload = Body(content=(Media("multipart/form-data", schema),))
    made = make.project("files", value=make.contract(make.operation("POST", "/upload", summary="x", body=upload)))
    client.force_login(made.owner)
    page = client.get(url(made, "?code=json-bodies"))
    assert 'value="apply"' not in page.text
    assert "takes files, which ChatGPT cannot send" in page.text


def test_a_repair_that_is_on_is_marked_as_it_was_offered(client):
    twice = (Parameter("id", "path", required=True, schema={}), Parameter("id", "query", schema={}))
    made = make.project("twice", value=make.contract(make.operation(path="/a/{id}", parameters=twice, summary="x")))
    client.force_login(made.owner)
    (offered,) = (one for one, _on in client.get(url(made)).context["found"] if one.code == "rename-duplicates")
    repairing.apply(made, ["rename-duplicates"])
    (on,) = repairing.active(load.contract(made))
    assert (offered.shapes, on.shapes) == (False, False)
    assert "works at this address only" not in client.get(url(made)).text


def test_texts_of_two_tabs_are_both_kept(client, wordy, monkeypatch):
    real = repairing.changed

    def overtaken(project, *given):
        monkeypatch.setattr(repairing, "changed", real)
        reviewing.accept(project, {POINTERS[1]: "Looked for."})
        return real(project, *given)

    monkeypatch.setattr(repairing, "changed", overtaken)
    reviewing.accept(wordy, {POINTERS[0]: "Adds an article."})
    assert gpt_texts(wordy) == ["Adds an article.", "Looked for."]


def test_texts_for_a_repair_that_was_taken_back_do_not_switch_it_on(client, wordy):
    repairing.undo(wordy, None)
    post(client, wordy, deed="texts", pointer=POINTERS, text=["Short.", "Looked for."])
    assert load.contract(wordy).repairs == {}


def test_what_no_database_keeps_is_not_kept(client, wordy):
    post(client, wordy, deed="texts", pointer=POINTERS, text=["Adds\0 an article.", "Looked for."])
    assert gpt_texts(wordy)[0] == "Adds an article."
