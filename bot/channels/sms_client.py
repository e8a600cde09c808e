"""Calls of SMSGate (android-sms-gateway), over httpx: on the phone itself, or on one's own server in front of it.

Both speak alike; only the address differs. The published client checks no signature of what comes in and says less
about refusals, so these few lines are our own.
"""

from typing import Any, Final, Self

import httpx
import orjson

CONNECT: Final = 10.0
ANSWER: Final = 20.0
"""Seconds to reach the phone and to wait for its answer: it may have to wake up."""
CONNECTIONS: Final = 4
"""A phone sends one message after another anyway."""
WRONG_LOGIN: Final = (401, 403)
CONFLICT: Final = 409
NOT_FOUND: Final = 404
BAD_MESSAGE: Final = (400, 413, 422)
"""Refusals of the message itself. Any other is about the phone, the server or the settings, and may be put right."""


class SmsUnreachable(Exception):
    """No answer came: the network, a sleeping phone, a proxy's page. Its text is the kind of the error."""


class SmsRefused(Exception):
    """The phone or the server did not do what was asked. `status` is the HTTP status."""

    def __init__(self, status: int) -> None:
        super().__init__(str(status))
        self.status = status

    @property
    def is_passing(self) -> bool:
        """Whether the same call may work later: a password can be put right, a server recovers."""
        return self.status in WRONG_LOGIN or self.status in (408, 429) or self.status >= 500


class SmsClient:
    """One phone's calls. Use as `async with`."""

    def __init__(self, base_url: str, username: str, password: str) -> None:
        self.base_url = base_url.rstrip("/")
        self.http = httpx.AsyncClient(
            auth=httpx.BasicAuth(username, password),
            timeout=httpx.Timeout(ANSWER, connect=CONNECT),
            limits=httpx.Limits(max_connections=CONNECTIONS),
            follow_redirects=False,  # the password goes along
        )

    async def __aenter__(self) -> Self:
        await self.http.__aenter__()
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.http.aclose()

    async def call(
        self, method: str, path: str, body: object = None, params: dict[str, str] | None = None
    ) -> Any:
        """Return the content of the answer, None if it is empty. Raises SmsRefused, SmsUnreachable."""
        try:
            response = await self.http.request(method, self.base_url + path, json=body, params=params)
        except (httpx.HTTPError, OSError) as error:
            raise SmsUnreachable(type(error).__name__) from None
        if not response.is_success:
            raise SmsRefused(response.status_code)
        return content_of(response.content)


def content_of(body: bytes) -> Any:
    """Return the JSON of an answer. Raises SmsUnreachable if something else answered in the phone's place."""
    if not body.strip():
        return None
    try:
        return orjson.loads(body)
    except orjson.JSONDecodeError:
        raise SmsUnreachable("no JSON") from None
