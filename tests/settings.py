"""The demo's settings, for the suite: no secret key of its own, files in a scratch folder."""

import os
import tempfile

os.environ.setdefault("CHENGZHI_DEMO", "1")
os.environ.setdefault("CHENGZHI_FACES", "0")  # heads instead of faces: no seconds for each still
os.environ.setdefault("CHENGZHI_STATE", tempfile.mkdtemp(prefix="chengzhi-tests-"))

from chengzhi.site.settings import *  # noqa: F403

# One cheap round: the suite signs people in a thousand times, and attacks none of them.
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]

# A test reads what the command before it has done.
CHENGZHI_RAIL_SECONDS = 0

# As in service: a test that lets everybody read published requests says so.
CHENGZHI_OPEN311_PUBLIC = False
