"""Which language commands speak, known before the settings are read: they may be what is wrong."""

import os
from contextlib import suppress

from dotenv import dotenv_values

ENV_FILE = ".env"


def language() -> str:
    """vi or en: THONBAO_LOCALE of the environment or of `.env`, else Vietnamese."""
    given = os.environ.get("THONBAO_LOCALE")
    with suppress(OSError, UnicodeDecodeError):
        given = given or dotenv_values(ENV_FILE).get("THONBAO_LOCALE")
    return "en" if given == "en" else "vi"
