"""Telegram: with its request class, the only file that knows python-telegram-bot.

Only the library's `Bot` and its types are used; the state of conversations is in our database. A bot here talks to
people one by one: it tells groups so once, and leaves them.
"""

import asyncio
import hmac
from collections.abc import Awaitable, Sequence
from typing import Final, TypeVar

import structlog
from markupsafe import Markup
from telegram import Bot, BotCommand, InputFile
from telegram.constants import ParseMode
from telegram.error import (
    BadRequest,
    ChatMigrated,
    Conflict,
    Forbidden,
    InvalidToken,
    NetworkError,
    RetryAfter,
    TelegramError,
)

from bot import loose_json
from bot.channels.backlog import Backlog
from bot.channels.base import (
    Callback,
    CallRefused,
    FileTooLarge,
    Headers,
    Menus,
    Outgoing,
    SendingPace,
    SendProblem,
    Sent,
    Service,
    Take,
)
from bot.channels.connecting import connected
from bot.channels.telegram_keyboards import Params, in_every_language, inline_keyboard, keyboard_of, ways_of
from bot.channels.telegram_reading import NAME, GroupChat, kind_of, number_of, read_update
from bot.channels.telegram_request import ANSWER, LeanRequest
from bot.channels.text import plain, shorten
from bot.metrics import DROPPED
from bot.patience import before, growing, pause
from bot.problems import Problem
from handlers.messages import Capabilities, Incoming, MessageKind, Reply
from handlers.wording import LOCALES, Wording, wording
from storage.outage import Outage

T = TypeVar("T")
SECRET_HEADER: Final = b"x-telegram-bot-api-secret-token"
HOST: Final = "https://api.telegram.org"
ALLOWED: Final = ("message", "edited_message", "callback_query", "my_chat_member")
"""The kinds of updates that we ask for. Others then need not be thrown away."""
CONNECTIONS: Final = 260
"""A few more than messages may be under way (`bot.delivery.IN_FLIGHT`)."""
POLL_SECONDS: Final = 25
"""How long Telegram holds a request open until something comes."""
LONGEST_DEAF: Final = 600.0
"""If a platform asks for a longer wait, it is asked again after this many seconds whether it still wants that."""
FORGOTTEN: Final = 3
"""After this many failed polls in a row we name no update number any more."""
MAX_NOTICE: Final = 200
"""The most letters that a pressed button can show (Bot API, answerCallbackQuery)."""
GET_ME: Final = "getMe"
LEAVE_CHAT: Final = "leaveChat"
SEND_MESSAGE: Final = "sendMessage"
EDIT_MESSAGE: Final = "editMessageText"
ANSWER_PRESS: Final = "answerCallbackQuery"
GET_UPDATES: Final = "get_Updates"
"""The method's name for `Bot.do_api_request`, which warns about a name that the library also has."""
HARMLESS: Final = (
    "message is not modified",
    "message to edit not found",
    "message can't be edited",
    "message_id_invalid",
    "there is no text in the message to edit",
)
"""Refusals of edits that need nothing done: the old message merely keeps its looks."""
NOBODY: Final = ("chat not found", "user not found", "peer_id_invalid", "user is deactivated")
"""Words in refusals that mean that a chat takes no messages any more, whatever is sent."""
GROUPS_KEPT: Final = 1000

log = structlog.get_logger(__name__)


