"""The pages of models: one's own and everybody's, whose key goes in and never comes out, tried out for real."""

import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from actionstudio.apps.simulator.endpoints import keeping, offering
from actionstudio.apps.simulator.models import Endpoint
from tests import make, openai_server
from tests.openai_server import KEY, Turn

FORM = {
    "deed": "save", "name": "Mine", "base_url": "https://api.example.com/v1", "model": "gpt-test", "protocol": "chat",
    "key": KEY, "seconds": "60", "stream": "on", "price_in": "0.25", "price_out": "2",
}  # fmt: skip


@pytest.fixture
def server():
    with openai_server.serving() as server:
        yield server


@pytest.fixture
def page(client, ann):
    client.force_login(ann)
    return client


def add(client, path="/account/models/new/", **fields) -> Endpoint:
    answer = client.post(path, FORM | fields)
    assert answer.status_code == 302, re.findall(r'class="err".*?<span>(.*?)</span>', answer.content.decode(), re.S)
    return Endpoint.objects.latest("pk")


def complaints(answer) -> list[str]:
    assert answer.status_code == 422
    return re.findall(r'<p class="err" id="id_(\w+)-err', answer.content.decode())


def test_a_model_is_added_and_its_key_is_kept_but_never_shown(page, ann):
    endpoint = add(page)
    assert (endpoint.user, endpoint.base_url, endpoint.price_out) == (ann, "https://api.example.com/v1", 2.0)
    assert keeping.target(endpoint).key == KEY and endpoint.last4 == KEY[-4:]
    for url in ("/account/models/", f"/account/models/{endpoint.pk}/", "/account/"):
        shown = page.get(url).content.decode()
        assert KEY not in shown and KEY[:-4] not in shown
    assert f"••••{KEY[-4:]}" in page.get("/account/models/").content.decode()
    assert "no-store" in page.get(f"/account/models/{endpoint.pk}/")["Cache-Control"]


def test_the_key_stays_until_another_is_typed_or_it_is_forgotten(page):
    endpoint = add(page)
    url = f"/account/models/{endpoint.pk}/"
    assert page.post(url, FORM | {"key": "", "name": "Other"}).status_code == 302
    endpoint.refresh_from_db()
    assert endpoint.name == "Other" and keeping.target(endpoint).key == KEY
    page.post(url, FORM | {"key": "sk-second-key-5678"})
    assert keeping.target(Endpoint.objects.get()).key == "sk-second-key-5678"
    page.post(url, FORM | {"key": "", "forget": "on"})
    endpoint.refresh_from_db()
    assert endpoint.sealed is None and endpoint.last4 == "" and keeping.target(endpoint).key == ""


def test_numbers_out_of_bounds_and_a_url_without_its_scheme_are_told_with_the_cure(page):
    answer = page.post(
        "/account/models/new/", FORM | {"temperature": "9", "seconds": "0", "base_url": "localhost:8442/v1"}
    )
    said = answer.context["form"].errors
    assert said["temperature"] == ["Use a number from 0 to 2."]
    assert said["seconds"] == ["Use a whole number from 1 to 600."]
    assert said["base_url"] == ["Write the whole URL: is it http://localhost:8442/v1, or https://?"]


def test_a_key_is_not_sent_to_another_server_by_itself(page):
    endpoint = add(page)
    url = f"/account/models/{endpoint.pk}/"
    for other in ("https://evil.example/v1", "http://api.example.com/v1", "https://api.example.com:444/v1"):
        assert complaints(page.post(url, FORM | {"key": "", "base_url": other})) == ["key"]
    assert Endpoint.objects.get().base_url == FORM["base_url"]
    assert page.post(url, FORM | {"key": "", "base_url": "https://API.example.com:443/v2"}).status_code == 302
    assert page.post(url, FORM | {"base_url": "https://other.example/v1"}).status_code == 302
    assert page.post(url, FORM | {"key": "", "forget": "on", "base_url": "https://third.example/v1"}).status_code == 302


