"""Edit and resend: the whole call as fields."""

from __future__ import annotations

import json
import re

import orjson
from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from actionstudio.apps.design import newest
from actionstudio.apps.oauth import assuming
from actionstudio.apps.oauth.models import EndUser
from actionstudio.apps.replay import replaying, sending
from actionstudio.apps.replay.sealed_input import SealedInput
from actionstudio.core.call import Call
from actionstudio.core.problem import Refused

METHODS = ("GET", "POST", "PUT", "PATCH", "DELETE", "HEAD", "OPTIONS", "TRACE")
HEADER = re.compile(r"([!#$%&'*+.^_`|~0-9A-Za-z-]+):[ \t]*(.*)")
LONGEST_BODY = 2 * 1024 * 1024


class TargetForm(forms.Form):
    """Where to send and how often."""

    target = forms.ChoiceField(label=lazy("Send to"))
    base = forms.CharField(
        label=lazy("Base URL"),
        required=False,
        max_length=2000,
        help_text=lazy("Of another server that has the same paths, such as https://staging.example.com/v1"),
    )
    credential = forms.ChoiceField(label=lazy("Credential"), required=False)
    typed_name = forms.CharField(label=lazy("Header for this run"), required=False, max_length=80)
    typed_value = forms.CharField(
        label=lazy("Its value"),
        required=False,
        max_length=8000,
        widget=SealedInput(attrs={"autocomplete": "off"}),
        help_text=lazy("Sent once and never kept. The log holds no credentials, so another server needs it typed in."),
    )
    twice = forms.BooleanField(label=lazy("Run twice, to find what differs from run to run"), required=False)

    def __init__(self, data=None, *, project, exchange, **kwargs):
        super().__init__(data, **kwargs)
        self.project = project
        contract = newest.contract(project)
        numbers = project.revisions.values_list("number", flat=True)[:200]
        self.fields["target"].choices = [
            ("live", _("The live address")),
            *((f"revision:{number}", _("Version %(n)s") % {"n": number}) for number in numbers),
            *([(sending.UPSTREAM, _("The upstream"))] if contract.upstreams else []),
            ("base", _("Another server")),
        ]
        carried = exchange.auth in ("ok", "scope")
        refused = _("As in the logged call: one that is refused")
        none = refused if exchange.auth in ("wrong", "revoked") else _("As in the logged call: none")
        same = _("As in the logged call") if carried else none
        keys = project.keys.filter(revoked=None)[:100]
        self.fields["credential"].choices = [
            (replaying.SAME, same),
            (replaying.NOBODY, _("None")),
            *((str(key.pk), _("The key “%(name)s”") % {"name": key.name}) for key in keys),
            *((f"{assuming.PREFIX}{user.sub}", _as(user)) for user in assuming.choices(project, contract.auth)),
        ]

    def clean(self):
        cleaned = super().clean()
        text = cleaned.get("base", "") if cleaned.get("target") == "base" else cleaned.get("target", "")
        if cleaned.get("base", "").strip() and cleaned.get("target", "base") != "base":
            self.add_error("base", _("Choose “Another server” under “Send to” to send there, or empty this field."))
        if cleaned.get("target") == "base" and not text:
            self.add_error("base", _("Type the base URL to send to."))
        elif text:
            try:
                cleaned["to"] = str(sending.target(text, self.project))
            except Refused as refused:
                self.add_error("base", str(refused))
        name, value = cleaned.get("typed_name", "").strip(), cleaned.get("typed_value", "")
        if name and not HEADER.fullmatch(f"{name}: {value}"):
            self.add_error("typed_name", _("Use letters, digits and dashes, such as Authorization."))
        elif name and (words := sending.unsettable(name)):
            self.add_error("typed_name", words)
        elif name and not value:
            self.add_error("typed_value", _("Type the value of this header, or empty its name."))
        elif value and not name and self.data.get(self.add_prefix("typed_value")):
            self.add_error("typed_name", _("Name the header that carries this value, such as Authorization."))
        cleaned["typed"] = (name, value) if name and value else None
        return cleaned


