"""A Bot API of our own, over real HTTP on this machine, that refuses what Telegram refuses.

It keeps chats, messages and waiting updates, answers with Telegram's codes and descriptions, and can be told
to fail. People are played with `say`, `press` and the like: their updates wait for `getUpdates` or are posted
to the webhook that the bot has set.
"""

import asyncio
import hashlib
import html
import itertools
import json
import re
import time
from collections import deque
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import Any, ClassVar, Self

import aiohttp
from aiohttp import web

from tests.bot.platform import Platform

TOKEN = "1234567890:AAE-loopback_token_for_tests_0123456"
TAG = re.compile(r"<(/?)([a-zA-Z][a-zA-Z0-9-]*)?[^>]*>?")
KNOWN_TAGS = {"b", "strong", "i", "em", "u", "s", "code", "pre", "a", "span", "blockquote"}
Params = dict[str, Any]
PATIENCE = 240.0


class RefusedError(Exception):
    """What the Bot API answers instead of a result."""

    def __init__(self, code: int, description: str, retry_after: int = 0) -> None:
        super().__init__(description)
        self.code, self.description, self.retry_after = code, description, retry_after


def bad(description: str) -> RefusedError:
    return RefusedError(400, f"Bad Request: {description}")


def flood(retry_after: int) -> RefusedError:
    return RefusedError(429, f"Too Many Requests: retry after {retry_after}", retry_after)


@dataclass
class Fault:
    """What happens to one call instead of its work, or (`after`) although its work was done."""

    refused: RefusedError | None = None
    drop: bool = False
    after: bool = False
    delay: float = 0.0
    gate: asyncio.Event | None = None
    """Held until this is set."""
    page: tuple[int, str] | None = None
    """A status and a page of HTML, as a proxy before the platform answers."""
    torn: bool = False
    """The connection ends in the middle of the answer."""

    @property
    def spoils(self) -> bool:
        """Whether the call is not answered as it should be."""
        return bool(self.refused or self.drop or self.page or self.torn)

    async def spoilt(self, request: web.Request) -> web.StreamResponse:
        """What is answered instead. Raises RefusedError, ConnectionResetError."""
        if self.page:
            status, text = self.page
            return web.Response(status=status, text=text, content_type="text/html")
        if self.torn:
            half = web.StreamResponse(headers={"Content-Type": "application/json", "Content-Length": "1000"})
            await half.prepare(request)
            await half.write(b'{"ok": true, "result": [{"update_id": 5')
        raise self.refused or ConnectionResetError


ODD_ANSWERS = (
    *((status, "<html><body>Welcome</body></html>") for status in (200, 302, 400, 403, 429, 502)),
    *((200, body) for body in ("", "null", "[]", "{}", '{"ok": false}')),
    (403, '{"message": "Forbidden"}'),
    *(
        (429, f'{{"ok": false, "error_code": 429, "description": {{}}, "parameters": {told}}}')
        for told in ("7", "[]", '{"retry_after": "soon"}', '{"retry_after": [3]}', '{"retry_after": -5}')
    ),
    (429, '{"ok": false, "error_code": 429, "parameters": {"retry_after": 1e300}}'),
)
"""Statuses and bodies that come from a proxy or a portal, or that a relay has spoilt: none says anything of a message."""


@dataclass
class Chat:
    """One private chat: the messages in it by id, and whether the person has blocked the bot."""

    id: int
    messages: dict[int, Params] = field(default_factory=dict)
    blocked: bool = False
    sent_at: deque[float] = field(default_factory=deque)

    @property
    def texts(self) -> list[str]:
        """What the bot's messages say now, in their order, as the person reads it."""
        return [message.get("text") or message.get("caption", "") for message in self.messages.values()]

    @property
    def last(self) -> Params:
        return self.messages[max(self.messages)]

    def buttons(self, message_id: int | None = None) -> list[list[str]]:
        """The labels under a message (the last one)."""
        message = self.messages[message_id] if message_id else self.last
        rows = message.get("reply_markup", {}).get("inline_keyboard", [])
        return [[button["text"] for button in row] for row in rows]


