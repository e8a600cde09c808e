"""The HTTP client under python-telegram-bot: one small pool of kept connections, no retries, no logs.

The library's own client spends more than half of the bot's time in its pool once many messages are on their way
(docs/performance.md). Calls without a file go through `json_http`; everything else, and what needs a proxy, through
`file_http`. A Bot API address contains the token, so neither a log nor an error's text may show one: only the kind of an
error is told.
"""

import os
from collections.abc import Awaitable
from functools import cached_property
from http import HTTPStatus
from math import ceil
from typing import TYPE_CHECKING, Any, Final

import orjson
from telegram.error import NetworkError, TelegramError, TimedOut
from telegram.request import BaseRequest, RequestData

from bot import loose_json
from bot.channels.json_http import JsonClient, NoAnswer
from bot.channels.telegram_keyboards import Params

if TYPE_CHECKING:
    from bot.channels.file_http import FileClient

os.environ.setdefault("PTB_TIMEDELTA", "1")
"""The library warns at each 429 unless it may give times as timedelta."""

ANSWER: Final = 15.0
UPLOAD: Final = 60.0
"""Seconds to wait for the server's answer, and to send it a file."""
USED: Final = frozenset(("message_id", "date", "chat"))
"""What is read of a message that was sent: building the rest as objects costs more than sending it."""
A_DAY: Final = 24 * 3600
JSON: Final = "application/json"


class TelegramAnswer(dict[str, object]):
    """An answer from Telegram. One without the requested result comes from another server."""

    def __missing__(self, key: str) -> object:
        raise TelegramError("Invalid server response")


class LeanRequest(BaseRequest):
    """The library's requests. At most `connections` are under way; others wait for one of them."""

    def __init__(self, connections: int, proxy: str = "") -> None:
        self.connections = connections
        self.proxy = proxy or None
        self.posts = JsonClient(connections)

    @cached_property
    def files(self) -> "FileClient":
        """What carries files, and everything through a proxy."""
        from bot.channels.file_http import FileClient  # seldom needed, 6 MB: see there

        return FileClient(self.connections, self.proxy, self.USER_AGENT)

    @property
    def read_timeout(self) -> float:
        return ANSWER

    async def initialize(self) -> None:
        """Do nothing: connections are made when they are needed."""

    async def shutdown(self) -> None:
        """Close every connection."""
        self.posts.close()
        if "files" in vars(self):
            await self.files.close()

    async def call(self, url: str, params: Params) -> Any:
        """The result of a call that sends no file. Raises TelegramError."""
        status, payload = await self.post_json(url, params, ANSWER)
        if status != HTTPStatus.OK:
            return await AnswerAtHand(status, payload).post(url)
        return self.parse_json_payload(payload)["result"]

    async def post_json(self, url: str, params: Params, seconds: float) -> tuple[int, bytes]:
        """The status and body of the answer to a call that sends no file. Raises TimedOut, NetworkError."""
        body = orjson.dumps(params)
        if self.proxy is not None:
            return await told(self.files.request("POST", url, body, JSON, seconds))
        return await told(self.posts.post(url, body, seconds))

    async def do_request(
        self,
        url: str,
        method: str,
        request_data: RequestData | None = None,
        read_timeout: object = None,
        write_timeout: object = None,
        connect_timeout: object = None,
        pool_timeout: object = None,
    ) -> tuple[int, bytes]:
        """The status and body of the answer to one of the library's calls. Raises TimedOut, NetworkError."""
        seconds = read_timeout if isinstance(read_timeout, int | float) else ANSWER
        if request_data is None:
            return await told(self.files.request(method, url, None, "", seconds))
        if request_data.contains_files:
            form = self.files.form(request_data.json_parameters, request_data.multipart_data)
            return await told(self.files.request(method, url, form, "", max(seconds, UPLOAD)))
        return await self.post_json(url, request_data.parameters, seconds)

    @staticmethod
    def parse_json_payload(payload: bytes) -> dict[str, object]:
        """Return the answer's JSON: of a message only what is used, of a refusal only what makes sense. Raises
        TelegramError."""
        try:
            answer = loose_json.loads(payload)
        except ValueError:
            raise TelegramError("Invalid server response") from None
        if not isinstance(answer, dict):
            raise TelegramError("Invalid server response")
        result = answer.get("result")
        if isinstance(result, dict) and "message_id" in result:
            answer["result"] = {name: result[name] for name in USED & result.keys()}
        if "result" in answer:
            return TelegramAnswer(answer)
        if answer.get("ok") is not False:  # a gateway's, which says nothing of the chat or the message
            raise TelegramError("Invalid server response")
        return refusal(answer)


def refusal(answer: dict[str, object]) -> TelegramAnswer:
    """Return a refusal without what the library cannot use: a description that is not text, a wait that is no number
    of seconds.

    A wait is also cut to a day: whoever named it may not be the platform.
    """
    described, told = answer.get("description"), answer.get("parameters")
    numbers = {
        name: value
        for name, value in (told.items() if isinstance(told, dict) else ())
        if type(value) is int or (type(value) is float and 0 < value <= A_DAY)
    }
    waits = numbers.pop("retry_after", 0)
    if waits > 0:
        numbers["retry_after"] = min(ceil(waits), A_DAY)
    description = described if isinstance(described, str) else ""
    return TelegramAnswer(ok=False, description=description, parameters=numbers)


class AnswerAtHand(LeanRequest):
    """Gives the library an answer that came already, so that it says which of its errors that is."""

    def __init__(self, status: int, payload: bytes) -> None:
        self.given = status, payload

    async def do_request(self, *_: object, **__: object) -> tuple[int, bytes]:
        """See `LeanRequest.do_request`."""
        return self.given


async def told(answer: Awaitable[tuple[int, bytes]]) -> tuple[int, bytes]:
    """Return the answer to a call. Raises TimedOut, NetworkError, as the library does, if none came."""
    try:
        return await answer
    except TimeoutError:
        raise TimedOut from None
    except NoAnswer as error:
        raise NetworkError(str(error)) from None
