"""The HTTP client under python-telegram-bot: one small pool of kept connections, no retries, no logs.

The library's own client spends more than half of the bot's time in its pool once many messages are on their way
(docs/performance.md). Calls without a file go through `json_http`; everything else, and what needs a proxy, through
aiohttp. A Bot API address contains the token, so neither a log nor an error's text may show one: only the kind of an
error is told.
"""

import os
from http import HTTPStatus
from io import BytesIO
from math import ceil
from typing import Any, Final

import aiohttp
import orjson
from telegram.error import NetworkError, TelegramError, TimedOut
from telegram.request import BaseRequest, RequestData

from bot import loose_json
from bot.channels.json_http import CONNECT, JsonClient, NoAnswer
from bot.channels.telegram_keyboards import Params

os.environ.setdefault("PTB_TIMEDELTA", "1")
"""The library warns at each 429 unless it may give times as timedelta."""

ANSWER: Final = 15.0
UPLOAD: Final = 60.0
"""Seconds to wait for the server's answer, and to send it a file."""
USED: Final = frozenset(("message_id", "date", "chat"))
"""What is read of a message that was sent: building the rest as objects costs more than sending it."""
A_DAY: Final = 24 * 3600
JSON: Final = {"Content-Type": "application/json"}


class TelegramAnswer(dict[str, object]):
    """An answer from Telegram. One without the requested result comes from another server."""

    def __missing__(self, key: str) -> object:
        raise TelegramError("Invalid server response")


class LeanRequest(BaseRequest):
    """The library's requests. At most `connections` are under way; others wait for one of them."""

    def __init__(self, connections: int, proxy: str = "") -> None:
        self.connections = connections
        self.proxy = proxy or None
        self.session: aiohttp.ClientSession | None = None
        self.posts = JsonClient(connections)

    @property
    def read_timeout(self) -> float:
        return ANSWER

    async def initialize(self) -> None:
        """Open the pool; connections are made when they are needed."""
        if self.session is None or self.session.closed:
            self.session = aiohttp.ClientSession(
                connector=aiohttp.TCPConnector(limit=self.connections, keepalive_timeout=60),
                cookie_jar=aiohttp.DummyCookieJar(),  # a proxy's cookie would be sent to Telegram
                headers={"User-Agent": self.USER_AGENT},
                timeout=aiohttp.ClientTimeout(total=CONNECT + ANSWER, sock_connect=CONNECT),
            )

    async def shutdown(self) -> None:
        """Close every connection."""
        self.posts.close()
        if self.session is not None:
            await self.session.close()

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
            return await self.through_aiohttp("POST", url, body, JSON, deadlines(seconds))
        try:
            return await self.posts.post(url, body, seconds)
        except TimeoutError:
            raise TimedOut from None
        except NoAnswer as error:
            raise NetworkError(str(error)) from None

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
            return await self.through_aiohttp(method, url, None, {}, deadlines(seconds))
        if request_data.contains_files:
            form = form_of(request_data)
            return await self.through_aiohttp(method, url, form, {}, deadlines(max(seconds, UPLOAD)))
        return await self.post_json(url, request_data.parameters, seconds)

    async def through_aiohttp(
        self,
        method: str,
        url: str,
        data: bytes | aiohttp.FormData | None,
        headers: dict[str, str],
        deadlines: aiohttp.ClientTimeout,
    ) -> tuple[int, bytes]:
        """The status and body of the answer where there is a file or a proxy. Raises TimedOut, NetworkError."""
        if self.session is None:
            raise RuntimeError("not initialized")
        try:
            async with self.session.request(
                method,
                url,
                data=data,
                headers=headers,
                timeout=deadlines,
                proxy=self.proxy,
                allow_redirects=False,  # the address holds the token
            ) as response:
                return response.status, await response.read()
        except TimeoutError:
            raise TimedOut from None
        except (aiohttp.ClientError, OSError) as error:
            raise NetworkError(type(error).__name__) from None

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


def form_of(request_data: RequestData) -> aiohttp.FormData:
    """The multipart body of a call that sends files."""
    form = aiohttp.FormData()
    for name, value in request_data.json_parameters.items():
        form.add_field(name, value)
    for name, (filename, content, media_type) in request_data.multipart_data.items():
        file = BytesIO(content) if isinstance(content, bytes) else content
        form.add_field(name, file, filename=filename, content_type=media_type)
    return form


def deadlines(seconds: float) -> aiohttp.ClientTimeout:
    """Return the time limits of a call whose answer is waited for that long."""
    return aiohttp.ClientTimeout(total=CONNECT + seconds, sock_connect=CONNECT)