class Loopback(Platform):
    """Use as `async with Loopback() as api`; `api.url` is the base URL for the bot."""

    largest: ClassVar[int] = 60 * 1024 * 1024

    def __init__(self, token: str = TOKEN) -> None:
        self.token = token
        self.chats: dict[int, Chat] = {}
        self.calls: list[tuple[str, Params]] = []
        self.faults: dict[str, deque[Fault]] = {}
        self.updates: list[Params] = []
        self.forgetful = False
        """Gives updates again that were acknowledged, as a broken relay does."""
        self.files: dict[str, bytes] = {}
        self.webhook: Params = {}
        self.commands: dict[str, list[Params]] = {}
        self.queries: set[str] = set()
        self.answered: dict[str, str] = {}
        self.left: list[int] = []
        self.window: deque[float] = deque()
        self.per_second = 0
        self.chat_per_second = 0
        self.retry_after = 1
        self.refused_for_rate = 0
        self.polling = 0
        self.unreachable, self.lost = False, 0
        self.ids, self.update_ids = itertools.count(1), itertools.count(500_000)
        self.changed = asyncio.Condition()

    def routes(self) -> list[web.RouteDef]:
        return [
            web.route("*", "/bot{token}/{method}", self.answer),
            web.get("/file/bot{token}/{path}", self.file),
        ]

    async def __aenter__(self) -> Self:
        self.http = aiohttp.ClientSession()
        return await super().__aenter__()

    async def __aexit__(self, *_: Any) -> None:
        await self.http.close()
        await super().__aexit__()

    # --- people

    def chat(self, chat_id: int) -> Chat:
        """The chat with this id; from now on the bot may write to it."""
        return self.chats.setdefault(chat_id, Chat(chat_id))

    async def say(self, chat_id: int, text: str, **extra: Any) -> Params:
        """Somebody types `text`."""
        return await self.give({"message": self.message_of(chat_id, text=text, **extra)})

    async def send(self, chat_id: int, **content: Any) -> Params:
        """Somebody sends a message with `content` (photo=…, location=…, sticker=… …)."""
        return await self.give({"message": self.message_of(chat_id, **content)})

    async def send_photo(self, chat_id: int, content: bytes, **extra: Any) -> Params:
        """Somebody sends a photo: Telegram keeps it in two sizes."""
        small, large = self.keep_file(content[:100]), self.keep_file(content)
        sizes = [
            {"file_id": small, "file_unique_id": small, "width": 90, "height": 60, "file_size": 100},
            {
                "file_id": large,
                "file_unique_id": large,
                "width": 1280,
                "height": 960,
                "file_size": len(content),
            },
        ]
        return await self.send(chat_id, photo=sizes, **extra)

    async def press(self, chat_id: int, data: str, message_id: int | None = None) -> Params:
        """Somebody presses the button with `data` under a message (the last one)."""
        chat, query = self.chat(chat_id), str(next(self.ids) + 10**12)
        message = chat.messages[message_id] if message_id else chat.last
        self.queries.add(query)
        body = {"id": query, "from": self.person(chat_id), "chat_instance": "1", "data": data}
        return await self.give({"callback_query": {**body, "message": message}})

    async def press_label(self, chat_id: int, label: str) -> Params:
        """Somebody presses the newest button that reads `label`. Raises LookupError if there is none."""
        for number, message in sorted(self.chat(chat_id).messages.items(), reverse=True):
            for row in message.get("reply_markup", {}).get("inline_keyboard", []):
                for button in row:
                    if button["text"] == label:
                        return await self.press(chat_id, button["callback_data"], number)
        raise LookupError(label)

    async def block(self, chat_id: int, blocked: bool = True) -> Params:
        """Somebody blocks the bot, or lets it write again."""
        self.chat(chat_id).blocked = blocked
        status, before = ("kicked", "member") if blocked else ("member", "kicked")
        bot = self.bot_account()
        change = {
            "chat": {"id": chat_id, "type": "private"},
            "from": self.person(chat_id),
            "date": int(time.time()),
            "old_chat_member": {"user": bot, "status": before, "until_date": 0},
            "new_chat_member": {"user": bot, "status": status, "until_date": 0},
        }
        return await self.give({"my_chat_member": change})

    async def give(self, update: Params) -> Params:
        """Deliver `update` once more or for the first time: to the webhook, or to whoever polls."""
        update.setdefault("update_id", next(self.update_ids))
        if self.webhook.get("url"):
            await self.post(update)
        else:
            self.updates.append(update)
            await self.tell()
        return update

    async def post(self, update: Params, secret: str | None = None) -> int:
        """Post `update` to the webhook; the status of the answer."""
        headers = {
            "X-Telegram-Bot-Api-Secret-Token": self.webhook["secret_token"] if secret is None else secret
        }
        async with self.http.post(self.webhook["url"], json=update, headers=headers) as response:
            return response.status

    def message_of(self, chat_id: int, **content: Any) -> Params:
        chat = {"id": chat_id, "type": "private", "first_name": "A"} if chat_id > 0 else None
        self.chat(chat_id)
        return {
            "message_id": next(self.ids),
            "date": int(time.time()),
            "chat": chat or {"id": chat_id, "type": "group", "title": "G"},
            "from": self.person(abs(chat_id)),
            **content,
        }

    def person(self, user_id: int) -> Params:
        return {"id": user_id, "is_bot": False, "first_name": "A", "language_code": "vi"}

    def bot_account(self) -> Params:
        return {"id": 1, "is_bot": True, "first_name": "Thôn Báo", "username": "thonbao_bot"}

    def keep_file(self, content: bytes) -> str:
        name = hashlib.sha256(content).hexdigest()[:20]
        self.files[name] = content
        return name

    # --- seeing

    async def until(self, true: Callable[[], object], seconds: float = PATIENCE) -> None:
        """Wait until `true()` holds after some call. Raises TimeoutError where it never comes, however busy the machine."""
        async with asyncio.timeout(seconds), self.changed:
            await self.changed.wait_for(lambda: bool(true()))

    def count(self, method: str) -> int:
        return sum(1 for name, _ in self.calls if name == method)

    def fail(self, method: str, *faults: Fault) -> None:
        """Let the next calls of `method` ("*": of any) meet these faults, one each."""
        self.faults.setdefault(method, deque()).extend(faults)

    # --- the server

    async def answer(self, request: web.Request) -> web.StreamResponse:
        """What is answered, unless nobody can reach the server."""
        if not self.unreachable:
            return await self.call(request)
        self.lost += 1
        await self.tell()
        if request.transport is not None:
            request.transport.abort()
        return web.Response(status=500)

    async def call(self, request: web.Request) -> web.StreamResponse:
        method, params = request.match_info["method"], await params_of(request)
        waiting = self.faults.get(method) or self.faults.get("*") or deque()
        fault = waiting.popleft() if waiting else Fault()
        await self.tell()
        await asyncio.sleep(fault.delay)
        if fault.gate is not None:
            await fault.gate.wait()
        try:
            if request.match_info["token"] != self.token:
                raise RefusedError(401, "Unauthorized")
            if not fault.after and fault.spoils:
                return await fault.spoilt(request)
            result = await self.work(method, params)
            if fault.spoils:
                return await fault.spoilt(request)
            return web.json_response({"ok": True, "result": result})
        except RefusedError as refused:
            body: Params = {"ok": False, "error_code": refused.code, "description": refused.description}
            if refused.retry_after:
                body["parameters"] = {"retry_after": refused.retry_after}
            return web.json_response(body, status=refused.code)
        except ConnectionResetError:
            if request.transport is not None:
                request.transport.abort()
            return web.Response(status=500)
        finally:
            await self.tell()

    async def work(self, method: str, params: Params) -> Any:
        name = "on_" + re.sub(r"(?=[A-Z])", "_", method).lower()
        handler: Callable[[Params], Awaitable[Any]] | None = getattr(self, name, None)
        if handler is None:
            raise RefusedError(404, "Not Found")
        self.calls.append((method, params))
        await self.tell()
        return await handler(params)

    async def tell(self) -> None:
        """Let those who wait in `until` look again."""
        async with self.changed:
            self.changed.notify_all()

    async def file(self, request: web.Request) -> web.Response:
        content = self.files.get(request.match_info["path"])
        if content is None or request.match_info["token"] != self.token:
            return web.json_response({"ok": False, "error_code": 404, "description": "Not Found"}, status=404)
        return web.Response(body=content)

    # --- methods

    async def on_get_me(self, params: Params) -> Params:
        return self.bot_account()

    async def on_set_my_commands(self, params: Params) -> bool:
        self.commands[params.get("language_code", "")] = params["commands"]
        return True

    async def on_set_webhook(self, params: Params) -> bool:
        if not str(params["url"]).startswith(("https://", "http://127.0.0.1")):
            raise bad("bad webhook: An HTTPS URL must be provided for webhook")
        self.webhook = params
        return True

    async def on_delete_webhook(self, params: Params) -> bool:
        self.webhook = {}
        return True

    async def on_get_webhook_info(self, params: Params) -> Params:
        return {
            "url": self.webhook.get("url", ""),
            "has_custom_certificate": False,
            "pending_update_count": 0,
        }

    async def on_get_updates(self, params: Params) -> list[Params]:
        if self.webhook.get("url"):
            raise RefusedError(
                409,
                "Conflict: can't use getUpdates method while webhook is active; "
                "use deleteWebhook to delete the webhook first",
            )
        if self.polling:
            raise RefusedError(
                409,
                "Conflict: terminated by other getUpdates request; "
                "make sure that only one bot instance is running",
            )
        offset = int(params.get("offset", 0))

        def waiting() -> list[Params]:
            return [update for update in self.updates if self.forgetful or update["update_id"] >= offset]

        self.updates = waiting()
        self.polling += 1
        await self.tell()
        try:
            async with asyncio.timeout(float(params.get("timeout", 0))), self.changed:
                await self.changed.wait_for(waiting)
        except TimeoutError:
            pass
        finally:
            self.polling -= 1
        return waiting()[: int(params.get("limit", 100))]

    async def on_send_message(self, params: Params) -> Params:
        chat = self.writable(params)
        text = shown(params.get("text", ""), params.get("parse_mode", ""), 4096, "message")
        if not text:
            raise bad("message text is empty")
        return self.post_message(chat, {"text": text}, params)

    async def on_send_photo(self, params: Params) -> Params:
        return self.post_file(params, "photo")

    async def on_send_document(self, params: Params) -> Params:
        return self.post_file(params, "document")

    async def on_edit_message_text(self, params: Params) -> Params:
        chat, message = self.editable(params)
        text = shown(params.get("text", ""), params.get("parse_mode", ""), 4096, "message")
        if not text:
            raise bad("message text is empty")
        if "text" not in message:
            raise bad("there is no text in the message to edit")
        return self.change(chat, message, {"text": text}, params)

    async def on_edit_message_reply_markup(self, params: Params) -> Params:
        chat, message = self.editable(params)
        return self.change(chat, message, {}, params)

    async def on_answer_callback_query(self, params: Params) -> bool:
        query = str(params["callback_query_id"])
        if query not in self.queries:
            raise bad("query is too old and response timeout expired or query ID is invalid")
        if len(params.get("text", "")) > 200:
            raise bad("MESSAGE_TOO_LONG")
        self.answered[query] = params.get("text", "")
        return True

    async def on_send_chat_action(self, params: Params) -> bool:
        self.writable(params, counted=False)
        return True

    async def on_leave_chat(self, params: Params) -> bool:
        self.left.append(int(params["chat_id"]))
        return True

    async def on_get_file(self, params: Params) -> Params:
        name = str(params["file_id"])
        if name not in self.files:
            raise bad("wrong file_id or the file is temporarily unavailable")
        if len(self.files[name]) > 20 * 1024 * 1024:
            raise bad("file is too big")
        size = len(self.files[name])
        return {"file_id": name, "file_unique_id": name, "file_size": size, "file_path": name}

    # --- rules

    def writable(self, params: Params, *, counted: bool = True) -> Chat:
        chat = self.chats.get(int(params["chat_id"]))
        if chat is None:
            raise bad("chat not found")
        if chat.blocked:
            raise RefusedError(403, "Forbidden: bot was blocked by the user")
        if counted:
            self.limit(self.window, self.per_second)
            self.limit(chat.sent_at, self.chat_per_second)
        return chat

    def limit(self, window: deque[float], allowed: int) -> None:
        """A strict window of one second."""
        if not allowed:
            return
        now = time.monotonic()
        while window and window[0] <= now - 1:
            window.popleft()
        if len(window) >= allowed:
            self.refused_for_rate += 1
            raise flood(self.retry_after)
        window.append(now)

    def editable(self, params: Params) -> tuple[Chat, Params]:
        chat = self.writable(params)
        message = chat.messages.get(int(params["message_id"]))
        if message is None:
            raise bad("message to edit not found")
        return chat, message

    def post_message(self, chat: Chat, content: Params, params: Params) -> Params:
        message = {
            "message_id": next(self.ids),
            "date": int(time.time()),
            "chat": {"id": chat.id, "type": "private", "first_name": "A"},
            "from": self.bot_account(),
            **content,
        }
        markup = checked_markup(params.get("reply_markup"))
        if markup:
            message["reply_markup"] = markup
        chat.messages[message["message_id"]] = message
        return {name: value for name, value in message.items() if is_told(name, value)}

    def post_file(self, params: Params, kind: str) -> Params:
        chat = self.writable(params)
        content = params.get(kind)
        if not isinstance(content, bytes) or not content:
            raise bad(f"there is no {kind} in the request")
        if kind == "photo" and len(content) > 10 * 1024 * 1024:
            raise bad("PHOTO_SAVE_FILE_INVALID")
        caption = shown(params.get("caption", ""), params.get("parse_mode", ""), 1024, "message caption")
        name = self.keep_file(content)
        one = {"file_id": name, "file_unique_id": name, "file_size": len(content)}
        held: Any = [{**one, "width": 800, "height": 600}] if kind == "photo" else one
        return self.post_message(chat, {kind: held, **({"caption": caption} if caption else {})}, params)

    def change(self, chat: Chat, message: Params, content: Params, params: Params) -> Params:
        markup = checked_markup(params.get("reply_markup"))
        new = {**message, **content}
        new.pop("reply_markup", None)
        if markup:
            new["reply_markup"] = markup
        if new == message:
            raise bad(
                "message is not modified: specified new message content and reply markup are exactly the same"
                " as a current content and reply markup of the message"
            )
        chat.messages[message["message_id"]] = new
        return new


