"""Plugins of 2023 for the pages of a filled studio: one installed, the project's own on its way, one full of flaws."""

import json

from django.utils import timezone

from actionstudio.apps.simulator import keeping
from actionstudio.apps.simulator.models import PluginInstall
from actionstudio.apps.simulator.plugins import installing, own
from tests.apps.simulator.plugins.fake import Plugin

AT, TOKEN = "https://todo.example.com", "0123456789abcdef" * 2


def fill(project, by) -> dict[str, str]:
    """What the addresses of the plugins' pages are made of."""
    sample = Plugin()
    sample.http.server_close()
    document = json.dumps(sample.document).replace(sample.url, AT)
    manifest = json.loads(json.dumps(sample.manifest).replace(sample.url, AT))
    auth = {"type": "oauth", "client_url": f"{AT}/authorize", "authorization_url": f"{AT}/token", "scope": "read"}
    auth |= {
        "authorization_content_type": "application/json",
        "verification_tokens": {"openai": "0123456789abcdef" * 2},
    }
    good = PluginInstall(project=project, user=by, domain="todo.example.com", url=f"{AT}/.well-known/ai-plugin.json")
    good.manifest, good.document, good.token = manifest | {"auth": auth}, document, TOKEN
    good.fetched = good.verified = good.installed = timezone.now()
    good.oauth_client_id, good.fault = "acme", "Denied: access_denied"
    keeping.put_held(good, {"client_secret": "a-secret-of-somebody"})
    good.save()
    bad = PluginInstall(
        project=project, user=by, domain="old.example.com", url="https://old.example.com/ai-plugin.json"
    )
    bad.manifest = manifest | {
        "name_for_model": "my list",
        "auth": {"type": "user_http"},
        "contact_email": "a@b.example",
    }
    bad.document, bad.fetched = document.replace('"paths"', '"components": {"schemas": []}, "paths"'), timezone.now()
    bad.save()
    mine = installing.find(project, by, own.domains(project)[0])
    return {"plugin": good.key, "plugin_flawed": bad.key, "plugin_own": mine.key}
