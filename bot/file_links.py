"""A link of our own to a spreadsheet, for a chat whose platform does not take it: signed, and dead after two days.

The file lies in the data folder under a name that nobody can guess. Whoever has the link can read it, and nothing
else. Links exist only for spreadsheets, which hold figures that the person was shown; photos of people are never
linked.
"""

import hmac
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, tzinfo
from hashlib import sha256
from pathlib import Path
from typing import Final, NamedTuple
from urllib.parse import quote

from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response

from storage import private
from storage.tables import now

FOLDER: Final = "links"
PATH: Final = "/tep"
LIFETIME: Final = timedelta(days=2)
LETTERS: Final = 20
"""Letters in a file's name, and in the signature: 80 bits each."""
HEADERS: Final = {
    "Cache-Control": "private, no-store",
    "X-Robots-Tag": "noindex",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
}
GONE: Final = (
    "Liên kết này đã hết hạn. Bác hỏi lại máy để lấy tệp mới ạ.\n"
    "This link has expired. Ask the bot again for a new file.\n"
)


class FileLink(NamedTuple):
    """Where a file can be fetched, and until when."""

    url: str
    until: datetime


@dataclass(frozen=True, slots=True)
class FileLinks:
    """Makes the links of one installation, and finds what they lead to. `public_url` has no slash at its end."""

    data_dir: Path
    public_url: str
    secret: str
    zone: tzinfo = UTC
    """The time zone in which people are told until when a link works."""

    @property
    def folder(self) -> Path:
        return self.data_dir / FOLDER

    def make(self, occasion: str, name: str, content: bytes) -> FileLink:
        """Keep a file and return its link; the same `occasion` gives the same place again. Raises OSError."""
        until = (now() + LIFETIME).astimezone(self.zone)
        moment = int(until.timestamp())
        place = self.signed(f"place\n{occasion}")
        private.own_folder(self.folder)
        with private.whole(self.folder / place) as path:
            path.write_bytes(content)
        token = f"{moment}-{place}-{self.signature(moment, place, name)}"
        return FileLink(f"{self.public_url}{PATH}/{token}/{quote(name)}", until)

    def find(self, token: str, name: str) -> bytes | None:
        """Return what a link leads to; None if it is not ours, has expired, or its file is gone."""
        moment, _, rest = token.partition("-")
        place, _, signature = rest.partition("-")
        if not (moment.isascii() and moment.isdigit() and len(moment) <= LETTERS):
            return None
        wanted = self.signature(int(moment), place, name)
        if not hmac.compare_digest(signature.encode(), wanted.encode()) or int(moment) < now().timestamp():
            return None
        try:
            return (self.folder / place).read_bytes()
        except FileNotFoundError:
            return None

    def signature(self, moment: int, place: str, name: str) -> str:
        return self.signed(f"link\n{moment}\n{place}\n{name}")

    def signed(self, told: str) -> str:
        return hmac.digest(self.secret.encode(), f"file {told}".encode(), sha256).hex()[:LETTERS]

    def sweep(self) -> int:
        """Delete the files whose links have expired; return how many."""
        expired = [file for file in self.folder.glob("*") if aged(file) > LIFETIME]
        for file in expired:
            file.unlink(missing_ok=True)
        return len(expired)

    async def answer(self, request: Request) -> Response:
        """Return the file as a download, or a sentence for those who come too late."""
        name = request.path_params["name"]
        content = self.find(request.path_params["token"], name)
        if content is None:
            return PlainTextResponse(GONE, 404, headers=HEADERS)
        disposition = f"attachment; filename*=UTF-8''{quote(name)}"
        headers = {**HEADERS, "Content-Disposition": disposition}
        return Response(content, headers=headers, media_type="application/octet-stream")


def aged(file: Path) -> timedelta:
    """Return how long ago a file was written."""
    return now() - datetime.fromtimestamp(file.stat().st_mtime, UTC)
