"""``wilberforce``: the command of an installed package. In a checkout, ``./wb manage`` does the same and more."""

import os
import sys

from django.core.management import execute_from_command_line

OWNERS = ("migrate", "showmigrations")


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "wilberforce.web.settings")
    if sys.argv[1:2] and sys.argv[1] in OWNERS:
        os.environ.setdefault("WB_DB_ROLE", "owner")
    execute_from_command_line(sys.argv)
