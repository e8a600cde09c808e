"""The data folder, in which photos lie: made where it is missing, and every fault of it told by its name.

What the system says of a file alone would be taken for a fault of the database, which may lie elsewhere.
"""

import errno
import tempfile
from pathlib import Path
from typing import Final

from bot.problems import WrongCall
from bot.teller import Teller
from handlers.alarms import PHOTOS
from storage import private

FULL: Final = (errno.ENOSPC, errno.EDQUOT)
SENTENCES: Final = {
    errno.ENOENT: "missing",
    errno.ENOTDIR: "no_folder",
    errno.EEXIST: "no_folder",
    errno.EACCES: "rights",
    errno.EPERM: "rights",
    errno.EROFS: "rights",
    **dict.fromkeys(FULL, "full"),
}
"""What is the matter, by the system's number."""


def prepare(folder: Path, say: Teller) -> None:
    """Make the data folder where it is missing, close it to others, and see that it can be written.

    Raises OSError where only room is missing, which may pass, else WrongCall.
    """
    try:
        private.own_folder(folder)
        private.own_folder(folder / PHOTOS)
        with tempfile.TemporaryFile(dir=folder) as file:
            file.write(b"0" * 4096)
    except OSError as error:
        if error.errno in FULL:
            raise
        raise WrongCall(fault_of(folder, error, say)) from error


def fault_of(folder: Path, error: OSError, say: Teller) -> str:
    """What is the matter with the data folder, and what to do."""
    return say(f"admin.data_folder.{SENTENCES.get(error.errno or 0, 'other')}", folder=str(folder))
