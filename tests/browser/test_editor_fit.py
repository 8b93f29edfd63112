"""The editor fits its window: no row, button or bar is cut off. (That no page scrolls: test_pages.py.)"""

import pytest

from tests.browser import kit

URL = "/projects/acme-orders/endpoints/refundOrder/"
CUT = """() => {
  const names = '.prow .btn, .srow .btn, .savebar .btn, .media .btn, .prow .inp, .srow .inp, .srow .sel';
  return [...document.querySelectorAll(names)].filter(e => e.offsetParent && !e.classList.contains('vh')).filter(e => {
    const area = e.getBoundingClientRect();
    const box = e.closest('.ptable, .srows, .savebar, .media').getBoundingClientRect();
    return area.right > Math.min(box.right, innerWidth) + 1 || area.left < box.left - 1;
  }).map(e => e.id || e.value);
}"""


def discard(page):
    page.click("button[value=discard]")
    page.locator(".savebar", has_text="No changes").wait_for()


@pytest.mark.parametrize("language", ["en", "fr"])
@pytest.mark.parametrize("width", [1440, 1280, 1100, 390])
def test_nothing_in_the_editor_is_cut_off(window, world, width, language):
    page = window("ann", size={"width": width, "height": 850}, locale=language)
    page.goto(URL)
    assert page.evaluate("document.documentElement.lang") == language
    assert page.evaluate(CUT) == []
    icon = page.locator(".media button[value^='media.del']").first.bounding_box()
    name = page.locator(".mt-name").first.bounding_box()
    assert abs(icon["y"] - name["y"]) < 8


def test_a_field_has_room_for_its_description(window, world):
    page = window("ann", size=kit.LAPTOP)
    page.goto(URL)
    wide = page.locator(".srow input[id$=-desc], .prow input[id$=-desc]").first.bounding_box()
    assert wide["width"] >= 140


def test_what_is_typed_just_before_leaving_is_there_after_coming_back(window, world):
    page = window("ann")
    for leave in (lambda: page.click("text=Shared schemas >> nth=0"), page.reload):
        page.goto(URL)
        text = f"typed at the last moment {leave.__name__}"
        page.locator("#f-sum").fill(text)
        leave()
        page.wait_for_load_state()
        page.goto(URL)
        page.locator(f"#f-sum[value='{text}']").wait_for(timeout=5000)
    discard(page)


def test_a_reloaded_editor_shows_what_was_typed(window, world):
    page = window("ann")
    page.goto(URL)
    page.locator("#f-sum").fill("typed, then reloaded")
    page.reload()
    page.locator("#f-sum[value='typed, then reloaded']").wait_for(timeout=5000)
    discard(page)


@pytest.mark.parametrize(
    ("button", "field"), [("resp.add", ".resp:last-of-type .resphd input"), ("ex.add", ".ex:last-of-type .exhd input")]
)
def test_what_was_added_is_shown_and_has_the_focus(window, world, button, field):
    page = window("ann")
    page.goto(URL)
    page.locator(f"button[value^='{button}']").last.click()
    page.wait_for_function("name => document.activeElement.matches(name)", arg=field)
    area = page.evaluate(
        "(() => { const a = document.activeElement.getBoundingClientRect(); return [a.top, a.bottom] })()"
    )
    assert 0 < area[0] < area[1] < 900
    discard(page)
