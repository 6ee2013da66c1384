"""The WSGI entrance that the application server loads."""

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "chengzhi.site.settings")
application = get_wsgi_application()
