"""The API of what the log holds: bounds, rules, preview, hiding, deleting; a person's data as a file."""

import io
import json
import time
import zipfile

import pytest

from actionstudio.apps.oauth import tokens
from actionstudio.apps.oauth.models import SignIn
from actionstudio.apps.projects.models import Project
from actionstudio.apps.traffic.models import Exchange
from tests import make
from tests.apps.api.test_api import Api

pytestmark = pytest.mark.django_db
D = "projects/items/data/"


@pytest.fixture
def project(ann):
    return make.project("items", ann)


@pytest.fixture
def api(ann, project):
    return Api(ann)


def test_bounds_and_rules_are_read_and_changed(api):
    rules = [{"kind": "path", "text": "$.a", "where": "response"}]
    made = api("PATCH", D, {"keep_days": 3, "keep_bytes": None, "bodyless": ["getItems"], "rules": rules})
    assert made.status_code == 200, made.content
    told = api("GET", D).json()
    assert (told["keep_days"], told["bodyless"], told["rules"]) == (3, ["getItems"], rules)
    assert told["stored"] == {"requests": 0, "bytes": 0, "oldest": None} and told["work"] == []


@pytest.mark.parametrize(
    ("wish", "pointer"),
    [
        ({"rules": [{"kind": "email"}, {"kind": "path", "text": "a"}]}, "/rules/1/text"),
        ({"keep_days": -1}, "/keep_days"),
        ({"bodyless": ["nope"]}, "/bodyless"),
    ],
)
def test_what_is_wrong_is_pointed_at_and_nothing_is_saved(api, wish, pointer):
    answer = api("PATCH", D, {"keep_calls": 5, **wish})
    assert answer.status_code in (400, 422) and pointer in [one["pointer"] for one in answer.json()["errors"]]
    assert Project.objects.get().keep_calls is None


def test_rules_are_previewed_and_the_past_is_hidden(api, project):
    row = make.exchange(project, request_body={"to": "maria@example.org"})
    told = api("POST", f"{D}preview/", {"rules": [{"kind": "email"}]}).json()
    assert (told["looked"], told["hit"]) == (1, 1) and told["results"][0]["id"] == row.public_id
    api("PATCH", D, {"rules": [{"kind": "email"}]})
    begun = api("POST", f"{D}hide/", None)
    assert begun.status_code == 202
    done = api("GET", f"{D}jobs/{begun.json()['id']}/").json()
    assert (done["kind"], done["state"], done["changed"]) == ("hide", "done", 1)
    assert b"maria" not in bytes(Exchange.objects.get().request_body)


def test_deleting_tells_first_and_wants_to_be_confirmed(api, project):
    make.exchange(project, status=500)
    make.exchange(project)
    told = api("DELETE", "projects/items/exchanges/?q=status:500")
    assert told.status_code == 400 and "1 request" in told.json()["errors"][0]["message"]
    assert Exchange.objects.count() == 2
    assert api("DELETE", "projects/items/exchanges/?q=status:500&confirm=yes").status_code == 202
    assert [row.status for row in Exchange.objects.all()] == [200]
    assert api("DELETE", "projects/items/exchanges/?confirm=yes").status_code in (400, 422)


def test_a_persons_data_is_a_file_and_their_requests_can_go(api, project):
    user = project.end_users.create(username="maria", email="maria@example.org", password="!hash-of-a-password")
    SignIn.objects.create(project=project, key="a" * 20, user=user)
    key = user.keys.create(name="phone", digest="d" * 64, last4="wxyz")
    at = int(time.time() * 1000)
    signed = make.exchange(project, sign_in="a" * 20, at=at, user_id="u1", request_body={"my": "pet"})
    keyed = make.exchange(project, sign_in=f"key-{key.pk}", at=at + 1)
    assumed = make.exchange(project, source="replay", decisions={"signed_in": {"user": str(user.sub)}}, at=at + 2)
    strangers = make.exchange(project, sign_in="b" * 20, at=at + 3)
    url = f"projects/items/oauth/end-users/{user.sub}/data/"
    file = zipfile.ZipFile(io.BytesIO(b"".join(api("GET", url).streaming_content)))
    assert file.testzip() is None
    calls = json.loads(file.read("requests.json"))
    assert {one["id"] for one in calls} == {signed.public_id, keyed.public_id, assumed.public_id}
    assert "pet" in calls[0]["request"]["body"] or "pet" in str(calls)
    everything = b"".join(file.read(name) for name in file.namelist())
    assert (
        b"hash-of-a-password" not in everything and b"d" * 64 not in everything and b"maria@example.org" in everything
    )
    assert api("DELETE", url).status_code == 202
    assert [*Exchange.objects.all()] == [strangers]


def test_calls_with_a_token_that_nobody_signed_in_for_are_theirs_too(api, project):
    alice = project.end_users.create(username="alice", email="alice@example.org")
    row = make.exchange(project, sign_in=tokens.unsigned(alice))
    make.exchange(project)
    answer = api("GET", f"projects/items/oauth/end-users/{alice.sub}/data/")
    file = zipfile.ZipFile(io.BytesIO(b"".join(answer.streaming_content)))
    assert [one["id"] for one in json.loads(file.read("requests.json"))] == [row.public_id]


def test_so_is_that_of_a_user_of_chatgpt_who_has_no_account_here(api, project):
    row, other = make.exchange(project, user_id="u1"), make.exchange(project, user_id="u2")
    url = "projects/items/data/users/u1/"
    file = zipfile.ZipFile(io.BytesIO(b"".join(api("GET", url).streaming_content)))
    assert [one["id"] for one in json.loads(file.read("requests.json"))] == [row.public_id]
    assert "1 request" in api("DELETE", "projects/items/exchanges/?user=u1").json()["errors"][0]["message"]
    assert api("DELETE", url).status_code == 202
    assert [*Exchange.objects.all()] == [other]
    assert api("GET", url).status_code == api("DELETE", url).status_code == 404
    assert Api(make.user("eve"))("GET", url).status_code == 404


def test_strangers_find_nothing(project):
    assert Api(make.user("eve"))("GET", D).status_code == 404
