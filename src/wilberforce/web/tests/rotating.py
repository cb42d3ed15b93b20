"""A rotation of keys that is killed in the middle, in a process of its own."""

import os
import subprocess
import sys
from pathlib import Path

from django.db import connection

SCRIPT = """
import os, signal, sys, django
from pathlib import Path
django.setup()
from django.conf import settings
settings.KEYRING_FILE = Path(sys.argv[1])
from wilberforce.web import rotation
rotation.BATCH = int(sys.argv[3])
rotation.begin()
for done in rotation.wrap_afresh():
    if done.table == sys.argv[2]:
        os.kill(os.getpid(), signal.SIGKILL)
"""


def killed_in(table: str, ring: Path, batch: int) -> None:
    """After the first ``batch`` rows of this table."""
    environment = os.environ | {"WB_DB_NAME": str(connection.settings_dict["NAME"]), "WB_DB_ROLE": "owner"}
    words = [sys.executable, "-c", SCRIPT, str(ring), table, str(batch)]
    assert subprocess.run(words, env=environment, check=False).returncode == -9
