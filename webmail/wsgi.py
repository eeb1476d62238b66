"""The WSGI door that gunicorn opens."""

import os

from django.core.wsgi import get_wsgi_application

from webmail.accounts.apps import follow_endings
from webmail.administration.apps import start_reporting
from webmail.outbox.apps import start_worker

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "webmail.settings")
application = get_wsgi_application()
start_worker()
follow_endings()
start_reporting()
