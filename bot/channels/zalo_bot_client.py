"""Calls of the Zalo Bot Platform over httpx. No published client tells its errors apart.

The answer's `ok`, never its HTTP status, says whether a call worked: refusals also come with 200, and an answer that
is not JSON is a proxy's page, not Zalo's. The address contains the token, so neither a log nor an error's text may
show one.
"""

from typing import Any, Final, Self

import httpx
import orjson

Params = dict[str, Any]
CONNECT: Final = 10.0
ANSWER: Final = 15.0
"""Seconds to reach the server and to wait for its answer."""
CONNECTIONS: Final = 20


class ZaloUnreachable(Exception):
    """Zalo did not answer: the network, a proxy, a page that is not JSON. The text is the kind of the error."""


class ZaloRefused(Exception):
    """Zalo answered that it did not do what was asked. `code` is its number, or the HTTP status if it names none."""

    def __init__(self, code: int, description: str = "") -> None:
        super().__init__(str(code))
        self.code = code
        self.description = description


class ZaloClient:
    """One bot's calls. Use as `async with`."""

    def __init__(self, token: str, base_url: str) -> None:
        self.prefix = f"{base_url.rstrip('/')}/bot{token}/"
        self.http = httpx.AsyncClient(
            timeout=httpx.Timeout(ANSWER, connect=CONNECT),
            limits=httpx.Limits(max_connections=CONNECTIONS),
            follow_redirects=False,  # the address holds the token
        )

    async def __aenter__(self) -> Self:
        await self.http.__aenter__()
        return self

    async def __aexit__(self, *error: object) -> None:
        await self.http.aclose()

    async def call(self, method: str, params: Params | None = None, *, patience: float = ANSWER) -> Any:
        """The `result` of a call. Raises ZaloRefused, ZaloUnreachable."""
        timeout = httpx.Timeout(patience, connect=CONNECT)
        try:
            response = await self.http.post(self.prefix + method, json=params or {}, timeout=timeout)
        except (httpx.HTTPError, OSError) as error:
            raise ZaloUnreachable(type(error).__name__) from None
        return result_of(response.status_code, response.content)


def result_of(status: int, body: bytes) -> Any:
    """Return the result in an answer. Raises ZaloRefused, ZaloUnreachable."""
    try:
        answer = orjson.loads(body)
    except orjson.JSONDecodeError:
        raise ZaloUnreachable("no JSON") from None
    if (
        isinstance(answer, dict) and "event_name" in answer
    ):  # an event may come without what wraps other answers
        return answer
    if not isinstance(answer, dict) or "ok" not in answer:
        raise ZaloUnreachable("no answer of Zalo's")
    if answer["ok"] is True:
        return answer.get("result")
    raise ZaloRefused(code_of(answer, status), str(answer.get("description") or ""))


def code_of(answer: Params, status: int) -> int:
    """The number of a refusal, under either of its two names."""
    numbers = (answer.get("error_code"), answer.get("errorCode"))
    return next((number for number in numbers if type(number) is int), status)