def test_a_row_that_was_changed_behind_our_back_sends_its_key_nowhere(page):
    endpoint = add(page)
    Endpoint.objects.update(base_url="https://evil.example/v1")
    endpoint.refresh_from_db()
    answer = page.post(f"/account/models/{endpoint.pk}/", {"deed": "test"}).content.decode()
    assert "cannot be opened any more" in answer


@pytest.mark.parametrize(
    ("fields", "where"),
    [
        ({"name": ""}, ["name", "key"]),
        ({"name": "", "base_url": "x", "price_in": ""}, ["name", "base_url", "price_in", "key"]),
        ({"base_url": "ftp://x.example"}, ["base_url", "key"]),
        ({"base_url": "api.example.com"}, ["base_url", "key"]),
        ({"base_url": "https://user:pw@x.example/v1"}, ["base_url", "key"]),
        ({"base_url": "https://x.example/v1#a"}, ["base_url", "key"]),
        ({"key": "two words"}, ["key"]),
        ({"key": "clé"}, ["key"]),
        ({"price_out": ""}, ["key", "price_out"]),
        ({"price_in": "-1"}, ["key", "price_in"]),
        ({"temperature": "3"}, ["key", "temperature"]),
        ({"temperature": "nan"}, ["key", "temperature"]),
        ({"seconds": "0"}, ["key", "seconds"]),
        ({"protocol": "smoke"}, ["protocol", "key"]),
    ],
)
def test_what_is_wrong_is_said_beside_its_field_and_nothing_typed_is_lost_but_the_key(page, fields, where):
    answer = page.post("/account/models/new/", FORM | fields)
    assert sorted(complaints(answer)) == sorted(where)
    text = answer.content.decode()
    assert KEY not in text and ('value="gpt-test"' in text)
    assert not Endpoint.objects.exists()


def test_names_are_given_once_by_each(page, ann, eve):
    add(page)
    assert sorted(complaints(page.post("/account/models/new/", FORM))) == ["key", "name"]
    Endpoint.objects.create(user=eve, name="Theirs", base_url="https://x.example", model="m")
    add(page, name="Theirs")


def test_the_url_of_a_request_is_taken_for_its_base(page):
    assert add(page, base_url=" https://x.example/v1/chat/completions/ ").base_url == "https://x.example/v1"
    assert add(page, name="B", base_url="https://x.example/api/v1/").base_url == "https://x.example/api/v1"


def test_a_test_asks_for_real_and_says_what_the_model_can(page, server, settings):
    settings.STUDIO_ALLOW_PRIVATE_UPSTREAMS = True
    endpoint = add(page, base_url=server.base_url)
    server.turns = [Turn((), (("getWeather", '{"city": "Paris"}'),), tokens=(1000, 100))]
    url = f"/account/models/{endpoint.pk}/"
    shown = page.post(url, {"deed": "test"}).content.decode()
    assert "It answers, and calls functions." in shown and "$0.00045" in shown and server.refused == []
    assert page.get("/account/models/").content.decode().count("answered</span>") == 1
    server.turns = [Turn(("It rains.",))]
    assert "did not call the function" in page.post(url, {"deed": "test"}).content.decode()
    assert KEY not in shown


def test_a_test_that_fails_says_why_and_is_remembered(page, server, settings):
    settings.STUDIO_ALLOW_PRIVATE_UPSTREAMS = True
    endpoint = add(page, base_url=server.base_url, model="gpt-none")
    url = f"/account/models/{endpoint.pk}/"
    shown = page.post(url, {"deed": "test"}).content.decode()
    assert "does not know the model" in shown and "gpt-other" in shown, "it lists those that there are"
    assert "does not know the model" in page.get(url).content.decode()
    assert "failed" in page.get("/account/models/").content.decode()
    page.post(url, FORM | {"base_url": server.base_url, "key": "sk-wrong-key-0001"})
    shown = page.post(url, {"deed": "test"}).content.decode()
    assert "does not accept the key" in shown and "sk-wrong-key-0001" not in shown
    assert "sk-wrong-key-0001" not in Endpoint.objects.get().fault


