"""Tokens are counted in the browser, exactly, and only on the page that shows them."""

import re

TABLE = re.compile(r"/o200k_base[.\w]*\.json")
# Counted with another implementation of the encoding (js-tiktoken 1.0.21).
COUNTED = {"whole": 298, "listOrders": 47, "getOrder": 56, "refundOrder": 123, "odd": 22}


def number(page, selector: str) -> int:
    return int(page.locator(selector).inner_text().replace(",", ""))


def test_the_page_counts_what_it_shows(window, world):
    page = window()
    page.goto(f"/projects/{world['slug']}/model/")
    page.get_by_text("counted in your browser").wait_for()
    assert number(page, "[data-tokens-whole]") == COUNTED["whole"]
    for name in ("listOrders", "getOrder", "refundOrder"):
        assert number(page, f"[data-tokens-of='#fn-{name}']") == COUNTED[name]
    assert not page.get_by_text("are an estimate").is_visible()
    share = page.locator("[data-share-of='#fn-refundOrder']")
    assert (share.get_attribute("value"), share.get_attribute("max")) == ("123", "298")
    assert page.locator("[data-largest-of]:visible").get_attribute("data-largest-of") == "#fn-refundOrder"


def test_any_text_can_be_counted(studio, window, world):
    """Other scripts, and what the encoding itself means by a special mark."""
    studio.shell(
        "from actionstudio.apps.accounts.models import User\nfrom tests import make\n"
        "op = make.operation(description='日本語 émigré 😀 <|endoftext|>')\n"
        "make.project('counted', User.objects.get(username='ann'), make.contract(op))"
    )
    page = window()
    page.goto("/projects/counted/model/")
    page.get_by_text("counted in your browser").wait_for()
    assert number(page, "[data-tokens-of='#fn-getItems']") == COUNTED["odd"]


def test_without_the_table_the_estimates_stand(window, world):
    page = window()
    page.route(TABLE, lambda route: route.abort())
    page.goto(f"/projects/{world['slug']}/model/")
    page.wait_for_timeout(300)
    assert page.locator("[data-tokens-whole]").inner_text().startswith("≈ ")
    assert page.get_by_text("are an estimate").is_visible()


def test_other_pages_do_not_load_the_table(window, world):
    page, asked = window(), []
    page.on("request", lambda request: asked.append(request.url))
    page.goto(f"/projects/{world['slug']}/", wait_until="networkidle")
    page.goto(f"/projects/{world['slug']}/endpoints/{world['operation']}/", wait_until="networkidle")
    assert [url for url in asked if "o200k" in url] == []
