"""Settings of the test run: those of the product, with a fresh data folder and quick passwords.

``DATABASE_URL`` and ``REDIS_URL`` are honoured, so the same tests run on PostgreSQL and Redis.
"""

import atexit
import os
import shutil
import tempfile

_folder = tempfile.mkdtemp(prefix="playground-test-")
atexit.register(shutil.rmtree, _folder, ignore_errors=True)
os.environ["DATA_DIR"] = _folder
os.environ.setdefault("PLAYGROUND_RATE_LIMITS", "off")

from playground.settings import *  # noqa: E402, F403  # the environment comes first

PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
DJANGO_VITE = {"default": {"dev_mode": True}}
WHITENOISE_USE_FINDERS = True
WHITENOISE_AUTOREFRESH = True
CELERY_TASK_ALWAYS_EAGER = True
ALLOWED_HOSTS = ["localhost", "127.0.0.1", "[::1]", "testserver"]
