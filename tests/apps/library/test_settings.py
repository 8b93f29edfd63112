"""The settings, one section after the other."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from actionstudio.apps.design import load
from actionstudio.apps.library import settings_views
from actionstudio.apps.projects.models import Project
from actionstudio.apps.publishing.source import DatabaseSource
from actionstudio.core.behaviour import Limit
from tests import make
from tests.apps.library.test_logo import image

pytestmark = pytest.mark.django_db
GENERAL = {"name": "New name", "description": "Short", "title": "T", "version": "2", "about": "Long"}
GENERAL |= {"contact_email": "a@b.example", "validation": "report"}


@pytest.fixture
def project(client):
    made = make.project()
    client.force_login(made.owner)
    return made


def url(project, section):
    return reverse("library:settings", args=[project.slug, section])


@pytest.mark.parametrize("section", settings_views.SECTIONS)
def test_every_section_opens_for_its_owner_alone(client, eve, project, section):
    assert client.get(url(project, section)).status_code == 200
    client.force_login(eve)
    assert client.get(url(project, section)).status_code == 404
    assert client.post(url(project, section), GENERAL | {"text": "x", "masks": "x"}).status_code == 404


def test_a_section_that_is_not_there_is_404(client, project):
    assert client.get(url(project, "nope")).status_code == 404


def test_general_facts_are_saved_as_one_revision(client, project):
    client.post(url(project, "general"), GENERAL)
    project.refresh_from_db()
    value = load.contract(project)
    assert (project.name, project.description, project.slug) == ("New name", "Short", "items")
    assert (value.title, value.version, value.description) == ("T", "2", "Long")
    assert (value.contact_email, value.validation) == ("a@b.example", "report")
    assert project.revisions.count() == 2


@pytest.mark.parametrize(
    ("before", "typed", "after"),
    [("Items", "Items", "Renamed"), ("Items", "Typed", "Typed"), ("Shop API", "Shop API", "Shop API")],
)
def test_the_title_follows_the_name_while_the_two_are_the_same(client, before, typed, after):
    project = make.project("shop", value=make.contract(title=before), name="Items")
    client.force_login(project.owner)
    client.post(url(project, "general"), GENERAL | {"name": "Renamed", "title": typed})
    assert load.contract(project).title == after


@pytest.mark.parametrize(
    "wrong", [{"name": ""}, {"name": "x" * 121}, {"title": ""}, {"contact_email": "nobody"}, {"validation": "maybe"}]
)
def test_wrong_facts_change_nothing_and_are_kept(client, project, wrong):
    answer = client.post(url(project, "general"), GENERAL | wrong)
    assert answer.status_code == 422
    assert answer.context["form"]["about"].value() == "Long"
    project.refresh_from_db()
    assert project.name == "Items"
    assert project.revisions.count() == 1


def test_a_logo_is_served_and_can_be_removed(client, project):
    client.post(url(project, "logo"), {"logo": SimpleUploadedFile("l.gif", image("GIF"))})
    assert DatabaseSource().load("items").logo[1].startswith(b"\x89PNG")
    assert "data:image/png" in client.get(url(project, "logo")).text
    client.post(url(project, "logo"), {"remove": "1"})
    assert DatabaseSource().load("items").logo is None


def test_an_svg_is_refused_with_the_reason(client, project):
    answer = client.post(url(project, "logo"), {"logo": SimpleUploadedFile("l.svg", b"<svg></svg>")})
    assert answer.status_code == 422
    assert "SVG" in answer.text


def test_no_file_at_all_is_said(client, project):
    assert client.post(url(project, "logo"), {}).status_code == 422


@pytest.mark.parametrize("section", ["privacy", "legal"])
def test_a_policy_is_generated_until_it_is_written(client, project, section):
    page = client.get(url(project, section))
    generated = page.context["generated"]
    assert generated.split("\n", 1)[0] in page.text
    start = client.post(url(project, section), {"generated": "1", "text": ""})
    assert start.context["form"]["text"].value() == generated
    assert getattr(load.contract(project), section) == ""
    client.post(url(project, section), {"text": "# Ours\r\nline"})
    assert getattr(load.contract(project), section) == "# Ours\nline"


@pytest.mark.parametrize(("days", "words"), [(30, "kept for 30 days"), (0, "until the maker of this action deletes")])
def test_the_generated_policy_says_how_long_calls_are_kept(client, project, settings, days, words):
    settings.STUDIO_RETENTION_DAYS = days
    assert words in client.get(url(project, "privacy")).context["generated"]
    assert DatabaseSource().load("items").extra["kept_days"] == (days or None)


def test_the_general_page_says_how_wrong_calls_are_refused(client, project):
    text = client.get(url(project, "general")).text
    assert "Refuse it (422)" in text and "Refuse it with 400" not in text


def test_a_policy_has_an_end(client, project):
    assert client.post(url(project, "privacy"), {"text": "x" * 100_001}).status_code == 422


def test_manifest_texts_are_counted_and_limited(client, project):
    text = client.get(url(project, "manifest")).text
    for limit in ("50", "120", "8000"):
        assert f"/ {limit}" in text
    client.post(url(project, "manifest"), {"name_for_model": "todo_1", "description_for_model": "d" * 8000})
    assert load.contract(project).manifest.name_for_model == "todo_1"


@pytest.mark.parametrize(
    "data",
    [
        {"name_for_human": "x" * 51},
        {"name_for_model": "with blank"},
        {"description_for_human": "x" * 121},
        {"description_for_model": "x" * 8001},
    ],
)
def test_manifest_texts_beyond_the_limits_are_refused(client, project, data):
    assert client.post(url(project, "manifest"), data).status_code == 422


def test_masks_reach_the_data_plane(client, project):
    client.post(url(project, "log"), {"masks": " IBAN \n\niban\nx-session"})
    assert DatabaseSource().load("items").masks == {"iban", "x-session"}
    assert "x-session" in client.get(url(project, "log")).text


@pytest.mark.parametrize("masks", ["x" * 81, "\n".join(str(n) for n in range(101))])
def test_masks_beyond_reason_are_refused(client, project, masks):
    assert client.post(url(project, "log"), {"masks": masks}).status_code == 422


def test_a_copy_opens(client, project):
    answer = client.post(url(project, "danger"), {"deed": "duplicate", "name": "Copy", "slug": "copy"})
    assert answer["Location"] == "/projects/copy/"


def test_a_copy_under_a_taken_name_is_refused(client, project):
    answer = client.post(url(project, "danger"), {"deed": "duplicate", "name": "Copy", "slug": "items"})
    assert answer.status_code == 422
    assert "taken" in answer.text


@pytest.mark.parametrize("typed", ["", "items", "Item"])
def test_deleting_asks_for_the_name(client, project, typed):
    assert client.post(url(project, "danger"), {"deed": "delete", "typed": typed}).status_code == 422
    assert Project.objects.exists()


def test_a_deleted_project_answers_no_more(client, project):
    answer = client.post(url(project, "danger"), {"deed": "delete", "typed": "Items"})
    assert answer["Location"] == "/projects/"
    assert not Project.objects.exists()
    assert DatabaseSource().version("items") is None


LIMITS = "/projects/items/settings/limits/"


def limits(*rows: tuple[str, str, str]) -> dict[str, str]:
    sent = {"limit-TOTAL_FORMS": str(len(rows)), "limit-INITIAL_FORMS": "0"}
    for place, row in enumerate(rows):
        sent |= {f"limit-{place}-{name}": text for name, text in zip(("calls", "seconds", "per"), row, strict=True)}
    return sent


def test_rate_limits_of_the_whole_project_are_added_changed_and_removed(client, project):
    client.post(LIMITS, limits(("100", "60", "all"), ("5", "1", "credential"), ("", "60", "all")))
    assert load.contract(project).limits == (Limit(100), Limit(5, 1, "credential"))
    page = client.get(LIMITS).content.decode()
    assert 'value="100"' in page and page.count("<fieldset") == 3
    client.post(LIMITS, limits(("", "60", "all"), ("6", "1", "credential")))
    assert load.contract(project).limits == (Limit(6, 1, "credential"),)


def test_a_wrong_rate_limit_is_told_beside_its_field_and_stays(client, project):
    answer = client.post(LIMITS, limits(("0", "60", "all"), ("7", "", "all"), ("8", "99999999", "nobody")))
    page = answer.content.decode()
    assert answer.status_code == 422
    for field in ("limit-0-calls", "limit-1-seconds", "limit-2-seconds", "limit-2-per"):
        assert f'id="id_{field}-err"' in page
    assert 'value="99999999"' in page and load.contract(project).limits == ()
    assert client.post(LIMITS, {}).status_code == 422
