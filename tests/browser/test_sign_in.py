"""Signing in on an address in a real browser: from the client's link to its callback on another origin, and back out.

A browser applies form-action to every redirect after a form, keeps cookies by its own rules, and names where a form
comes from: none of that can be seen without one.
"""

import json
import re
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, urlsplit

import pytest
from playwright.sync_api import expect

from tests.browser import doors, kit
from tests.browser.test_pages import SETTLED, in_both_themes

AGAIN = re.compile(r"/oauth/authorize\?")


@pytest.fixture(scope="module")
def made(studio, world):
    """The ids of the clients."""
    return json.loads(studio.shell(doors.MADE).splitlines()[-1])


@pytest.fixture(scope="module")
def base(studio):
    return studio.live(doors.SLUG)


@pytest.fixture(scope="module")
def program():
    """A program on the reader's own computer that waits for its callback, on a port of its own."""

    class Callback(BaseHTTPRequestHandler):
        def do_GET(self):
            body = b"<!doctype html><title>Program</title><h1>Back in the program</h1>"
            self.send_response(200)
            self.send_header("Content-Type", "text/html")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *args):
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Callback)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}/back"
    server.shutdown()
    server.server_close()


@pytest.fixture
def page(window):
    """A window of somebody who is signed in nowhere, in which ChatGPT's callback answers."""
    opened = window(user="")
    said = []
    opened.on("console", lambda message: said.append(message.text) if message.type == "error" else None)
    answer = {"status": 200, "content_type": "text/html", "body": "<title>ChatGPT</title><h1>Back in ChatGPT</h1>"}
    opened.route("https://chatgpt.com/**", lambda route: route.fulfill(**answer))
    yield opened
    assert [text for text in said if "status of 4" not in text] == []


def told(page) -> dict:
    """What came to the callback where the page is now."""
    return {name: values[0] for name, values in parse_qs(urlsplit(page.url).query).items()}


def at_home(made, program: str, **other) -> str:
    """The query of the program's request."""
    pkce = {"code_challenge": doors.CHALLENGE, "code_challenge_method": "S256"}
    return doors.query(made["local"], program, **pkce, **other)


def test_login_consent_and_the_callback_on_another_port(page, base, made, program):
    page.goto(f"{base}/oauth/authorize?{at_home(made, program)}")
    expect(page.get_by_role("heading", level=1)).to_have_text("Sign in to Acme Orders")
    expect(page.get_by_text("to continue to Desk Assistant")).to_be_visible()
    page.get_by_label("Username or e-mail").fill("ben")
    page.get_by_label("Password", exact=True).fill(doors.PASSWORD)
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("Let “Desk Assistant” use your Acme Orders account?")
    expect(page.get_by_text("It returns to a program on this computer.")).to_be_visible()
    page.get_by_role("button", name="Allow").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Back in the program")
    assert page.url.startswith(program) and told(page)["state"] == "s-1" and told(page)["code"].startswith("asac_")


def test_with_consent_already_given_the_login_page_leads_straight_to_chatgpt(page, base, made):
    query = doors.query(made["app"], scope="orders:read")
    doors.sign_in(page, base, "ada", f"/oauth/login?{query}")
    expect(page.get_by_role("heading", level=1)).to_have_text("Back in ChatGPT")
    assert page.url.startswith(doors.CALLBACK) and told(page)["code"]
    page.goto(f"{base}/connected")
    with page.expect_request(lambda request: request.url.startswith(doors.CALLBACK)):
        page.evaluate("url => { location.href = url; }", f"{base}/oauth/authorize?{query}")


def test_cancel_leads_back_with_a_no(page, base, made):
    doors.sign_in(page, base, "cleo", f"/oauth/login?{doors.query(made['app'])}")
    page.get_by_role("button", name="Cancel").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Back in ChatGPT")
    assert told(page)["error"] == "access_denied" and told(page)["state"] == "s-1"
    assert told(page)["iss"] == base and "code" not in told(page)


def test_a_session_that_ends_while_the_question_is_read_is_asked_for_again(page, studio, base, made, program):
    doors.sign_in(page, base, "dave", f"/oauth/login?{at_home(made, program)}")
    expect(page).to_have_url(AGAIN)
    studio.shell(
        "from actionstudio.apps.oauth.models import EndUserSession\n"
        "EndUserSession.objects.filter(user__username='dave').delete()"
    )
    page.get_by_role("button", name="Allow").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Sign in to Acme Orders")
    page.get_by_label("Username or e-mail").fill("dave")
    page.get_by_label("Password", exact=True).fill(doors.PASSWORD)
    page.get_by_role("button", name="Sign in", exact=True).click()
    page.get_by_role("button", name="Allow").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Back in the program")
    assert told(page)["code"]


def test_without_scripts_everything_works(browser, studio, base, made, program):
    context = kit.context(browser, studio, java_script_enabled=False)
    opened = context.new_page()
    doors.sign_in(opened, base, "ben", f"/oauth/login?{at_home(made, program)}")
    opened.get_by_role("button", name="Allow").click()
    expect(opened.get_by_role("heading", level=1)).to_have_text("Back in the program")
    opened.goto(f"{base}/connected")
    expect(opened.get_by_role("button", name="Disconnect Desk Assistant")).to_be_visible()
    opened.get_by_role("button", name="Disconnect Desk Assistant").click()
    expect(opened.get_by_role("status")).to_contain_text("Disconnected.")
    context.close()