def is_told(name: str, value: Any) -> bool:
    """A message that Telegram returns shows only an inline keyboard."""
    return name != "reply_markup" or "inline_keyboard" in value


async def params_of(request: web.Request) -> Params:
    """A call's parameters, from JSON, a form or multipart; values that are JSON are read."""
    if request.content_type == "application/json":
        body: Params = await request.json()
        return {name: opened(value) for name, value in body.items()}
    fields: Params = dict(request.query)
    for name, value in (await request.post()).items():
        fields[name] = value.file.read() if isinstance(value, web.FileField) else value
    for name, value in list(fields.items()):
        if isinstance(value, str) and value.startswith("attach://"):
            fields[name] = fields[value.removeprefix("attach://")]
    return {
        name: opened(value) if name in ("reply_markup", "commands") else value
        for name, value in fields.items()
    }


def opened(value: Any) -> Any:
    if isinstance(value, str) and value[:1] in ("{", "["):
        try:
            return json.loads(value)
        except ValueError:
            return value
    return value


def shown(text: str, mode: str, limit: int, what: str) -> str:
    """What a person sees of `text`. Raises RefusedError for markup or a length that Telegram refuses."""
    seen = without_entities(text) if mode.upper() == "HTML" else text
    if len(seen.encode("utf-16-le")) // 2 > limit:
        raise bad(f"{what} is too long")
    return seen.strip()