def test_a_private_server_is_refused_until_the_operator_allows_it(page, server, settings):
    settings.STUDIO_ALLOW_PRIVATE_UPSTREAMS, settings.STUDIO_PUBLIC_URL = False, "https://studio.example"
    endpoint = add(page, base_url=server.base_url)
    url = f"/account/models/{endpoint.pk}/"
    assert "STUDIO_ALLOW_PRIVATE_UPSTREAMS" in page.get(url).content.decode()
    assert "private network" in page.post(url, {"deed": "test"}).content.decode() and server.asked == []


def test_removing_takes_the_key_along(page):
    endpoint = add(page)
    assert page.post(f"/account/models/{endpoint.pk}/", {"deed": "remove"}).url == "/account/models/"
    assert not Endpoint.objects.exists()


def test_eve_finds_nothing_of_anns(page, eve):
    endpoint = add(page)
    page.force_login(eve)
    for data in ({}, FORM, {"deed": "test"}, {"deed": "remove"}):
        assert page.post(f"/account/models/{endpoint.pk}/", data).status_code == 404
    assert page.get(f"/account/models/{endpoint.pk}/").status_code == 404
    assert "Mine" not in page.get("/account/models/").content.decode()
    assert Endpoint.objects.get().name == "Mine"


def test_who_is_not_signed_in_is_asked_to(client, ann):
    for url in ("/account/models/", "/account/models/new/", "/account/models/1/"):
        assert "/login/" in client.get(url).url


def test_staff_alone_adds_models_for_everybody(page, client):
    assert page.get("/account/models/new/?for=everybody").status_code == 404
    assert page.post("/account/models/new/?for=everybody", FORM).status_code == 404
    root = make.user("root", is_staff=True)
    client.force_login(root)
    endpoint = add(client, "/account/models/new/?for=everybody")
    assert endpoint.user is None and offering.one(make.user("ann"), endpoint.pk) == endpoint
    assert client.get(f"/account/models/{endpoint.pk}/").status_code == 200
    client.force_login(make.user("ann"))
    shown = client.get("/account/models/").content.decode()
    assert "Mine" in shown and KEY[-4:] not in shown
    assert client.get(f"/account/models/{endpoint.pk}/").status_code == 404
    assert client.post(f"/account/models/{endpoint.pk}/", {"deed": "remove"}).status_code == 404


def test_twenty_models_cost_as_many_queries_as_one(page, ann):
    page.get("/account/models/")  # what is remembered of a browser is written once
    counts = []
    for numbers in (range(1), range(1, 20)):
        for number in numbers:
            Endpoint.objects.create(user=ann, name=f"M{number}", base_url="https://x.example", model="m")
        with CaptureQueriesContext(connection) as asked:
            page.get("/account/models/")
        counts.append(len(asked))
    assert counts[0] == counts[1] < 10


def test_the_environment_gives_everybody_a_model(page, settings, server):
    settings.OPENAI_BASE_URL, settings.OPENAI_API_KEY, settings.OPENAI_MODEL = server.base_url, KEY, "gpt-test"
    settings.STUDIO_ALLOW_PRIVATE_UPSTREAMS, settings.STUDIO_PUBLIC_URL = False, "https://studio.example"
    assert "gpt-test" in page.get("/account/models/").content.decode()
    page.get("/account/models/")
    endpoint = Endpoint.objects.get()
    assert endpoint.environment and endpoint.user is None and endpoint.sealed is None
    page.force_login(make.user("root", is_staff=True))
    url = f"/account/models/{endpoint.pk}/"
    server.turns = [Turn((), (("getWeather", "{}"),))]
    assert "calls functions" in page.post(url, {"deed": "test"}).content.decode()
    wanted = FORM | {"name": "House", "model": "gpt-other", "key": ""}
    assert page.post(url, wanted).status_code == 302
    endpoint.refresh_from_db()
    assert (endpoint.name, endpoint.model, endpoint.sealed) == ("House", "gpt-other", None)
    page.post(url, {"deed": "remove"})
    assert Endpoint.objects.filter(pk=endpoint.pk).exists()
    settings.OPENAI_BASE_URL = settings.OPENAI_API_KEY = ""
    assert page.get(url).status_code == 404 and "House" not in page.get("/account/models/").content.decode()
