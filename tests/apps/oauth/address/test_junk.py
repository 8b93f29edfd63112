"""Whatever is sent to the pages, nothing breaks: no server error, and nobody is signed in by it."""

import itertools
from urllib.parse import quote

import pytest

from actionstudio.apps.oauth import people
from actionstudio.apps.oauth.models import EndUserSession, Provider
from tests.apps.oauth import entering
from tests.apps.oauth.address.visiting import Visitor, gpt

pytestmark = pytest.mark.django_db
FORM = ("content-type", "application/x-www-form-urlencoded")
PATHS = ("/oauth/authorize", "/oauth/login", "/oauth/signup", "/oauth/logout", "/connected")
JUNK = ("\0", "x" * 9000, "ΩÿÄ", "%", "%ff%fe", "\ud800", "ey.ey.ey", "' OR 1=1 --", "<script>", "a\r\nSet-Cookie: x=1")
FIELDS = (
    "username", "password", "test_user", "csrf", "deed", "client", "key_id", "allow", "lang", "ui_locales", "prompt",
    "max_age", "login_hint", "client_id", "redirect_uri", "state", "scope", "signed_in", "done",
)  # fmt: skip


def junk(path: str, turn: int = 0) -> list[tuple[str, str]]:
    """A third of all (field, what is put there), another one with the next path: each is tried somewhere."""
    return [*itertools.product(FIELDS, JUNK)][(PATHS.index(path) + turn) % 3 :: 3]


def encoded(text: str) -> str:
    return text if text.startswith("%") else quote(text.encode("utf-8", "surrogatepass"))


@pytest.fixture
def shop():
    made = entering.shop()
    Provider.of(made)
    Provider.objects.update(signup=True)
    return made


@pytest.mark.parametrize("path", PATHS)
def test_no_value_of_any_parameter_breaks_a_page(shop, path):
    client, visitor, broken = gpt(shop), Visitor(), []
    for field, value in junk(path):
        query = f"response_type=code&client_id={client.client_id}&{field}={encoded(value)}"
        page = visitor.visit(f"{path}?{query}")
        if page.status >= 500 or any(name == "set-cookie" and "x=1" in value for name, value in page.headers):
            broken.append((field, value[:20], page.status))
    assert broken == []


@pytest.mark.parametrize("path", PATHS)
@pytest.mark.parametrize("inside", [False, True], ids=["outside", "signed in"])
def test_no_field_of_a_form_breaks_a_page(shop, path, inside):
    people.make(shop, "mina", password="correct horse")
    visitor, broken = Visitor(), []
    if inside:
        visitor.sign_in()
    for field, value in junk(path, inside):
        visitor.visit("/oauth/login")
        token = visitor.page.token
        body = f"csrf={token}&deed=password&username=x&password=y&{field}={encoded(value)}".encode()
        page = visitor.visit(path, "POST", body, (FORM,))
        if page.status >= 500:
            broken.append((field, value[:20], page.status))
    assert broken == []
    assert inside or path == "/oauth/signup" or not EndUserSession.objects.exists()


@pytest.mark.parametrize("path", PATHS)
@pytest.mark.parametrize(
    ("kind", "body"),
    [
        ("multipart/form-data; boundary=x", b"--x\r\nnonsense"),
        (
            "multipart/form-data; boundary=x",
            b'--x\r\nContent-Disposition: form-data; name="client_id"\r\n\r\na\r\n--x--',
        ),
        ("multipart/form-data", b"--"),
        ("application/json", b'{"csrf": 1}'),
        ("application/x-www-form-urlencoded; charset=utf-7", b"csrf=+AAA-"),
        ("text/plain", b"\xff\xfe"),
        ("", b"a=1"),
    ],
)
def test_no_kind_of_body_breaks_a_page(shop, path, kind, body):
    assert Visitor().visit(path, "POST", body, (("content-type", kind),)).status < 500


@pytest.mark.parametrize("cookie", ["\0", "x" * 43, "ÿ" * 43, "a=b=c;;;=", '"' * 50, "x" * 5000])
def test_no_cookie_breaks_a_page(shop, cookie):
    visitor = Visitor()
    visitor.cookies = {"eu": cookie, "eu-lang": cookie, "eu-known": cookie}
    assert visitor.visit("/oauth/login").status == 200 and visitor.visit("/connected").to == "/oauth/login"
    visitor.cookies |= {"eu-lang": cookie, "eu-known": cookie}
    assert visitor.sign_in("nobody", "wrong horse").status < 500


@pytest.mark.parametrize("path", PATHS)
@pytest.mark.parametrize("method", ["PUT", "DELETE", "PATCH", "OPTIONS"])
def test_other_methods_are_refused(shop, path, method):
    page = Visitor().visit(path, method)
    assert page.status == 405 and page.reply.header("allow") == "GET, POST"


@pytest.mark.parametrize("path", PATHS)
def test_head_is_answered_without_a_body(shop, path):
    page = Visitor().visit(path, "HEAD")
    assert page.status < 500 and page.reply.body == b""