class ResendForm(TargetForm):
    """The call itself, too."""

    method = forms.ChoiceField(label=lazy("Method"), choices=[(name, name) for name in METHODS])
    path = forms.CharField(label=lazy("Path"), max_length=8000)
    query = forms.CharField(label=lazy("Query"), required=False, max_length=16000)
    headers = forms.CharField(
        label=lazy("Headers"),
        required=False,
        max_length=64000,
        widget=forms.Textarea(attrs={"rows": 6, "spellcheck": "false", "class": "mono"}),
        help_text=lazy("One a line: name: value. Headers whose values the log hides are left out."),
    )
    body = forms.CharField(
        label=lazy("Body"),
        required=False,
        strip=False,
        max_length=LONGEST_BODY,
        widget=forms.Textarea(attrs={"rows": 14, "spellcheck": "false", "class": "mono"}),
    )
    broken = forms.BooleanField(label=lazy("Send it although it is not JSON"), required=False)

    field_order = ("method", "path", "query", "headers", "body")

    def clean_path(self):
        path = self.cleaned_data["path"].strip()
        if not path.startswith("/"):
            raise forms.ValidationError(_("A path begins with a slash: /todos"))
        if path != self.initial.get("path") and re.search(r"[\s?#]", path):
            raise forms.ValidationError(_("Spaces, ? and # do not belong in a path. Write a space as %20."))
        return path

    def clean_query(self):
        query = self.cleaned_data["query"].strip().removeprefix("?")
        if query != self.initial.get("query") and re.search(r"[\s#]", query):
            raise forms.ValidationError(_("Write a space as %20 or +, and # as %23."))
        return query

    def clean_headers(self):
        pairs = []
        for number, line in enumerate(self.cleaned_data["headers"].splitlines(), 1):
            found = HEADER.fullmatch(line.strip())
            if line.strip() and not found:
                raise forms.ValidationError(_("Line %(n)s is not name: value.") % {"n": number})
            if found and not found[2].isascii():
                raise forms.ValidationError(_("Line %(n)s: a header's value may hold only ASCII.") % {"n": number})
            if found:
                pairs.append((found[1].lower(), found[2]))
        return pairs

    def clean(self):
        cleaned = super().clean()
        for words in dict.fromkeys(
            filter(None, (sending.unsettable(name) for name, _text in cleaned.get("headers") or ()))
        ):
            self.add_error("headers", words)
        body, kind = cleaned.get("body", ""), dict(cleaned.get("headers") or ()).get("content-type", "")
        if body.strip() and "json" in kind and not cleaned.get("broken"):
            try:
                orjson.loads(body)
            except orjson.JSONDecodeError as error:
                place = {"line": error.lineno, "column": error.colno, "what": error.msg}
                self.add_error("body", _("Not JSON, line %(line)s, column %(column)s: %(what)s.") % place)
        return cleaned

    def overrides(self, original: Call) -> dict:
        """What the person changed, for the deed. A browser sends line ends as CRLF, the logged body had its own."""
        data = self.cleaned_data
        shown = (original.body.decode("utf-8", "replace"), _shown(original.body))
        untouched = _unix(data["body"]) in map(_unix, shown)
        crlf = b"\r\n" in original.body
        body = original.body if untouched else (data["body"] if crlf else _unix(data["body"])).encode()
        return {
            "method": data["method"],
            "path": data["path"],
            "query": data["query"],
            "headers": data["headers"],
            "body": body,
        }


def _as(user: EndUser) -> str:
    """Somebody to choose; a closed account can be chosen to see that it is refused."""
    words = _("As %(name)s, signed in") % {"name": user.username}
    return words if user.is_active else f"{words} ({_('closed')})"


def initial(call: Call) -> dict:
    """The fields' first values: the call as it was."""
    return {
        "method": call.method,
        "path": call.path,
        "query": call.query,
        "headers": "\n".join(f"{name}: {value}" for name, value in call.headers),
        "body": _shown(call.body),
        "target": "live",
        "credential": replaying.SAME,
    }


def _shown(body: bytes) -> str:
    """JSON on one line is unfolded, to be edited with ease; everything else as it was."""
    text = body.decode("utf-8", "replace")
    if "\n" in text.strip() or text[:1] not in ("{", "["):
        return text
    try:
        return json.dumps(json.loads(text), indent=2, ensure_ascii=False)
    except (ValueError, RecursionError):
        return text


def _unix(text: str) -> str:
    return text.replace("\r\n", "\n")
