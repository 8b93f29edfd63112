"""No operation sees the cookies of the sign-in pages beside it, nor those of the studio whose host it shares."""

import pytest

from actionstudio.core.behaviour import Template
from actionstudio.core.call import Call
from actionstudio.core.contract import Media, Operation, Response
from actionstudio.runtime import jar
from actionstudio.runtime.program import Program
from actionstudio.runtime.visit import Visit
from tests import make
from tests.runtime.house import Memory, ask

BELOW, OWN = -1, -2


def left(cookie: str, base: int = OWN) -> str | None:
    visit = Visit(Call("GET", "/", "", (("accept", "*/*"), ("cookie", cookie))), base)
    jar.withhold(visit, "todo")
    assert dict(visit.call.headers) == visit.headers
    return visit.headers.get("cookie")


@pytest.mark.parametrize(
    ("sent", "kept"),
    [
        ("eu=secret", None),
        ("a=1; eu=secret; eu-lang=fr; b=2", "a=1; b=2"),
        ("eu-known=secret; __Host-eu-known=secret", None),
        ("__Host-eu=secret; __Host-eu-lang=fr; __Host-mine=1", "__Host-mine=1"),
        ("eu_cookie_law=1; eux=2; studio=mine", "eu_cookie_law=1; eux=2; studio=mine"),
        ("a=1;b=2", "a=1;b=2"),
    ],
)
def test_on_its_own_host(sent, kept):
    assert left(sent) == kept


@pytest.mark.parametrize(
    ("sent", "kept"),
    [
        ("eu-known_todo=secret; eu_todo=secret; eu-lang_todo=fr; eu_other=x; a=1", "eu_other=x; a=1"),
        ("studio=session; csrf=c; __Host-studio=session; __Secure-x=1", None),
    ],
)
def test_below_live(sent, kept):
    assert left(sent, BELOW) == kept


@pytest.mark.parametrize(("base", "cookie"), [(OWN, "eu=secret"), (BELOW, "studio=secret"), (BELOW, "eu_todo=secret")])
def test_a_template_cannot_read_them(base, cookie):
    name = cookie.partition("=")[0]
    behaviour = Template("", "text/plain", "{{ cookie.%s or 'none' }} {{ cookie.theirs }}" % name)  # noqa: UP031
    responses = (Response("200", content=(Media("text/plain", {"type": "string"}),)),)
    contract = make.contract(Operation("GET", "/x", behaviour=behaviour, responses=responses))
    program = Program(Memory(contract).load("todo"))
    visit = Visit(Call("GET", "/x", "", (("cookie", f"{cookie}; theirs=ok"),)), base)
    program.answer(visit)
    assert visit.reply.body == b"none ok" and "secret" not in str(visit.call)


def test_the_log_does_not_keep_them_either():
    answer = ask(make.contract(), "GET", "/items", cookie="eu=secret")
    assert answer.reply.status == 200 and "eu" not in dict(answer.record.request_headers).get("cookie", "")