def without_entities(text: str) -> str:
    open_tags: list[str] = []
    for match in TAG.finditer(text):
        closing, name = match[1], (match[2] or "").lower()
        offset = len(text[: match.start()].encode())
        if name not in KNOWN_TAGS:
            raise bad(f'can\'t parse entities: Unsupported start tag "{name}" at byte offset {offset}')
        if not closing:
            open_tags.append(name)
        elif not open_tags:
            raise bad(f"can't parse entities: Unexpected end tag at byte offset {offset}")
        elif open_tags.pop() != name:
            raise bad(f"can't parse entities: Unmatched end tag at byte offset {offset}")
    if open_tags:
        tag = open_tags[-1]
        raise bad(f"can't parse entities: Can't find end tag corresponding to start tag \"{tag}\"")
    return html.unescape(TAG.sub("", text))


def checked_markup(markup: Any) -> Params:
    if not markup:
        return {}
    if not isinstance(markup, dict):
        raise bad("object expected as reply markup")
    rows = markup.get("inline_keyboard", [])
    if sum(map(len, rows)) > 100 or len(json.dumps(markup, ensure_ascii=False).encode()) > 10_240:
        raise bad("REPLY_MARKUP_TOO_LONG")
    for row in rows:
        for button in row:
            if not button["text"]:
                raise bad("inline keyboard button text is empty")
            if not 1 <= len(button["callback_data"].encode()) <= 64:
                raise bad("BUTTON_DATA_INVALID")
    return markup
