"""Telegram: the only file, with its request class, that knows python-telegram-bot.

Of the library only its `Bot` and its types are used; what a conversation is about lives in our database. A
bot here talks to people one by one: groups are told so once and left.
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
from bot.channels.telegram_reading import NAME, Group, kind_of, number_of, read_update
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
"""The kinds of updates that are asked for. What is not sent need not be thrown away."""
CONNECTIONS: Final = 100
POLL_SECONDS: Final = 25
"""How long Telegram holds a request open until something comes."""
LONGEST_DEAF: Final = 600.0
"""Seconds after which a platform that asked for a longer wait is asked again whether it still wants it."""
FORGOTTEN: Final = 3
"""After so many polls in a row that failed, no number is named any more."""
MAX_NOTICE: Final = 200
"""How much a pressed button can show (Bot API, answerCallbackQuery)."""
GET_ME: Final = "getMe"
LEAVE_CHAT: Final = "leaveChat"
SEND_MESSAGE: Final = "sendMessage"
EDIT_MESSAGE: Final = "editMessageText"
ANSWER_PRESS: Final = "answerCallbackQuery"
GET_UPDATES: Final = "get_Updates"
"""As `Bot.do_api_request` takes it: it warns at a name that the library also has."""
HARMLESS: Final = (
    "message is not modified",
    "message to edit not found",
    "message can't be edited",
    "message_id_invalid",
    "there is no text in the message to edit",
)
"""Refused edits after which there is nothing to do: the old message merely keeps its looks."""
NOBODY: Final = ("chat not found", "user not found", "peer_id_invalid", "user is deactivated")
"""Words of refusals after which a chat takes nothing any more, whatever is sent."""
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
        """A call that sends no file, as every message makes it: through the library it takes six times as long."""
        result: Params = await self.requests[0].call(self.prefix + method, params)
        return result

    async def send_file(
        self, chat: int, text: str, reply: Reply, file: bytes, mode: ParseMode | None
    ) -> Sent:
        """Send a file with its caption. A picture that Telegram refuses goes as a document, and a file that it
        refuses becomes words: never nothing."""
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
        """See `Channel.answer_press`. A press that is too old to be answered is nobody's loss."""
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

        What may be otherwise in a moment is tried until it works, with growing pauses; that is said once. Gives
        the bot's user name, "" if `stop` came first. Raises Problem for what will never work.
        """

        async def all_of_it() -> str:
            name = await self.sign_in()
            await self.set_menu(menus)
            await (self.set_webhook(*webhook) if webhook else self.drop_webhook())
            return name

        def why(error: Exception) -> str:
            return str(self.say("admin.telegram.unreachable", why=type(error).__name__))

        return (
            await connected("Telegram", all_of_it, stop, passing=TelegramError, why=why, wait=wait_after)
            or ""
        )

    async def sign_in(self) -> str:
        """Check the token; the bot's user name. Raises Problem for a wrong token, TelegramError on the way."""
        account = await self.settled(self.call(GET_ME, {}))
        if not isinstance(account, dict):
            raise TelegramError("no account")
        return str(account.get("username") or "")

    async def set_menu(self, menus: Menus) -> None:
        """Show the commands (name, description) of each language; Vietnamese to everybody else."""
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
        """Stop webhooks, so that polling works; what waits at Telegram stays there."""
        await self.settled(self.bot.delete_webhook())

    async def settled(self, call: Awaitable[T]) -> T:
        """The result of a call made at the start. What will be refused again is raised as a Problem."""
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
        if isinstance(meant, Group):
            await self.leave(meant)
        elif meant is not None:
            await take(meant)

    async def leave(self, group: Group) -> None:
        """Leave a group, and say there why where the bot may write: it talks to people one by one."""
        # What was said there before it was left still arrives, and would be answered with another call each time.
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
        """Whether a call that nobody waits for succeeded."""
        try:
            await self.call(method, params)
        except TelegramError as error:
            log.info("not done in a group", method=method, error=type(error).__name__)
            return False
        return True

    async def poll(self, take: Take, stop: asyncio.Event) -> None:
        """Fetch updates until `stop`; messages under way are finished.

        The next batch is asked for once every message of this one is saved: what is not stays at Telegram. Once
        Telegram has nothing more, or was not reached for a while, no number is named: after a quiet week it counts
        from another one, and what is below the number that is named counts as received. What then comes twice is
        known. A refused token is waited out like a lost network: it was right at the start.
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
        """The next updates as they came; none if `stop` comes first."""
        # After a failure not held open: the answer tells at once that Telegram is there again.
        held = 0 if self.failed_polls else POLL_SECONDS
        asking = {"offset": offset, "timeout": held, "allowed_updates": list(ALLOWED)}
        updates = await before(stop, self.bot.do_api_request(GET_UPDATES, asking, read_timeout=held + ANSWER))
        if not isinstance(updates, list | None):
            raise TelegramError("no list of updates")
        return updates or []

    def note_on(self, error: Exception) -> str:
        """What an administrator should know of a poll that failed; "" where the kind of the error says it."""
        if isinstance(error, InvalidToken):
            return str(refused(error, self.say))
        return "another program polls with this token" if isinstance(error, Conflict) else ""

    async def take_all(
        self, updates: Sequence[object], take: Take, offset: int | None
    ) -> tuple[int | None, bool]:
        """Handle a batch at once. Gives the offset up to which all is saved, and whether that is all.

        A batch after which the offset is as before has nothing new: a relay repeats itself, and is not asked on and on.
        """
        results = await asyncio.gather(
            *(self.receive(update, take) for update in updates), return_exceptions=True
        )
        numbers = [number_of(update) for update in updates]
        moved = offset
        for number, result in zip(numbers, results, strict=True):
            if isinstance(result, BaseException):
                # This one and all after it come again; those of them that were saved are known by their numbers.
                self.saving.met(error=type(result).__name__)
                return (moved if number is None else number), False
            moved = moved if number is None else number + 1
        self.saving.over()
        return moved, moved != offset


def understood(update: object) -> Incoming | Group | None:
    """What a person did, or a group; None for an update that is about neither, or cannot be read and is dropped."""
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
    """Seconds to wait after that many failures in a row, longer where the platform asks for it, but not for ever: meanwhile
    nobody is heard."""
    asked = problem_of(error).retry_after if isinstance(error, RetryAfter) else None
    return max(min(asked or 0.0, LONGEST_DEAF), growing(failures))


def refused(error: InvalidToken, say: Wording) -> Problem:
    """Telegram answers 401 or 404 to a wrong token; another server answers 404 with something that is no JSON."""
    cause = error.__cause__
    if isinstance(cause, InvalidToken):  # a call by name wraps the first refusal once more
        cause = cause.__cause__
    elsewhere = isinstance(cause, TelegramError)
    return Problem(say("admin.telegram.elsewhere" if elsewhere else "admin.telegram.wrong_token").unescape())


def is_elsewhere(error: TelegramError) -> bool:
    """Whether something in front of Telegram refused, such as a proxy: the answer is none of Telegram's."""
    return isinstance(error.__cause__, TelegramError)


def problem_of(error: TelegramError) -> SendProblem:
    """What a failed call means for its message. Telegram's own words are left out: they may quote it."""
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
    """Whether Telegram, or a relay before it, refuses the file that was sent, and not the chat or the markup."""
    words = error.message.lower()
    if isinstance(error, BadRequest):
        return not is_elsewhere(error) and not any(
            other in words for other in (*NOBODY, "can't parse entities")
        )
    return type(error) is NetworkError and "entity too large" in words


def written(text: Markup, mode: ParseMode | None) -> Params:
    """A text as a call takes it: with its marks, or plain where no mode is given."""
    return {"text": str(text) if mode else plain(text), **read_as(mode)}


def read_as(mode: ParseMode | None) -> Params:
    """How a call's text is to be read."""
    return {"parse_mode": mode.value} if mode else {}


def sent(message: object) -> Sent:
    """A message that was taken. Without its number it cannot be edited later; sent again, it would come twice."""
    number = message.get("message_id") if isinstance(message, dict) else None
    return Sent(str(number) if isinstance(number, int) else "")
