"""The language of commands, known before the settings are read, since these may be what is wrong."""

import os
from contextlib import suppress

from dotenv import dotenv_values

ENV_FILE = ".env"


def language() -> str:
    """Return vi or en: THONBAO_LOCALE from the environment or `.env`, else Vietnamese."""
    given = os.environ.get("THONBAO_LOCALE")
    with suppress(OSError, UnicodeDecodeError):
        given = given or dotenv_values(ENV_FILE).get("THONBAO_LOCALE")
    return "en" if given == "en" else "vi"
