"""Every page of the dashboard and how to reach it in a filled studio. A URL that is neither here nor in NOT_PAGES makes
a test fail: nobody adds a page that is never looked at."""

from django.urls import URLPattern, get_resolver

PAGES = {
    "web:landing": ("anonymous", lambda world: "/"),
    "web:help": ("ann", lambda world: "/help/"),
    "web:help-topic": ("ann", lambda world: "/help/first-action/"),
    "web:help-rules": ("ann", lambda world: "/help/rules/"),
    "web:help-rule": ("ann", lambda world: "/help/rules/text-length/"),
    "accounts:profile": ("ann", lambda world: "/account/"),
    "accounts:tokens": ("ann", lambda world: "/account/tokens/"),
    "accounts:invitations": ("ann", lambda world: "/account/invitations/"),
    "accounts:invited": ("anonymous", lambda world: "/invited/not-a-token/"),
    "account_login": ("anonymous", lambda world: "/accounts/login/"),
    "account_logout": ("ann", lambda world: "/accounts/logout/"),
    "account_signup": ("anonymous", lambda world: "/accounts/signup/"),
    "account_reauthenticate": ("ann", lambda world: "/accounts/reauthenticate/"),
    "account_email": ("ann", lambda world: "/accounts/email/"),
    "account_email_verification_sent": ("anonymous", lambda world: "/accounts/confirm-email/"),
    "account_confirm_email": ("anonymous", lambda world: "/accounts/confirm-email/no-such-key/"),
    "account_change_password": ("ann", lambda world: "/accounts/password/change/"),
    "account_reset_password": ("anonymous", lambda world: "/accounts/password/reset/"),
    "account_reset_password_done": ("anonymous", lambda world: "/accounts/password/reset/done/"),
    "account_reset_password_from_key": ("anonymous", lambda world: "/accounts/password/reset/key/1-no-key/"),
    "account_reset_password_from_key_done": ("anonymous", lambda world: "/accounts/password/reset/key/done/"),
    "account_inactive": ("anonymous", lambda world: "/accounts/inactive/"),
    "mfa_index": ("ann", lambda world: "/accounts/2fa/"),
    "mfa_list_webauthn": ("ann", lambda world: "/accounts/2fa/webauthn/"),
    "usersessions_list": ("ann", lambda world: "/accounts/sessions/"),
    "projects:list": ("ann", lambda world: "/projects/"),
    "library:new": ("ann", lambda world: "/projects/new/"),
    "library:import": ("ann", lambda world: f"/projects/import/{world['job']}/"),
    "library:import report": ("ann", lambda world: f"/projects/import/{world['report']}/"),
    "library:overview": ("ann", lambda world: f"/projects/{world['slug']}/"),
    "library:tools": ("ann", lambda world: f"/projects/{world['slug']}/export/tools/"),
    "library:reimport": ("ann", lambda world: f"/projects/{world['slug']}/import/"),
    "library:reimport-plan": ("ann", lambda world: f"/projects/{world['slug']}/import/{world['plan']}/"),
    "library:settings": ("ann", lambda world: f"/projects/{world['slug']}/settings/"),
    "library:settings logo": ("ann", lambda world: f"/projects/{world['slug']}/settings/logo/"),
    "library:settings privacy": ("ann", lambda world: f"/projects/{world['slug']}/settings/privacy/"),
    "library:settings legal": ("ann", lambda world: f"/projects/{world['slug']}/settings/legal/"),
    "library:settings manifest": ("ann", lambda world: f"/projects/{world['slug']}/settings/manifest/"),
    "library:settings log": ("ann", lambda world: f"/projects/{world['slug']}/settings/log/"),
    "library:settings export": ("ann", lambda world: f"/projects/{world['slug']}/settings/export/"),
    "library:settings danger": ("ann", lambda world: f"/projects/{world['slug']}/settings/danger/"),
    "design:endpoints": ("ann", lambda world: f"/projects/{world['slug']}/endpoints/"),
    "design:endpoint-new": ("ann", lambda world: f"/projects/{world['slug']}/endpoints/new/"),
    "design:endpoint": ("ann", lambda world: f"/projects/{world['slug']}/endpoints/{world['operation']}/"),
    "mocking:try": ("ann", lambda world: f"/projects/{world['slug']}/endpoints/{world['operation']}/try/"),
    "design:switches": (
        "ann",
        lambda world: f"/projects/{world['slug']}/endpoints/{world['operation']}/mock/switches/",
    ),
    "design:mock": ("ann", lambda world: f"/projects/{world['slug']}/endpoints/{world['operation']}/mock/"),
    "design:bind": ("ann", lambda world: f"/projects/{world['slug']}/endpoints/{world['operation']}/mock/collection/"),
    "mocking:rehearsal": ("ann", lambda world: f"/projects/{world['slug']}/endpoints/{world['operation']}/mock/check/"),
    "mocking:collections": ("ann", lambda world: f"/projects/{world['slug']}/collections/"),
    "mocking:collection": ("ann", lambda world: f"/projects/{world['slug']}/collections/orders/"),
    "mocking:upstreams": ("ann", lambda world: f"/projects/{world['slug']}/upstreams/"),
    "mocking:upstream-new": ("ann", lambda world: f"/projects/{world['slug']}/upstreams/new/"),
    "mocking:upstream": ("ann", lambda world: f"/projects/{world['slug']}/upstreams/gateway/"),
    "design:schemas": ("ann", lambda world: f"/projects/{world['slug']}/schemas/"),
    "design:schema": ("ann", lambda world: f"/projects/{world['slug']}/schemas/{world['schema']}/"),
    "design:checks": ("ann", lambda world: f"/projects/{world['slug']}/checks/"),
    "design:checks plugin": ("ann", lambda world: f"/projects/{world['slug']}/checks/?target=plugin"),
    "design:document": ("ann", lambda world: f"/projects/{world['slug']}/spec/"),
    "gpt:connect": ("ann", lambda world: f"/projects/{world['slug']}/connect/"),
    "gpt:model": ("ann", lambda world: f"/projects/{world['slug']}/model/"),
    "gpt:model plugin": ("ann", lambda world: f"/projects/{world['slug']}/model/?layout=plugin"),
    "gpt:import": ("ann", lambda world: f"/projects/{world['slug']}/gpt/import/"),
    "gpt:import full": ("ann", lambda world: f"/projects/{world['slug']}/gpt/import/?profile=full"),
    "gpt:repair": ("ann", lambda world: f"/projects/{world['slug']}/gpt/repair/"),
    "gpt:choose": ("ann", lambda world: f"/projects/{world['slug']}/gpt/choose/"),
    "gpt:import troubled": ("ann", lambda world: "/projects/old-shop/gpt/import/"),
    "gpt:import troubled whole": ("ann", lambda world: "/projects/old-shop/gpt/import/?profile=full"),
    "gpt:repair troubled": ("ann", lambda world: "/projects/old-shop/gpt/repair/"),
    "gpt:choose troubled": ("ann", lambda world: "/projects/old-shop/gpt/choose/"),
    "gpt:check-any": ("ann", lambda world: "/check/"),
    "design:document gpt": ("ann", lambda world: f"/projects/{world['slug']}/spec/?profile=gpt"),
    "design:document-compare": ("ann", lambda world: f"/projects/{world['slug']}/spec/compare/"),
    "release:versions": ("ann", lambda world: f"/projects/{world['slug']}/spec/versions/"),
    "release:compare": ("ann", lambda world: f"/projects/{world['slug']}/spec/versions/1..2/"),
    "release:addresses": ("ann", lambda world: f"/projects/{world['slug']}/addresses/"),
    "release:auth": ("ann", lambda world: f"/projects/{world['slug']}/auth/"),
    "traffic:log": ("ann", lambda world: f"/projects/{world['slug']}/log/"),
    "traffic:exchange": ("ann", lambda world: f"/projects/{world['slug']}/log/{world['request']}/"),
    "traffic:exchange lost": ("ann", lambda world: f"/projects/{world['slug']}/log/{world['lost']}/"),
    "traffic:adopt": ("ann", lambda world: f"/projects/{world['slug']}/log/{world['request']}/adopt/"),
    "replay:list": ("ann", lambda world: f"/projects/{world['slug']}/replays/"),
    "replay:result": ("ann", lambda world: f"/projects/{world['slug']}/replays/{world['replay']}/"),
    "api:docs": ("ann", lambda world: "/api/v1/docs/"),
    "replay:edit": ("ann", lambda world: f"/projects/{world['slug']}/log/{world['request']}/resend/"),
}
NOT_PAGES = {
    "gpt:brief": "a part of the overview",
    "gpt:document": "a file",
    "gpt:light": "a part of the page Connect to GPT",
    "gpt:probe": "takes a form",
    "replay:send": "takes a form",
    "replay:again": "takes a form",
    "replay:ignore": "takes a form",
    "replay:of": "a part of the request's page",
    "traffic:demo": "takes a form",
    "library:steps-leave": "takes a form",
    "traffic:steps": "a part of the overview",
    "projects:logo": "a picture",
    "traffic:briefs": "parts of the list of projects",
    "library:checks": "parts of the list of projects",
    "traffic:tail": "a stream",
    "traffic:latest": "a part of the overview",
    "traffic:stats": "a part of the overview",
    "traffic:new-endpoint": "takes a form",
    "traffic:tree": "a part of the request's page",
    "traffic:body": "a file",
    "traffic:export": "a file",
    "traffic:exchange-har": "a file",
    "mocking:collection-rows": "a file",
    "design:document-lint": "problems of a text, as JSON",
    "design:document-download": "a file",
    "library:import-cancel": "takes a form",
    "library:reimport-cancel": "takes a form",
    "library:export": "a file",
    "release:address": "takes a form",
    "release:restore": "takes a form",
    "release:compare-chosen": "leads on to a comparison",
    "web:language": "takes a form, answers with a redirect",
    "accounts:setup": "there is nothing once an account exists; test_setup.py looks at it",
    "accounts:token-revoke": "takes a form",
    "accounts:invitation-revoke": "takes a form",
    "account_set_password": "leads on to the change of the password",
    "account_confirm_login_code": "sign-in by mailed code is off",
    "mfa_authenticate": "needs a half-done sign-in; test_second_factor.py looks at it",
    "mfa_reauthenticate": "needs a second factor; test_second_factor.py looks at it",
    "mfa_activate_totp": "asks to sign in again first; test_second_factor.py looks at it",
    "mfa_deactivate_totp": "needs a second factor; test_second_factor.py looks at it",
    "mfa_view_recovery_codes": "needs a second factor; test_second_factor.py looks at it",
    "mfa_generate_recovery_codes": "needs a second factor; test_second_factor.py looks at it",
    "mfa_download_recovery_codes": "a text file",
    "mfa_add_webauthn": "asks to sign in again first; test_second_factor.py looks at it",
    "mfa_reauthenticate_webauthn": "needs a passkey",
    "mfa_remove_webauthn": "needs a passkey",
    "mfa_edit_webauthn": "needs a passkey",
    "mfa_login_webauthn": "JSON, and takes a form",
}


def is_known(name: str) -> bool:
    """Is that URL looked at, or is it said why not? The API speaks JSON."""
    return name in NOT_PAGES or name.startswith("api:") or any(name == page.split()[0] for page in PAGES)


def url_names(patterns=None, namespace: str = "") -> set[str]:
    """Every named URL, as ``namespace:name``."""
    found = set()
    for entry in get_resolver().url_patterns if patterns is None else patterns:
        if isinstance(entry, URLPattern):
            if entry.name:
                found.add(f"{namespace}:{entry.name}" if namespace else entry.name)
        else:
            found |= url_names(entry.url_patterns, entry.namespace or namespace)
    return found


def reachable() -> dict:
    """The pages whose URLs this installation has; a name's second word tells pages of one URL apart."""
    names = url_names()
    return {name: page for name, page in PAGES.items() if name.split()[0] in names}