class TelegramChannel(Service):
    """A bot's account. Use as `async with TelegramChannel(token) as channel`."""

    name = NAME
    can = Capabilities()

    def __init__(
        self,
        token: str,
        base_url: str = "",
        proxy: str = "",
        *,
        locale: str = LOCALES[0],
        connections: int = CONNECTIONS,
        per_second: float = 29.5,
    ) -> None:
        host = (base_url or HOST).rstrip("/").removesuffix("/bot")
        self.prefix = f"{host}/bot{token}/"
        self.pace = SendingPace(per_second, 1.0)
        self.requests = LeanRequest(connections, proxy), LeanRequest(1, proxy)
        self.bot = Bot(
            token,
            base_url=f"{host}/bot",
            base_file_url=f"{host}/file/bot",
            request=self.requests[0],
            get_updates_request=self.requests[1],
        )
        self.say = wording(locale)
        self.polling, self.saving = Outage("polling failed"), Outage("update not saved")
        self.backlog = Backlog()
        self.left: set[int] = set()
        """Groups that were left: what they said before is still on its way."""

    async def __aenter__(self) -> "TelegramChannel":
        for request in self.requests:
            await request.initialize()
        return self

    async def __aexit__(self, *_: object) -> None:
        for request in self.requests:
            await request.shutdown()

    # --- sending

    async def send(self, message: Outgoing) -> Sent:
        """See `Channel.send`. Markup that Telegram cannot read is sent as plain text."""
        try:
            return await self.send_as(message, ParseMode.HTML)
        except BadRequest as error:
            if "can't parse entities" not in error.message.lower():
                raise problem_of(error) from None
            log.error("markup refused, sent as plain text")
        except TelegramError as error:
            raise problem_of(error) from None
        # Better without bold letters than not at all: the same text would be refused for ever.
        try:
            return await self.send_as(message, None)
        except TelegramError as error:
            raise problem_of(error) from None

    async def send_as(self, message: Outgoing, mode: ParseMode | None) -> Sent:
        reply, file = message.reply, message.file
        said = written(reply.text, mode)
        params: Params = {"chat_id": int(message.address), **said}
        if message.edit_ref:
            return await self.edit({**params, "message_id": int(message.edit_ref)}, reply)
        if file is not None and (reply.picture or reply.document):
            return await self.send_file(int(message.address), said["text"], reply, file, mode)
        params["reply_markup"] = keyboard_of(reply)
        return sent(await self.call(SEND_MESSAGE, params))

    async def call(self, method: str, params: Params) -> Params:
        """Make a call that sends no file, as every message does: through the library this takes six times as long."""
        result: Params = await self.requests[0].call(self.prefix + method, params)
        return result

    async def send_file(
        self, chat: int, text: str, reply: Reply, file: bytes, mode: ParseMode | None
    ) -> Sent:
        """Send a file with its caption. If Telegram refuses a picture, it goes as a document; if it refuses a file,
        words go instead: something always arrives."""
        name = reply.document.name if reply.document else "hinh.png"
        params: Params = {"chat_id": chat, "reply_markup": inline_keyboard(reply), **read_as(mode)}
        caption = {"caption": text} if text else {}
        for method, field in ways_of(reply):
            try:
                message = await self.bot.do_api_request(
                    method, {**params, **caption, field: InputFile(file, filename=name)}
                )
                return sent(message)
            except TelegramError as error:
                if not is_about_file(error):
                    raise
                log.warning("file refused", way=field)
        # Nobody knows the chat's language here, and the words must not depend on looking it up.
        told = written(in_every_language("channel.file_refused"), mode)["text"]
        words = "\n\n".join(filter(None, (text, told)))
        return sent(await self.call(SEND_MESSAGE, {**params, "text": words}))

    async def edit(self, params: Params, reply: Reply) -> Sent:
        keyboard = inline_keyboard(reply)
        if keyboard:
            params["reply_markup"] = keyboard
        try:
            await self.call(EDIT_MESSAGE, params)
        except BadRequest as error:
            if not any(words in error.message.lower() for words in HARMLESS):
                raise
        return Sent(str(params["message_id"]))

    async def answer_press(self, answers: str, notice: str) -> None:
        """See `Channel.answer_press`. It does not matter if a press is too old to be answered."""
        shown = {"text": shorten(notice, MAX_NOTICE)} if notice else {}
        try:
            await self.call(ANSWER_PRESS, {"callback_query_id": answers, **shown})
        except BadRequest:
            return
        except TelegramError as error:
            raise problem_of(error) from None

    async def download(self, ref: str, limit: int) -> bytes:
        """See `Channel.download`."""
        try:
            file = await self.bot.get_file(ref)
            if (file.file_size or 0) > limit:
                raise FileTooLarge
            content = await file.download_as_bytearray()
        except BadRequest as error:
            if "too big" in error.message.lower():
                raise FileTooLarge from None
            raise problem_of(error) from None
        except TelegramError as error:
            raise problem_of(error) from None
        if len(content) > limit:
            raise FileTooLarge
        return bytes(content)

    # --- the account

    async def begin(
        self,
        menus: Menus,
        webhook: Callback | None,
        stop: asyncio.Event,
    ) -> str:
        """Check the token, show the menu, and have updates sent to `webhook` (address, secret) or kept for polling.

        What may pass is retried with growing pauses until it works, and reported once. Returns the bot's user name, ""
        if `stop` came first. Raises Problem for what will never work.
        """

        async def all_of_it() -> str:
            name = await self.sign_in()
            await self.set_menu(menus)
            await (self.set_webhook(*webhook) if webhook else self.drop_webhook())
            return name

        def why(error: Exception) -> str:
            return str(self.say("admin.telegram.unreachable", why=type(error).__name__))

        told = await connected("Telegram", all_of_it, stop, passing=TelegramError, why=why, wait=wait_after)
        return told or ""

    async def introduced(self) -> str:
        """See `Service.introduced`."""
        try:
            return await self.sign_in()
        except TelegramError:
            return ""

    async def sign_in(self) -> str:
        """Check the token and return the bot's user name. Raises Problem for a wrong token, else TelegramError."""
        account = await self.settled(self.call(GET_ME, {}))
        if not isinstance(account, dict):
            raise TelegramError("no account")
        return str(account.get("username") or "")

    async def set_menu(self, menus: Menus) -> None:
        """Show the commands (name, description) in each language; in Vietnamese to everybody else."""
        for locale, menu in menus.items():
            commands = [BotCommand(name, description) for name, description in menu]
            await self.settled(self.bot.set_my_commands(commands, language_code=locale))
            if locale == LOCALES[0]:
                await self.settled(self.bot.set_my_commands(commands))

    async def set_webhook(self, url: str, secret: str) -> None:
        """Have updates posted to `url`. Raises Problem when Telegram refuses it."""
        registering = self.bot.set_webhook(
            url, secret_token=secret, max_connections=100, allowed_updates=list(ALLOWED)
        )
        await self.settled(registering)

    async def drop_webhook(self) -> None:
        """Remove the webhook, so that polling works; updates that wait at Telegram stay there."""
        await self.settled(self.bot.delete_webhook())

    async def settled(self, call: Awaitable[T]) -> T:
        """Return the result of a call made at the start. A refusal that would only be repeated becomes a Problem."""
        try:
            return await call
        except InvalidToken as error:
            raise refused(error, self.say) from None
        except BadRequest as error:
            if is_elsewhere(error):
                raise
            raise Problem(self.say("admin.telegram.refused", why=error.message).unescape()) from None

    # --- receiving

    def admits(self, headers: Headers, secret: str) -> bool:
        """See `Service.admits`."""
        given = next((value for name, value in headers if name == SECRET_HEADER), b"")
        return hmac.compare_digest(given, secret.encode())

    async def posted(self, body: bytes, take: Take) -> None:
        """See `Service.posted`."""
        try:
            update = loose_json.loads(body)
        except ValueError:
            raise CallRefused("json", 400) from None
        if not isinstance(update, dict):
            raise CallRefused("json", 400)
        await self.receive(update, take)

    async def receive(self, update: object, take: Take) -> None:
        """Give `take` what a person did, if this update is about that.

        An update that cannot be understood is dropped: it would come again for ever, and hold up the others.
        """
        meant = understood(update)
        if isinstance(meant, GroupChat):
            await self.leave(meant)
        elif meant is not None:
            await take(meant)

    async def leave(self, group: GroupChat) -> None:
        """Leave a group; first say there why, if the bot may write: it talks to people one by one."""
        # Messages from before the group was left still arrive; without this each would be answered with another call.
        if not group.entered and group.chat_id in self.left:
            return
        if group.says_why:
            say = wording(group.locale or LOCALES[0])
            await self.attempt(
                SEND_MESSAGE, {"chat_id": group.chat_id, "text": str(say("channel.only_private"))}
            )
        if await self.attempt(LEAVE_CHAT, {"chat_id": group.chat_id}):
            if len(self.left) >= GROUPS_KEPT:
                self.left.clear()  # at worst a group is left twice
            self.left.add(group.chat_id)

    async def attempt(self, method: str, params: Params) -> bool:
        """Make a call that nobody waits for; return whether it succeeded."""
        try:
            await self.call(method, params)
        except TelegramError as error:
            log.info("not done in a group", method=method, error=type(error).__name__)
            return False
        return True

    async def poll(self, take: Take, stop: asyncio.Event) -> None:
        """Fetch updates until `stop`; messages under way are finished.

        The next batch is asked for once every message of this one is saved; unsaved ones stay at Telegram. Once
        Telegram has no more, or could not be reached for a while, we name no update number: after a quiet week
        Telegram starts at another one, and would count everything below the number that we name as received. What then
        comes twice is recognised. A refused token is waited out like a lost network: it was right at the start.
        """
        offset: int | None = None
        failures = 0
        while not stop.is_set():
            error: Exception | None = None
            try:
                with self.backlog.asking():
                    updates = await self.fetch(offset, stop)
                self.failed_polls = 0
                self.polling.over()
                taking = self.backlog.taking(take)
                offset, complete = await self.take_all(updates, taking, offset) if updates else (None, True)
                self.backlog.broken = not complete
                failures = 0 if complete else failures + 1
            except Exception as met:
                error, failures = met, failures + 1
                self.failed_polls += 1
                offset = None if self.failed_polls >= FORGOTTEN else offset
                self.polling.met(error=type(error).__name__, note=self.note_on(error))
            if failures:
                await pause(stop, wait_after(failures, error))

    async def fetch(self, offset: int | None, stop: asyncio.Event) -> list[object]:
        """Return the next updates as they came; none if `stop` comes first."""
        # After a failure the request is not held open, so the answer shows at once that Telegram is back.
        held = 0 if self.failed_polls else POLL_SECONDS
        asking = {"offset": offset, "timeout": held, "allowed_updates": list(ALLOWED)}
        updates = await before(stop, self.bot.do_api_request(GET_UPDATES, asking, read_timeout=held + ANSWER))
        if not isinstance(updates, list | None):
            raise TelegramError("no list of updates")
        return updates or []

    def note_on(self, error: Exception) -> str:
        """Return what an administrator should know of a failed poll; "" if the error's kind says it all."""
        if isinstance(error, InvalidToken):
            return str(refused(error, self.say))
        return "another program polls with this token" if isinstance(error, Conflict) else ""

    async def take_all(
        self, updates: Sequence[object], take: Take, offset: int | None
    ) -> tuple[int | None, bool]:
        """Handle a batch at once. Return the offset up to which all is saved, and whether the batch was saved whole
        and new.

        If the offset stays as it was, the batch had nothing new: a relay repeats itself, and is not asked on and on.
        """
        results = await asyncio.gather(
            *(self.receive(update, take) for update in updates), return_exceptions=True
        )
        numbers = [number_of(update) for update in updates]
        moved = offset
        for number, result in zip(numbers, results, strict=True):
            if isinstance(result, BaseException):
                # This update and all after it come again; saved ones among them are recognised by number.
                self.saving.met(error=type(result).__name__)
                return (moved if number is None else number), False
            moved = moved if number is None else number + 1
        self.saving.over()
        return moved, moved != offset


