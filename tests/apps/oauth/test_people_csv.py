"""Accounts out of a pasted table: all of them, or none with the lines that are wrong."""

import pytest

from actionstudio.apps.oauth import people_csv
from actionstudio.core.problem import Refused
from tests import make

pytestmark = pytest.mark.django_db
URL = "/projects/shop/users/import/"


@pytest.fixture
def shop():
    return make.project("shop")


def test_each_line_is_an_account(shop):
    heading = "\ufeffUsername, email ,name,groups,password"
    text = f'{heading}\r\nMia,mia@example.com,"Mia, M.",staff; admins,\r\n\r\nzoe,,,,a long enough one\r\n'
    mia, zoe = people_csv.add(shop, text)
    assert (mia.username, mia.name, mia.groups, mia.password) == ("mia", "Mia, M.", ["staff", "admins"], "")
    assert zoe.check_password("a long enough one")


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("mia\nzoe", "Begin with a line that names the columns"),
        ("username,age\nmia,3", "Begin with a line"),
        ("username,username\nmia,mia", "Begin with a line"),
        ("", "Begin with a line"),
        ("username\n\n", "There is no line below"),
        ("username,name\nmia,M,x", "Line 2: It has more cells"),
        ('username\n"mia', "This is not CSV"),
        ("username\nmia\na b", "Line 3, username: Use letters"),
        ("username\nmia\nmia", "Line 3, username: Somebody has this username"),
        ("username,password\nmia,short", "Line 2, password: This password is too short"),
        ("email\nmia@example.com", "Begin with a line"),
        ("username\n" + "\n".join(f"u{n}" for n in range(201)), "at most 200 lines"),
    ],
)
def test_what_is_wrong_is_told_by_line_and_nobody_is_made(shop, text, told):
    with pytest.raises(Refused) as refused:
        people_csv.add(shop, text)
    assert told in str(refused.value)
    assert not shop.end_users.exists()


def test_all_lines_that_are_wrong_are_told_at_once(shop):
    with pytest.raises(Refused) as refused:
        people_csv.add(shop, "username,email,password\na b,nobody,short\nmia,,,,\nzoe,x,")
    told = [one.message for one in refused.value.problems]
    for line in ("Line 2, username", "Line 2, email", "Line 2, password", "Line 3: It has more cells", "Line 4, email"):
        assert any(one.startswith(line) for one in told), line


def test_the_page_makes_accounts_and_keeps_what_was_typed(client, shop):
    client.force_login(shop.owner)
    assert URL in client.get("/projects/shop/users/").content.decode()
    wrong = client.post(URL, {"text": "username\na b\nmia"})
    page = wrong.content.decode()
    assert wrong.status_code == 422 and "Line 2, username" in page and "a b\nmia" in page
    assert client.post(URL, {"text": "username\nmia"})["Location"] == "/projects/shop/users/"
    assert shop.end_users.get().username == "mia"


def test_eve_imports_nothing(client, eve, shop):
    client.force_login(eve)
    assert client.post(URL, {"text": "username\nmia"}).status_code == 404
