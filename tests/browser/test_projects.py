"""A newcomer's way through the browser: paste, import a large document, issue a key; with and without JavaScript."""

import json
import re
import time

import httpx2
import pytest
from playwright.sync_api import expect

from tests.browser import kit

TODO = """openapi: 3.1.0
info: {title: %s, version: "1"}
paths:
  /todos:
    get:
      operationId: listTodos
      summary: List the todos
      responses:
        "200":
          description: OK
          content: {application/json: {schema: {type: object}, example: {todos: [milk]}}}
"""


def large(operations: int = 500) -> bytes:
    """3 MB of OpenAPI."""
    properties = {f"field_{n}": {"type": "string", "description": "What this field means. " * 4} for n in range(44)}
    answer = {"description": "OK", "content": {"application/json": {"schema": {"properties": properties}}}}
    paths = {
        f"/things{n}": {"get": {"operationId": f"getThing{n}", "responses": {"200": answer}}} for n in range(operations)
    }
    return json.dumps({"openapi": "3.1.0", "info": {"title": "Large", "version": "1"}, "paths": paths}).encode()


@pytest.fixture
def page(window, world):
    return window("ann")


def call(studio, slug: str, key: str = "") -> httpx2.Response:
    headers = {"authorization": f"Bearer {key}"} if key else {}
    return httpx2.get(f"{studio.url}/live/{slug}/todos", headers=headers)


@pytest.mark.parametrize("scripts", [True, False], ids=["js", "no js"])
def test_a_pasted_document_answers_a_second_later(browser, studio, world, scripts):
    slug = f"pasted-{'js' if scripts else 'plain'}"
    context = kit.context(browser, studio, "ann", java_script_enabled=scripts)
    page = context.new_page()
    page.goto("/projects/new/")
    page.get_by_label("Paste an OpenAPI document").fill(TODO % slug)
    page.get_by_role("button", name="Create from this").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Live v1")
    assert call(studio, slug).json() == {"todos": ["milk"]}
    context.close()


def test_what_cannot_be_read_is_said_beside_the_field_and_kept(page):
    page.goto("/projects/new/")
    field = page.get_by_label("Paste an OpenAPI document")
    field.fill("openapi: 3.1.0\ninfo: [")
    page.get_by_role("button", name="Create from this").click()
    expect(page.get_by_role("alert")).to_contain_text("not valid YAML")
    expect(field).to_have_value("openapi: 3.1.0\ninfo: [")
    expect(field).to_have_attribute("aria-invalid", "true")


def test_three_megabytes_import_within_ten_seconds_with_progress(page):
    page.goto("/projects/new/")
    file = {"name": "large.json", "mimeType": "application/json", "buffer": large()}
    page.get_by_label("or choose a file").set_input_files(file)
    began = time.monotonic()
    page.get_by_role("button", name="Create from this").click()
    page.wait_for_url("**/projects/import/**")
    expect(page.get_by_text("500 of 500 operations")).to_be_visible()
    assert time.monotonic() - began < 10
    page.get_by_role("link", name="Open the project").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Large")


def test_fifty_megabytes_are_refused_before_they_are_sent(page, tmp_path):
    page.goto("/projects/new/")
    page.get_by_label("Paste an OpenAPI document").fill("kept")
    huge = tmp_path / "huge.json"
    huge.write_bytes(b"x" * 50_000_000)
    page.get_by_label("or choose a file").set_input_files(huge)
    expect(page.get_by_role("alert")).to_contain_text("larger than 10 MB")
    page.get_by_role("button", name="Create from this").click()
    expect(page).to_have_url(page.url)
    expect(page.get_by_label("Paste an OpenAPI document")).to_have_value("kept")