def understood(update: object) -> Incoming | GroupChat | None:
    """Return what a person did, or a group; None for an update about neither, or one that cannot be read and is dropped."""
    kind = kind_of(update) if isinstance(update, dict) else "unknown"
    try:
        if not isinstance(update, dict):
            raise TypeError
        meant = read_update(update)
    except Exception as error:  # of any kind: the same update would raise it whenever it came
        DROPPED.labels(NAME, kind).inc()
        log.error("update dropped", kind=kind, number=number_of(update), error=type(error).__name__)
        return None
    if isinstance(meant, Incoming) and meant.kind is MessageKind.OTHER:
        # No line for each: they are counted, and a stranger's stickers would fill the log.
        log.debug("nothing to read in it", kind=kind, what=meant.what, number=meant.order)
    return meant


def wait_after(failures: int, error: Exception | None = None) -> float:
    """Return the seconds to wait after so many failures in a row.

    It is longer if the platform asks for that, but bounded: nobody is heard meanwhile.
    """
    asked = problem_of(error).retry_after if isinstance(error, RetryAfter) else None
    return max(min(asked or 0.0, LONGEST_DEAF), growing(failures))


def refused(error: InvalidToken, say: Wording) -> Problem:
    """Return the Problem for a wrong token. Telegram answers it with 401 or 404; another server, with a 404 that is
    not JSON."""
    cause = error.__cause__
    if isinstance(cause, InvalidToken):  # a call by name wraps the first refusal once more
        cause = cause.__cause__
    elsewhere = isinstance(cause, TelegramError)
    return Problem(say("admin.telegram.elsewhere" if elsewhere else "admin.telegram.wrong_token").unescape())


