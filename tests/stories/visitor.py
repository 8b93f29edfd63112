"""A browser without scripts: opens pages, reads them, fills in forms and presses buttons, over HTTP."""

from __future__ import annotations

import re
import time
from html.parser import HTMLParser
from typing import Any

import httpx2


class Form:
    """One form of a page: where it goes and what its controls hold."""

    def __init__(self, attributes: dict[str, str]) -> None:
        self.attributes = attributes
        self.fields: list[tuple[str, str]] = []
        self.buttons: list[tuple[str, str, str]] = []  # name, value, text
        self.labels: dict[str, str] = {}

    def names(self) -> set[str]:
        return {name for name, _value in self.fields}

    def name_like(self, pattern: str) -> str:
        """The one control whose name matches."""
        return next(name for name, _value in self.fields if re.fullmatch(pattern, name))

    def value(self, name: str) -> str:
        return next(value for key, value in self.fields if key == name)


class Page(HTMLParser):
    """A page: its words, links and forms."""

    VOID = ("input", "br", "img", "meta", "link", "hr", "use")

    def __init__(self, response: httpx2.Response) -> None:
        super().__init__(convert_charrefs=True)
        self.response, self.status, self.url = response, response.status_code, response.url
        self.html = response.text
        self.forms: list[Form] = []
        self.links: list[tuple[str, str]] = []
        self._by_id: dict[str, Form] = {}
        self._open: Form | None = None
        self._text: list[str] = []
        self._skip = ""
        self._link: tuple[str, list[str]] | None = None
        self._area: list[str] | None = None
        self._select: tuple[str, str | None, str | None] | None = None
        self._option: list[str] | None = None
        self._button: tuple[str, str, list[str]] | None = None
        self.feed(self.html)

    @property
    def text(self) -> str:
        """All words of the page, blanks folded."""
        return " ".join(" ".join(self._text).split())

    def form(self, *names: str, button: str = "") -> Form:
        """The first form with controls of these names, or with a button of that text."""
        for form in self.forms:
            words = [text for _name, _value, text in form.buttons]
            if set(names) <= form.names() and (not button or any(button in word for word in words)):
                return form
        raise AssertionError(f"no form with {names or button} on {self.url}:\n{self.text[:1500]}")

    def link(self, text: str) -> str:
        """Where the first link with that text leads."""
        for href, words in self.links:
            if text in words:
                return href
        raise AssertionError(f"no link “{text}” on {self.url}: {sorted({words for _href, words in self.links})}")

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        a = {name: value or "" for name, value in attrs}
        if tag == "form":
            self._open = Form(a)
            self.forms.append(self._open)
            self._by_id[a.get("id", "")] = self._open
        elif tag in ("script", "style", "template"):
            self._skip = tag
        elif tag == "a" and "href" in a:
            self._link = (a["href"], [])
        elif tag == "option":
            self._option = []
            self._chosen(a)
        else:
            self._control(tag, a)

    def _control(self, tag: str, a: dict[str, str]) -> None:
        form = self._by_id.get(a["form"]) if a.get("form") else self._open
        if tag == "button":
            self._button = (a.get("name", ""), a.get("value", ""), [])
            self._button_form = form
        elif form is None or "disabled" in a or not a.get("name"):
            return
        elif tag == "input" and a.get("type") not in ("submit", "button", "file", "image"):
            if a.get("type") not in ("checkbox", "radio") or "checked" in a:
                form.fields.append((a["name"], a.get("value", "on" if a.get("type") == "checkbox" else "")))
            else:
                form.labels[a["name"]] = a.get("value", "on")
        elif tag == "textarea":
            self._area, self._area_to = [], (form, a["name"])
        elif tag == "select":
            self._select = (a["name"], None, None)
            self._select_form = form

    def _chosen(self, a: dict[str, str]) -> None:
        if self._select:
            name, first, chosen = self._select
            value = a.get("value")
            self._pending = (value, "selected" in a)
            self._select = (name, first, chosen)

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self._open = None
        elif tag == self._skip:
            self._skip = ""
        elif tag == "a" and self._link:
            self.links.append((self._link[0], " ".join("".join(self._link[1]).split())))
            self._link = None
        elif tag == "textarea" and self._area is not None:
            form, name = self._area_to
            form.fields.append((name, "".join(self._area).removeprefix("\n")))
            self._area = None
        elif tag == "option" and self._select:
            self._end_option()
        elif tag == "select" and self._select:
            name, first, chosen = self._select
            self._select_form.fields.append((name, chosen if chosen is not None else first or ""))
            self._select = None
        elif tag == "button" and self._button:
            if self._button_form is not None:
                name, value, words = self._button
                self._button_form.buttons.append((name, value, " ".join("".join(words).split())))
            self._button = None

    def _end_option(self) -> None:
        value, selected = self._pending
        value = value if value is not None else "".join(self._option or []).strip()
        name, first, chosen = self._select
        self._select = (name, value if first is None else first, value if selected else chosen)
        self._option = None

    def handle_data(self, data: str) -> None:
        if self._skip:
            return
        for sink in (self._area, self._option, self._link and self._link[1], self._button and self._button[2]):
            if sink is not None:
                sink.append(data)
        self._text.append(data)


class Visitor:
    """Keeps cookies, follows redirects, and carries ``page``: what is on the screen."""

    def __init__(self, studio) -> None:
        self.studio = studio
        self.client = httpx2.Client(base_url=studio.url, trust_env=False, timeout=60, follow_redirects=True)
        self.page: Page

    def __enter__(self) -> Visitor:
        return self

    def __exit__(self, *exc: Any) -> None:
        self.client.close()

    def open(self, path: str, status: int = 200) -> Page:
        """Goes to a page of the dashboard."""
        return self._show(self.client.get(path), status)

    def follow(self, text: str) -> Page:
        """Follows a link by its words."""
        return self.open(str(self.page.url.join(self.page.link(text))))

    def send(self, form: Form, button: str = "", status: int = 200, files=None, **values: Any) -> Page:
        """Sends a form with some controls changed, pressed by the button of that text."""
        data = [(name, value) for name, value in form.fields if name not in values]
        for name, value in values.items():
            data += [(name, str(item)) for item in (value if isinstance(value, list) else [value])]
        pressed = next(((name, value) for name, value, text in form.buttons if button and button in text), None)
        if button and pressed is None:
            raise AssertionError(f"no button “{button}”: {form.buttons}")
        if pressed and pressed[0]:
            data.append(pressed)
        url = self.page.url.join(form.attributes.get("action") or str(self.page.url))
        grouped: dict[str, list[str]] = {}
        for name, value in data:
            grouped.setdefault(name, []).append(value)
        headers = {"referer": str(self.page.url), "origin": self.studio.url}
        if form.attributes.get("method", "get").lower() == "get":
            return self._show(self.client.get(url, params=grouped, headers=headers), status)
        return self._show(self.client.post(url, data=grouped, files=files, headers=headers), status)

    def wait(self, path: str, text: str, seconds: float = 20) -> Page:
        """Opens a page again until it says something."""
        until = time.monotonic() + seconds
        while text not in self.open(path).text:
            if time.monotonic() > until:
                raise AssertionError(f"{path} never said “{text}”:\n{self.page.text[:2000]}")
            time.sleep(0.1)
        return self.page

    def _show(self, response: httpx2.Response, status: int) -> Page:
        self.page = Page(response)
        assert response.status_code == status, f"{response.url} {response.status_code}:\n{self.page.text[:2500]}"
        return self.page