@pytest.mark.parametrize("scripts", [True, False], ids=["js", "no js"])
def test_a_key_is_shown_once_works_at_once_and_ends_when_revoked(browser, studio, world, scripts):
    slug = f"keyed-{'js' if scripts else 'plain'}"
    context = kit.context(browser, studio, "ann", java_script_enabled=scripts)
    page = context.new_page()
    page.goto("/projects/new/")
    page.get_by_label("Paste an OpenAPI document").fill(TODO % slug)
    page.get_by_role("button", name="Create from this").click()
    page.goto(f"/projects/{slug}/auth/")
    page.get_by_label("API key: Bearer").check()
    page.get_by_role("button", name="Save").first.click()
    page.get_by_label("Name", exact=True).fill("My GPT")
    page.get_by_role("button", name="Issue the key").click()
    key = page.locator("#minted").inner_text()
    assert [call(studio, slug).status_code, call(studio, slug, key).status_code] == [401, 200]
    page.goto(f"/projects/{slug}/auth/")
    expect(page.get_by_text(key)).to_have_count(0)
    expect(page.get_by_text(f"••••{key[-4:]}")).to_be_visible()
    page.locator("details.confirm summary").click()
    page.get_by_role("button", name="Revoke for good").click()
    expect(page.get_by_text("revoked", exact=True)).to_be_visible()
    assert call(studio, slug, key).status_code == 401
    context.close()


def test_the_list_is_filtered_while_typing(page):
    page.goto("/projects/")
    page.get_by_label("Filter projects").fill("weath")
    expect(page.get_by_role("link", name="Acme Orders")).to_have_count(0)
    expect(page.get_by_role("link", name="Weather")).to_be_visible()
    expect(page).to_have_url(re.compile("q=weath"))


def test_deleting_takes_the_address_away(page, studio):
    page.goto("/projects/new/")
    page.get_by_label("Paste an OpenAPI document").fill(TODO % "doomed")
    page.get_by_role("button", name="Create from this").click()
    page.goto("/projects/doomed/settings/danger/")
    page.get_by_label("Type the project's name").fill("doomed")
    page.get_by_role("button", name="Delete for good").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Projects")
    assert call(studio, "doomed").status_code == 404


def test_without_scripts_fifty_megabytes_are_answered_with_a_page(browser, studio, world, tmp_path):
    huge = tmp_path / "huge.json"
    huge.write_bytes(b"x" * 50_000_000)
    context = kit.context(browser, studio, "ann", java_script_enabled=False)
    page = context.new_page()
    page.goto("/projects/new/")
    page.locator("input[name=name]").fill("Never made")
    page.get_by_label("or choose a file").set_input_files(huge)
    page.get_by_role("button", name="Create from this").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("That was too large")
    expect(page.get_by_text("larger than 12 MB")).to_be_visible()
    page.go_back()
    expect(page.locator("input[name=name]")).to_have_value("Never made")
    page.goto("/projects/?q=never")
    expect(page.get_by_text("No project matches")).to_be_visible()
    context.close()


def test_the_demo_is_one_click_from_the_empty_list(browser, studio, world):
    studio.user("newcomer")
    context = kit.context(browser, studio, "newcomer")
    page = context.new_page()
    page.goto("/projects/")
    page.get_by_role("button", name="Open the demo").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Live v2")
    expect(page.locator(".stats")).to_contain_text("9.5 %")
    page.goto("/projects/")
    row = page.locator("tbody tr")
    expect(row).to_contain_text("200")
    expect(row.get_by_text("Ready")).to_be_visible()
    expect(row.locator(".badge.bad")).to_have_text("9.5 %")
    context.close()


@pytest.mark.parametrize("width", [970, 1290, 1440])
def test_a_long_sentence_pushes_no_column_out_of_the_list(browser, studio, world, width):
    studio.user("writer")
    studio.shell(
        "from tests import make\n"
        "owner = make.user('writer')\n"
        f"make.project('wordy-{width}', owner, name='A project with quite a long name', description='so ' * 100)"
    )
    context = kit.context(browser, studio, "writer", size={"width": width, "height": 700})
    page = context.new_page()
    page.goto("/projects/")
    expect(page.locator("tbody tr").first.locator("[id^=checks]")).to_contain_text("to look at")
    inner, outer = page.locator(".tbl").evaluate("table => [table.scrollWidth, table.clientWidth]")
    assert inner == outer
    expect(page.locator(".day-brief").first).to_be_visible()
    assert page.locator(".day-brief").evaluate_all("all => all.every(one => one.scrollWidth <= one.clientWidth)")
    context.close()