def test_another_origin_can_neither_frame_the_question_nor_send_its_form(page, base, made, program, studio):
    query = doors.query(made["app"], scope="orders:read orders:write")
    doors.sign_in(page, base, "cleo", f"/oauth/login?{query}")
    expect(page.get_by_role("button", name="Allow")).to_be_visible()
    token = page.locator("[name=csrf]").first.get_attribute("value")
    other, said = page.context.new_page(), []
    other.on("console", lambda message: said.append(message.text))
    other.goto(program)
    other.evaluate("url => { const f = document.createElement('iframe'); f.src = url; document.body.append(f); }",
                   f"{base}/oauth/authorize?{query}")  # fmt: skip
    other.wait_for_timeout(500)
    assert not [frame.url for frame in other.frames[1:] if frame.url.startswith(base)]
    assert any("frame-ancestors 'none'" in text for text in said), said
    with other.expect_navigation():
        other.evaluate(
            """([url, token]) => {
                const form = Object.assign(document.createElement('form'), {method: 'post', action: url});
                for (const [name, value] of [['csrf', token], ['allow', '1']]) {
                    form.append(Object.assign(document.createElement('input'), {name, value}));
                }
                document.body.append(form);
                form.submit();
            }""",
            [f"{base}/oauth/authorize?{query}", token],
        )
    assert "code=" not in other.url and other.url.startswith(base), "nothing was allowed"
    other.close()


def test_the_cookie_is_no_scripts_and_of_this_host_alone(page, base, made):
    doors.sign_in(page, base, "ben")
    expect(page.get_by_role("heading", level=1)).to_have_text("Connected apps")
    (cookie,) = [one for one in page.context.cookies() if one["name"] == "eu"]
    assert cookie["httpOnly"] and cookie["sameSite"] == "Lax" and cookie["domain"] == urlsplit(base).hostname
    assert "eu=" not in page.evaluate("document.cookie")


def test_below_live_the_same_way_leads_to_the_same_place(page, studio, made, program):
    below = f"{studio.url}/live/{doors.SLUG}"
    doors.sign_in(page, below, "ben", f"/oauth/login?{at_home(made, program, prompt='consent')}")
    expect(page).to_have_url(re.compile(re.escape(below) + "/oauth/authorize"))
    page.get_by_role("button", name="Allow").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Back in the program")
    (cookie,) = [one for one in page.context.cookies() if one["name"].startswith("eu_")]
    assert (cookie["name"], cookie["path"]) == (f"eu_{doors.SLUG}", f"/live/{doors.SLUG}/")
    assert told(page)["iss"] == below


def test_the_password_can_be_shown(page, base):
    page.goto(f"{base}/oauth/login")
    field = page.get_by_label("Password", exact=True)
    field.fill("what I typed")
    page.get_by_role("button", name="Show Password").click()
    expect(field).to_have_attribute("type", "text")


def test_the_question_as_a_screen_reader_has_it(page, base, made):
    doors.sign_in(page, base, "ada", f"/oauth/login?{doors.query(made['app'])}")
    expect(page.get_by_role("main")).to_match_aria_snapshot("""
- main:
  - heading "Let “Acme Support GPT” use your Acme Orders account?" [level=1]
  - text: You have allowed this app before. It asks for more now; what is new is marked. Signed in as ada
  - link "Not you?"
  - heading "It will be able to" [level=2]
  - list:
    - listitem:
      - text: Read your orders
      - paragraph:
        - code: orders:read
    - listitem:
      - text: Change your orders new
      - paragraph:
        - text: can change things ·
        - code: orders:write
        - text: · ChatGPT asks you again before each change
  - term: Requested by
  - definition: ChatGPT, OpenAI
  - term: Returns you to
  - definition:
    - code: chatgpt.com
  - term: Lasts
  - button "Cancel"
  - button "Allow"
""")
    page.wait_for_load_state()
    cancel, allow = (page.get_by_role("button", name=name).bounding_box() for name in ("Cancel", "Allow"))
    assert (cancel["width"], cancel["height"]) == (allow["width"], allow["height"]) and cancel["x"] < allow["x"]


@pytest.mark.parametrize(
    ("size", "narrower", "colour"),
    [(kit.DESKTOP, None, ""), (kit.PHONE, kit.NARROW, "#ffe000")],
    ids=["wide and plain", "phone and yellow"],
)
def test_axe_finds_nothing_and_nothing_overflows(window, studio, base, made, size, narrower, colour):
    studio.shell(
        "from actionstudio.apps.oauth.models import Provider\n"
        f"Provider.objects.filter(project__slug={doors.SLUG!r}).update(colour={colour!r})"
    )
    page, wrong = window(user="", size=size), {}
    for name, answer in doors.shown(page, base, made):
        if answer is not None and answer.status >= 500:
            wrong[name] = answer.status
        if page.locator("h1").count() != 1:
            wrong[name, "h1"] = page.locator("h1").count()
        if trouble := in_both_themes(page):
            wrong[name, "axe"] = trouble
        if narrower:
            page.set_viewport_size(narrower)
            page.evaluate(SETTLED)
            if page.evaluate("document.documentElement.scrollWidth") > narrower["width"]:
                wrong[name, "wide"] = page.evaluate("document.documentElement.scrollWidth")
            page.set_viewport_size(size)
    assert wrong == {}
