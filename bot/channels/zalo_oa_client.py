"""Calls of a Zalo Official Account, and what each refusal means: messages by `json_http`, the rest over httpx.

Zalo answers refusals with status 200 and a number below zero, so `error` says whether a call worked. An answer that is
not JSON is a proxy's page. The access token goes in a header, so it is in no address and no log.
"""

from typing import Any, Final, Self

import httpx
import orjson

from bot.channels.json_http import JsonClient, NoAnswer, header, needs_proxy

CONNECT: Final = 10.0
ANSWER: Final = 30.0
"""Seconds to reach the server and to wait for its answer."""
CONNECTIONS: Final = 20
LOST_TOKEN: Final = (-216, -220, -124)
"""The access token is no longer valid: it is renewed once, and the call made again."""
PASSING: Final = (-32, -200)
NOT_BY_ID: Final = (-114, -118, -119)
"""A template does not reach the person by their id here; it may by their number."""
UNREACHABLE: Final = (-213, -217, -227, -244, *NOT_BY_ID)
"""The person does not follow, has blocked the account or is long gone."""
OUTSIDE: Final = (-230, -232, -218, -133, -234)
"""Not now: the window has closed, or this kind of message is not allowed at this hour."""
ADMINISTRATOR: Final = frozenset(
    {-204, -205, -209, -212, -219, -221, -223, -224, -320, -321, -115, -131, -136, -137, -144, -211}
)
"""Somebody has to put the account right: its package, its money, its permissions, its templates."""


class OaUnreachable(Exception):
    """No answer of Zalo's came. Its text is the kind of the error."""


class OaRefused(Exception):
    """Zalo did not do what was asked. `code` is its number."""

    def __init__(self, code: int) -> None:
        super().__init__(str(code))
        self.code = code


class NotRenewed(OaRefused):
    """Zalo gives no new tokens for ours: an administrator has to get others."""


class ZaloOaClient:
    """One account's calls. Use as `async with`."""

    def __init__(self, base_url: str, oauth_url: str) -> None:
        self.base_url, self.oauth_url = base_url.rstrip("/"), oauth_url.rstrip("/")
        self.http = httpx.AsyncClient(
            timeout=httpx.Timeout(ANSWER, connect=CONNECT),
            limits=httpx.Limits(max_connections=CONNECTIONS),
            follow_redirects=False,  # the token goes along
        )
        self.posts = JsonClient(CONNECTIONS)
        self.is_proxied = needs_proxy(self.base_url)

    async def __aenter__(self) -> Self:
        await self.http.__aenter__()
        return self

    async def __aexit__(self, *_: object) -> None:
        self.posts.close()
        await self.http.aclose()

    async def call(
        self, token: str, path: str, body: object = None, *, file: tuple[str, bytes] | None = None
    ) -> dict[str, Any]:
        """Return the `data` of an answer; a call without a body is a GET, one with a file an upload.

        A whole address as the path leads to another of Zalo's servers. Raises OaRefused, OaUnreachable.
        """
        url = path if path.startswith("http") else self.base_url + path
        if file is not None or body is None or self.is_proxied:
            files = {"file": file} if file else None
            method = "GET" if body is None and file is None else "POST"
            answer = await self.answer(method, url, {"access_token": token}, json=body, files=files)
        else:
            answer = await self.post(url, token, body)
        code = code_in(answer)
        if code is None:  # a gateway's answer: Zalo names a number in each of its own
            raise OaUnreachable("no answer of Zalo's")
        if code:
            raise OaRefused(code)
        data = answer.get("data")
        return data if isinstance(data, dict) else {}

    async def post(self, url: str, token: str, body: object) -> dict[str, Any]:
        """Return the answer to a message, the short way, since most calls are such. Raises OaUnreachable."""
        try:
            _, told = await self.posts.post(url, orjson.dumps(body), ANSWER, header("access_token", token))
        except (NoAnswer, TimeoutError, ValueError) as error:  # ValueError: the token cannot be one
            raise OaUnreachable(str(error) or type(error).__name__) from None
        return read(told)

    async def renew(self, app_id: str, secret_key: str, refresh_token: str) -> dict[str, Any]:
        """The answer with a new pair of tokens. Raises NotRenewed, OaUnreachable."""
        form = {"app_id": app_id, "grant_type": "refresh_token", "refresh_token": refresh_token}
        url = f"{self.oauth_url}/v4/oa/access_token"
        answer = await self.answer("POST", url, {"secret_key": secret_key}, data=form)
        # Other programs once overwrote good tokens with an answer that lacked one of the two.
        if not (answer.get("access_token") and answer.get("refresh_token")):
            raise NotRenewed(code_in(answer) or 0)
        return answer

    async def answer(self, method: str, url: str, headers: dict[str, str], **content: Any) -> dict[str, Any]:
        try:
            response = await self.http.request(method, url, headers=headers, **content)
        except (httpx.HTTPError, OSError) as error:
            raise OaUnreachable(type(error).__name__) from None
        return read(response.content)


def read(body: bytes) -> dict[str, Any]:
    """Return the content of an answer. Raises OaUnreachable if it is not Zalo's."""
    try:
        answer = orjson.loads(body)
    except orjson.JSONDecodeError:
        raise OaUnreachable("no JSON") from None
    if not isinstance(answer, dict):
        raise OaUnreachable("no answer of Zalo's")
    return answer


def code_in(answer: dict[str, Any]) -> int | None:
    """Return the number of an answer, below 0 for a refusal; None if it has none."""
    code = answer.get("error")
    return code if type(code) is int else None
