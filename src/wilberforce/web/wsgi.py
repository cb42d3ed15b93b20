import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "wilberforce.web.settings")

application = get_wsgi_application()

from .starting import read_ahead, refuse_unless_fit  # noqa: E402 - the settings are read first

refuse_unless_fit()
read_ahead()
