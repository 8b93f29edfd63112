"""The page for a form that was too large: the reader's language and theme, the limit, and the way back."""

import pytest

from actionstudio.apps.web.refusals import too_large

LIMIT = 12 * 1024 * 1024
HERE = {"host": "studio.example", "referer": "https://studio.example/projects/new/?again=1"}


def page(**headers) -> str:
    return too_large(LIMIT, {name.replace("_", "-"): value for name, value in headers.items()}).decode()


def test_it_says_the_limit_and_that_nothing_was_created():
    text = page(**HERE)
    assert "larger than 12 MB" in text
    assert "nothing was created" in text
    assert 'href="/projects/new/?again=1"' in text
    assert 'href="/projects/"' in text
    assert "<script" not in text
    assert "style=" not in text


@pytest.mark.parametrize(
    "referer",
    ["", "https://evil.example/", "https://studio.example//evil.example/", "javascript:alert(1)", "//[", "\x00"],
)
def test_it_leads_back_to_pages_of_ours_only(referer):
    text = page(host="studio.example", referer=referer)
    assert "evil" not in text
    assert "javascript:" not in text
    assert "Back to the form" not in text


def test_what_the_browser_says_is_escaped():
    assert "<b>" not in page(host="h", referer="http://h/?<b>", cookie="theme=<b>; django_language=<b>")


def test_theme_and_language_are_the_readers():
    assert '<html lang="en">' in page()
    assert '<html lang="fr" data-theme="dark">' in page(cookie="theme=dark; django_language=fr")
    assert '<html lang="ko">' in page(accept_language="xx;q=1, ko-KR;q=0.8, fr;q=0.5")
    assert '<html lang="en">' in page(accept_language="nonsense;;q=x" + "," * 999)
