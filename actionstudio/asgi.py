"""The composition root under an ASGI server: ``application`` is both planes, ``runtime`` the data plane alone."""

import os
import sys

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "actionstudio.settings")

import django

django.setup()

from django.conf import settings
from django.core.handlers.wsgi import WSGIHandler

from actionstudio.apps.projects.streams import Streams
from actionstudio.apps.web.refusals import too_large
from actionstudio.runtime.app import frontdoor
from actionstudio.runtime.bridge import WsgiBridge
from actionstudio.runtime.dispatch import Both, Hosts, RuntimeOnly

sys.setswitchinterval(0.0005)  # a page that computes in its thread gives the event loop its turn sooner


def _worker():
    if not settings.STUDIO_EMBEDDED_WORKER:
        return None
    from actionstudio.apps.projects.worker import EmbeddedWorker

    return EmbeddedWorker()


_hosts = Hosts(settings.STUDIO_LIVE_DOMAIN, [*settings.ALLOWED_HOSTS])
application = Both(_hosts, frontdoor(), WsgiBridge(WSGIHandler()), Streams(), _worker, too_large)
runtime = RuntimeOnly(_hosts, frontdoor())
