"""Hands the data plane its source of contracts, its log, its store and its provider, in every process of the studio."""

from django.apps import AppConfig
from django.conf import settings


class MockingConfig(AppConfig):
    name = "actionstudio.apps.mocking"

    def ready(self):
        from actionstudio.apps.accounts import leaving
        from actionstudio.apps.mocking import recording, rows
        from actionstudio.apps.projects import deleting
        from actionstudio.runtime import app
        from actionstudio.runtime.forwarding import recording as forwarding

        app.supply(_frontdoor)
        forwarding.listen(recording.noticed)
        deleting.also(rows.forget_project)
        leaving.also(rows.leave)


def _frontdoor():
    from actionstudio.apps.mocking.store import DatabaseStore
    from actionstudio.apps.oauth.door import AddressProvider
    from actionstudio.apps.oauth.tokens import DatabaseTokens
    from actionstudio.apps.publishing.source import DatabaseSource
    from actionstudio.apps.traffic import slots
    from actionstudio.apps.traffic.sink import DatabaseSink
    from actionstudio.runtime.app import Frontdoor

    sink = DatabaseSink()
    return Frontdoor(
        DatabaseSource(),
        sink,
        DatabaseStore(sink),
        worker=slots.claim(settings.STUDIO_DATA_DIR / "slots"),
        log_body_limit=settings.STUDIO_LOG_BODY_LIMIT,
        behind_proxy=bool(settings.SECURE_PROXY_SSL_HEADER),
        provider=AddressProvider(),
        tokens=DatabaseTokens(),
    )
