"""The data folder, which holds photos: made if missing, with every fault of it named as its own.

The system's error alone would be taken for the database's fault, which may be elsewhere.
"""

import errno
import tempfile
from pathlib import Path
from typing import Final

from bot.problems import WrongCall
from bot.teller import Teller
from handlers.alarms import PHOTOS
from storage import private

FULL: Final = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)
"""No room is left: on the disk, or by a limit set from outside."""
SENTENCES: Final = {
    errno.ENOENT: "missing",
    errno.ENOTDIR: "no_folder",
    errno.EEXIST: "no_folder",
    errno.EACCES: "rights",
    errno.EPERM: "rights",
    errno.EROFS: "disk_locked",
    **dict.fromkeys(FULL, "full"),
}
"""What is the matter, by the system's error number."""


def prepare(folder: Path, say: Teller) -> None:
    """Make the data folder and the photo folder if missing, close them to others, and try to write there.

    Raises OSError if only room is missing, which may pass, else WrongCall.
    """
    for place in (folder, folder / PHOTOS):
        try:
            private.own_folder(place)
            with tempfile.TemporaryFile(dir=place) as file:
                file.write(b"0" * 4096)
        except OSError as error:
            if error.errno in FULL:
                raise
            raise WrongCall(fault_of(place, error, say)) from error


def fault_of(folder: Path, error: OSError, say: Teller) -> str:
    """What is the matter with the data folder, and what to do."""
    return say(f"admin.data_folder.{SENTENCES.get(error.errno or 0, 'other')}", folder=str(folder))