def is_elsewhere(error: TelegramError) -> bool:
    """Whether something in front of Telegram refused, such as a proxy: the answer is not Telegram's."""
    return isinstance(error.__cause__, TelegramError)


def problem_of(error: TelegramError) -> SendProblem:
    """Return what a failed call means for its message. Telegram's own words are left out: they may quote it."""
    # The order counts: in the library BadRequest is a NetworkError, which alone would mean "try again".
    kind = type(error).__name__
    if isinstance(error, RetryAfter):
        waits = error.retry_after
        return SendProblem(kind, retry_after=waits if isinstance(waits, int) else waits.total_seconds())
    if isinstance(error, Forbidden | BadRequest) and is_elsewhere(error):
        return SendProblem("Elsewhere")
    if isinstance(error, Forbidden):
        return SendProblem(kind, unreachable=True)
    if isinstance(error, BadRequest):
        gone = any(words in error.message.lower() for words in NOBODY)
        return SendProblem("NoChat" if gone else kind, unreachable=gone, permanent=True)
    if isinstance(error, ChatMigrated):
        return SendProblem(kind, permanent=True)
    return SendProblem(kind if isinstance(error, NetworkError | InvalidToken) else "TelegramError")


def is_about_file(error: TelegramError) -> bool:
    """Whether Telegram, or a relay before it, refuses the file rather than the chat or the markup."""
    words = error.message.lower()
    if isinstance(error, BadRequest):
        other = any(said in words for said in (*NOBODY, "can't parse entities"))
        return not (other or is_elsewhere(error))
    return type(error) is NetworkError and "entity too large" in words


def written(text: Markup, mode: ParseMode | None) -> Params:
    """Return a text as the parameters of a call: with its markup, or plain without a mode."""
    return {"text": str(text) if mode else plain(text), **read_as(mode)}


def read_as(mode: ParseMode | None) -> Params:
    """Return the parameters that say how a call's text is to be read."""
    return {"parse_mode": mode.value} if mode else {}


def sent(message: object) -> Sent:
    """Return a message that was taken. Without its id it cannot be edited later; but sent again, it would arrive twice."""
    number = message.get("message_id") if isinstance(message, dict) else None
    return Sent(str(number) if isinstance(number, int) else "")
