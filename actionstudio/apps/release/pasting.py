"""What to type into ChatGPT's authentication dialog for a project's kind of sign-in."""

import base64
from dataclasses import dataclass, field

from django.utils.translation import gettext as _

from actionstudio.core.auth import ApiKey, Auth, Declared, NoAuth, ServiceHttp


@dataclass
class Dialog:
    """The dialog's fields in its own order, as (label, value), and what one should know beside it."""

    fields: list[tuple[str, str]] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    takes_key: bool = False


def dialog(auth: Auth) -> Dialog:
    """The dialog for ``auth``; the key itself is only known while it is shown."""
    return _DIALOGS[type(auth)](auth)


def encoded(text: str) -> str:
    """The text as RFC 7617 encodes Basic credentials."""
    return base64.b64encode(text.encode()).decode()


def _none(auth: NoAuth) -> Dialog:
    return Dialog([(_("Authentication Type"), "None")])


def _api_key(auth: ApiKey) -> Dialog:
    kinds = {"bearer": "Bearer", "basic": "Basic", "header": "Custom"}
    fields = [(_("Authentication Type"), "API Key"), (_("Auth Type"), kinds[auth.scheme])]
    notes = [_("ChatGPT has one key for the whole GPT; all its users share it.")]
    if auth.scheme == "header":
        fields.append((_("Custom Header Name"), auth.header))
    if auth.scheme == "basic":
        notes.append(_("ChatGPT sends “Authorization: Basic” and the key exactly as you type it, not base64-encoded."))
        notes.append(_("A server that decodes RFC 7617 wants name:password encoded: then issue the encoded text."))
    notes.append(_("Opening the dialog again shows the key field empty: type the key again before you save."))
    return Dialog(fields, notes, takes_key=True)


def _service(auth: ServiceHttp) -> Dialog:
    kind = "Bearer" if auth.authorization_type == "bearer" else "Basic"
    fields = [(_("Authentication Type"), "API Key"), (_("Auth Type"), kind)]
    return Dialog(fields, [_("Plugin clients read the kind and the verification tokens from ai-plugin.json.")], True)


def _declared(auth: Declared) -> Dialog:
    return Dialog([], [_("Choose in ChatGPT what the security scheme of GPT's document says.")], takes_key=True)


_DIALOGS = {NoAuth: _none, ApiKey: _api_key, ServiceHttp: _service, Declared: _declared}
