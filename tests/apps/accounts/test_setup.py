"""The first account of an empty installation."""

import pytest

from actionstudio.apps.accounts import setup
from actionstudio.apps.accounts.models import User

ANSWERS = {"email": "Ann@Example.test", "name": "Ann", "password": "correct horse battery"}
pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _folder(settings, tmp_path):
    settings.STUDIO_DATA_DIR = tmp_path


@pytest.mark.parametrize("path", ["/", "/projects/", "/help/", "/accounts/login/", "/nowhere/"])
def test_every_page_of_an_empty_installation_leads_to_the_set_up(client, path):
    answer = client.get(path)
    assert (answer.status_code, answer.url) == (302, "/setup/")


def test_on_loopback_no_code_is_asked_for(client, settings):
    settings.STUDIO_HOST = "127.0.0.1"
    assert b"setup_code" not in client.get("/setup/").content
    answer = client.post("/setup/", ANSWERS)
    assert answer.status_code == 302
    user = User.objects.get()
    assert user.email == "ann@example.test" and user.check_password(ANSWERS["password"])
    assert user.emailaddress_set.get().verified
    assert client.get("/account/").status_code == 200, "signed in at once"


def test_afterwards_the_set_up_is_gone(client, ann):
    assert client.get("/setup/").status_code == 404
    assert client.post("/setup/", ANSWERS).status_code == 404
    assert User.objects.count() == 1


@pytest.mark.parametrize("host", ["0.0.0.0", "::", "192.0.2.1", "studio.example"])
def test_where_others_can_come_first_the_printed_code_is_needed(client, settings, tmp_path, host):
    settings.STUDIO_HOST = host
    assert client.post("/setup/", ANSWERS).status_code == 422
    assert client.post("/setup/", {**ANSWERS, "code": "wrong"}).status_code == 422
    assert not User.objects.exists()
    code = (tmp_path / "setup_code").read_text()
    assert (tmp_path / "setup_code").stat().st_mode & 0o077 == 0
    assert setup.address().endswith(f"?code={code}")
    assert client.post("/setup/", {**ANSWERS, "code": code}).status_code == 302
    assert not (tmp_path / "setup_code").exists()
    assert setup.address() == ""


def test_a_weak_password_is_refused_with_its_reason(client):
    answer = client.post("/setup/", {**ANSWERS, "password": "password"})
    assert answer.status_code == 422 and b"too common" in answer.content
    assert not User.objects.exists()


def test_the_second_of_two_at_once_gets_nothing():
    assert setup.create_first("a@example.test", "correct horse battery")
    assert setup.create_first("b@example.test", "correct horse battery") is None
