"""The control plane alone, for a WSGI server; the data plane then runs as ``actionstudio.asgi:runtime``."""

import os

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "actionstudio.settings")

from django.core.wsgi import get_wsgi_application

application = get_wsgi_application()
