"""Telegram: the only file, with its request class, that knows python-telegram-bot.

Of the library only its `Bot` and its types are used; what a conversation is about lives in our database. A
bot here talks to people one by one: groups are told so once and left.
"""

import asyncio
from collections.abc import Awaitable, Callable, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any, Final, TypeVar

import structlog
from telegram import (
    Bot,
    BotCommand,
    CallbackQuery,
    ChatMemberUpdated,
    InlineKeyboardMarkup,
    Message,
    Update,
)
from telegram.constants import ChatMemberStatus, ChatType, ParseMode
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

from bot.channels.base import FileTooLarge, Pace, SendProblem, Sent
from bot.channels.telegram_request import LeanRequest
from bot.channels.text import plain, shorten
from bot.problems import Problem
from handlers.messages import (
    Capabilities,
    Choice,
    FileRef,
    Incoming,
    Kind,
    Location,
    Reply,
    Rows,
    SharedContact,
)
from handlers.wording import LOCALES, wording

T = TypeVar("T")
Params = dict[str, Any]
Take = Callable[[Incoming], Awaitable[None]]
"""What is done with each message; when it returns, the message may be forgotten by Telegram."""

NAME: Final = "telegram"
HOST: Final = "https://api.telegram.org"
ALLOWED: Final = ("message", "edited_message", "callback_query", "my_chat_member")
CONNECTIONS: Final = 100
POLL_SECONDS: Final = 25
LONGEST_PAUSE: Final = 30.0
MAX_NOTICE: Final = 200
MAX_BUTTONS: Final = 100
MAX_KEYBOARD: Final = 9_000
"""Bytes; a little more is refused (REPLY_MARKUP_TOO_LONG), and the whole message with it."""
KEYS: Final = 32
"""Bytes that each button takes besides its words."""
PHOTO_LIMIT: Final = 10 * 1024 * 1024
MEDIA: Final = (
    "sticker", "voice", "video_note", "animation", "video", "audio", "document", "poll", "dice", "game",
    "story", "paid_media", "checklist",
)  # fmt: skip
SILENT: Final = ("pinned_message", "message_auto_delete_timer_changed", "write_access_allowed")
"""What Telegram itself says in a chat: nobody waits for an answer to it."""
NO_KEYBOARD: Final[Params] = {"remove_keyboard": True}
SEND_MESSAGE: Final = "send_Message"
EDIT_MESSAGE: Final = "edit_message_Text"
ANSWER_PRESS: Final = "answer_callback_Query"
"""sendMessage and so on as `Bot.do_api_request` takes them: it warns at a name that the library also has."""
HARMLESS: Final = (
    "message is not modified",
    "message to edit not found",
    "message can't be edited",
    "message_id_invalid",
    "there is no text in the message to edit",
)
"""Refused edits after which there is nothing to do: the old message merely keeps its looks."""
NOBODY: Final = ("chat not found", "user not found", "peer_id_invalid", "user is deactivated")

log = structlog.get_logger(__name__)


class TelegramChannel:
    """A bot's account. Use as `async with TelegramChannel(token) as channel`."""

    name = NAME
    can = Capabilities()

    def __init__(
        self,
        token: str,
        base_url: str = "",
        proxy: str = "",
        *,
        connections: int = CONNECTIONS,
        per_second: float = 29.5,
    ) -> None:
        host = (base_url or HOST).rstrip("/").removesuffix("/bot")
        self.pace = Pace(per_second, 1.0)
        self.requests = LeanRequest(connections, proxy), LeanRequest(1, proxy)
        self.bot = Bot(
            token,
            base_url=f"{host}/bot",
            base_file_url=f"{host}/file/bot",
            request=self.requests[0],
            get_updates_request=self.requests[1],
        )
        self.bot_name = ""

    async def __aenter__(self) -> "TelegramChannel":
        for request in self.requests:
            await request.initialize()
        return self

    async def __aexit__(self, *_: object) -> None:
        for request in self.requests:
            await request.shutdown()

    # --- sending

    async def send(self, address: str, reply: Reply, edit_ref: str, file: bytes | None = None) -> Sent:
        """See `Channel.send`. Markup that Telegram cannot read is sent as plain text."""
        try:
            return await self.send_as(address, reply, edit_ref, file, ParseMode.HTML)
        except BadRequest as error:
            if "can't parse entities" not in error.message.lower():
                raise problem_of(error) from None
            log.error("markup refused, sent as plain text")
        except TelegramError as error:
            raise problem_of(error) from None
        try:
            return await self.send_as(address, reply, edit_ref, file, None)
        except TelegramError as error:
            raise problem_of(error) from None

    async def send_as(
        self, address: str, reply: Reply, edit_ref: str, file: bytes | None, mode: ParseMode | None
    ) -> Sent:
        text = str(reply.text) if mode else plain(reply.text)
        params: Params = {"chat_id": int(address), "text": text}
        if mode:
            params["parse_mode"] = mode.value
        if edit_ref:
            return await self.edit({**params, "message_id": int(edit_ref)}, reply)
        if file is not None and (reply.picture or reply.document):
            return await self.send_file(int(address), text, reply, file, mode)
        params["reply_markup"] = keyboard_of(reply)
        message = await self.call(SEND_MESSAGE, params)
        return Sent(str(message["message_id"]))

    async def call(self, method: str, params: Params) -> Params:
        """A call of the kinds that are made for every message. The library's typed ones build objects of what
        goes out and of what comes back, which takes more time than all the rest of sending."""
        result: Params = await self.bot.do_api_request(method, params)
        return result

    async def send_file(
        self, chat: int, text: str, reply: Reply, file: bytes, mode: ParseMode | None
    ) -> Sent:
        keyboard = inline_keyboard(reply)
        markup = InlineKeyboardMarkup.de_json(keyboard, self.bot) if keyboard else None
        if reply.document and not reply.document.media_type.startswith("image/"):
            message = await self.bot.send_document(
                chat,
                file,
                caption=text or None,
                parse_mode=mode,
                reply_markup=markup,
                filename=reply.document.name,
            )
        else:
            name = reply.document.name if reply.document else "hinh.png"
            message = await self.bot.send_photo(
                chat, file, caption=text or None, parse_mode=mode, reply_markup=markup, filename=name
            )
        return Sent(str(message.message_id))

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

    async def sign_in(self) -> str:
        """Check the token; the bot's user name. Raises Problem for a wrong token or no way to Telegram."""
        account = await told(self.bot.get_me())
        self.bot_name = account.username or ""
        return self.bot_name

    async def set_menu(self, menus: Mapping[str, Sequence[tuple[str, str]]]) -> None:
        """Show the commands (name, description) of each language; Vietnamese to everybody else."""
        for locale, menu in menus.items():
            commands = [BotCommand(name, description) for name, description in menu]
            await told(self.bot.set_my_commands(commands, language_code=locale))
            if locale == LOCALES[0]:
                await told(self.bot.set_my_commands(commands))

    async def set_webhook(self, url: str, secret: str) -> None:
        """Have updates posted to `url`. Raises Problem when Telegram refuses it."""
        registering = self.bot.set_webhook(
            url, secret_token=secret, max_connections=100, allowed_updates=list(ALLOWED)
        )
        await told(registering)

    async def drop_webhook(self) -> None:
        """Stop webhooks, so that polling works; what waits at Telegram stays there."""
        await told(self.bot.delete_webhook())

    # --- receiving

    def read(self, data: dict[str, object]) -> Update:
        """One update from a webhook's JSON. Raises any error where it is none."""
        update = Update.de_json(data, self.bot)
        if update is None:
            raise ValueError("no update")
        return update

    async def receive(self, update: Update, take: Take) -> None:
        """Give `take` what a person did, if this update is about that.

        An update that cannot be understood is dropped: it would come again for ever, and hold up the others.
        """
        try:
            incoming = incoming_of(update)
        except Exception as error:
            log.error("update not understood", error=type(error).__name__)
            return
        if incoming is not None:
            await take(incoming)
        elif update.my_chat_member is not None:
            await self.leave_group(update.my_chat_member)

    async def leave_group(self, change: ChatMemberUpdated) -> None:
        """Say in a group that the bot talks to people one by one, and go."""
        present = (ChatMemberStatus.MEMBER, ChatMemberStatus.ADMINISTRATOR)
        if change.chat.type == ChatType.PRIVATE or change.new_chat_member.status not in present:
            return
        say = wording(change.from_user.language_code or LOCALES[0])
        try:
            if change.chat.type != ChatType.CHANNEL:
                await self.bot.send_message(change.chat.id, str(say("channel.only_private")))
            await self.bot.leave_chat(change.chat.id)
        except TelegramError as error:
            log.info("group not left", error=type(error).__name__)

    async def poll(self, take: Take, stop: asyncio.Event) -> None:
        """Fetch updates until `stop`; messages under way are finished. Raises Problem for a wrong token.

        The next batch is asked for once every message of this one is saved: what is not stays at Telegram.
        """
        offset: int | None = None
        failures = 0
        while not stop.is_set():
            try:
                updates = await self.fetch(offset, stop)
                offset, complete = await self.take_all(updates, take, offset)
                failures = 0 if complete else failures + 1
            except InvalidToken as error:
                raise refused(error) from None
            except TelegramError as error:
                failures += 1
                note = "another program polls with this token" if isinstance(error, Conflict) else ""
                log.warning("polling failed", error=type(error).__name__, note=note, failures=failures)
                if isinstance(error, RetryAfter):
                    await pause(stop, problem_of(error).retry_after or 1.0)
            if failures:
                await pause(stop, min(LONGEST_PAUSE, 0.5 * 2.0 ** min(failures, 10)))

    async def fetch(self, offset: int | None, stop: asyncio.Event) -> tuple[Update, ...]:
        """The next updates; none if `stop` comes first."""
        asking = asyncio.ensure_future(
            self.bot.get_updates(offset, timeout=POLL_SECONDS, allowed_updates=list(ALLOWED))
        )
        stopping = asyncio.ensure_future(stop.wait())
        try:
            await asyncio.wait((asking, stopping), return_when=asyncio.FIRST_COMPLETED)
            return await asking if asking.done() else ()
        finally:
            asking.cancel()
            stopping.cancel()

    async def take_all(
        self, updates: Sequence[Update], take: Take, offset: int | None
    ) -> tuple[int | None, bool]:
        """Handle a batch at once. Gives the offset up to which all is saved, and whether that is all."""
        results = await asyncio.gather(
            *(self.receive(update, take) for update in updates), return_exceptions=True
        )
        for update, result in zip(updates, results, strict=True):
            if isinstance(result, BaseException):
                log.error("update not saved", error=type(result).__name__)
                return update.update_id, False
            offset = update.update_id + 1
        return offset, True


async def pause(stop: asyncio.Event, seconds: float) -> None:
    """Wait `seconds`, or until `stop`."""
    try:
        async with asyncio.timeout(seconds):
            await stop.wait()
    except TimeoutError:
        return


async def told(call: Awaitable[T]) -> T:
    """The result of a call made at the start; its failure as a sentence for the administrator."""
    try:
        return await call
    except InvalidToken as error:
        raise refused(error) from None
    except BadRequest as error:
        raise Problem(f"Telegram không nhận: {error.message}") from None
    except TelegramError as error:
        raise Problem(
            f"Chưa kết nối được với Telegram ({type(error).__name__}): kiểm tra mạng, "
            "THONBAO_TELEGRAM_BASE_URL và THONBAO_TELEGRAM_PROXY."
        ) from None


def refused(error: InvalidToken) -> Problem:
    """Telegram answers 401 or 404 to a wrong token; another server answers 404 with something that is no JSON."""
    if isinstance(error.__cause__, TelegramError):
        return Problem("Địa chỉ này không phải máy chủ của Telegram: kiểm tra THONBAO_TELEGRAM_BASE_URL.")
    return Problem("Sai mã Telegram: kiểm tra THONBAO_TELEGRAM_TOKEN (mã do @BotFather cấp).")


def problem_of(error: TelegramError) -> SendProblem:
    """What a failed call means for its message. Telegram's own words are left out: they may quote it."""
    kind = type(error).__name__
    if isinstance(error, RetryAfter):
        waits = error.retry_after
        return SendProblem(kind, retry_after=waits if isinstance(waits, int) else waits.total_seconds())
    if isinstance(error, Forbidden):
        return SendProblem(kind, unreachable=True)
    if isinstance(error, BadRequest):
        gone = any(words in error.message.lower() for words in NOBODY)
        return SendProblem("NoChat" if gone else kind, unreachable=gone, permanent=True)
    if isinstance(error, ChatMigrated):
        return SendProblem(kind, permanent=True)
    if isinstance(error, InvalidToken):
        log.error("token refused")
    return SendProblem(kind if isinstance(error, NetworkError | InvalidToken) else "TelegramError")


# --- a reply as Telegram shows it


def keyboard_of(reply: Reply) -> Params:
    """The buttons of a new message. One without any takes away what an earlier `ask_for` left."""
    if not reply.ask_for:
        return inline_keyboard(reply) or NO_KEYBOARD
    labels = [str(wording(locale)(f"channel.share_{reply.ask_for}")) for locale in LOCALES]
    asking = {"text": " / ".join(labels), f"request_{reply.ask_for}": True}
    typed = [[{"text": choice.label} for choice in row] for row in (*reply.choices, *reply.actions)]
    return {"keyboard": [[asking], *typed], "resize_keyboard": True, "one_time_keyboard": True}


def fitting(reply: Reply) -> Rows:
    """The choices that Telegram takes beside the actions."""
    number = sum(len(row) for row in reply.actions)
    size = sum(size_of(row) for row in reply.actions)
    for place, row in enumerate(reply.choices):
        number, size = number + len(row), size + size_of(row)
        if number > MAX_BUTTONS or size > MAX_KEYBOARD:
            log.info("buttons left out", count=len(reply.choices) - place)
            return reply.choices[:place]
    return reply.choices


def size_of(row: tuple[Choice, ...]) -> int:
    """About how many bytes a row of buttons takes."""
    return sum(len(choice.label.encode()) + len(choice.data) + KEYS for choice in row)


def inline_keyboard(reply: Reply) -> Params | None:
    """The choices, then the actions, or None. Of very many choices only the first: the others can be typed."""
    rows: Rows = (*fitting(reply), *reply.actions)
    if not rows:
        return None
    buttons = [[{"text": choice.label, "callback_data": choice.data} for choice in row] for row in rows]
    return {"inline_keyboard": buttons}


# --- an update as what a person did


def incoming_of(update: Update) -> Incoming | None:
    """What a person did, or None: not a private chat, or nothing that wants an answer."""
    if update.message is not None:
        return of_message(update, update.message)
    if update.callback_query is not None:
        return of_press(update, update.callback_query)
    if update.edited_message is not None:
        return of_edit(update, update.edited_message)
    if update.my_chat_member is not None:
        return of_membership(update, update.my_chat_member)
    return None


def of_message(update: Update, message: Message) -> Incoming | None:
    person = message.from_user
    if message.chat.type != ChatType.PRIVATE or any(getattr(message, name) for name in SILENT):
        return None
    kind, what = Kind.OTHER, ""
    photo, location, contact = photo_of(message), location_of(message), None
    if photo is not None:
        kind = Kind.PHOTO
    elif location is not None:
        kind = Kind.LOCATION
    elif message.contact is not None:
        own = person is not None and message.contact.user_id == person.id
        kind, contact = Kind.CONTACT, SharedContact(message.contact.phone_number, own)
    elif message.text:
        kind = Kind.TEXT
    else:
        what = next((name for name in MEDIA if getattr(message, name)), "other")
    return Incoming(
        NAME,
        str(message.chat.id),
        str(update.update_id),
        update.update_id,
        kind,
        message.date,
        text=message.text or message.caption or "",
        message_ref=str(message.message_id),
        photo=photo,
        location=location,
        contact=contact,
        what=what,
        locale=((person and person.language_code) or "")[:2],
    )


def photo_of(message: Message) -> FileRef | None:
    """The picture sent: the largest size that may be kept, or a picture sent as a file."""
    if message.photo:
        sizes = sorted(message.photo, key=lambda size: size.width * size.height)
        kept = next((s for s in reversed(sizes) if (s.file_size or 0) <= PHOTO_LIMIT), sizes[0])
        return FileRef(kept.file_id, kept.file_size or 0)
    document = message.document
    if document is not None and not message.animation and (document.mime_type or "").startswith("image/"):
        return FileRef(document.file_id, document.file_size or 0, document.file_name or "")
    return None


def location_of(message: Message) -> Location | None:
    """Where a person says they are; of a venue its place."""
    place = message.location or (message.venue.location if message.venue else None)
    return None if place is None else Location(place.latitude, place.longitude, place.horizontal_accuracy)


def of_edit(update: Update, message: Message) -> Incoming | None:
    """An edited message. The moves of a live location are none: nobody typed them."""
    if message.chat.type != ChatType.PRIVATE or message.location is not None:
        return None
    return Incoming(
        NAME,
        str(message.chat.id),
        str(update.update_id),
        update.update_id,
        Kind.EDITED,
        message.edit_date or message.date,
        text=message.text or message.caption or "",
        message_ref=str(message.message_id),
        locale=((message.from_user and message.from_user.language_code) or "")[:2],
    )


def of_press(update: Update, query: CallbackQuery) -> Incoming | None:
    """A pressed button, also of a message that Telegram no longer shows to bots."""
    message = query.message
    if not query.data or (message is not None and message.chat.type != ChatType.PRIVATE):
        return None
    return Incoming(
        NAME,
        str(message.chat.id if message is not None else query.from_user.id),
        str(update.update_id),
        update.update_id,
        Kind.PRESS,
        datetime.now(UTC),
        press=query.data,
        message_ref=str(message.message_id) if message is not None else "",
        locale=(query.from_user.language_code or "")[:2],
        answers=query.id,
    )


def of_membership(update: Update, change: ChatMemberUpdated) -> Incoming | None:
    """The person blocked or unblocked the bot."""
    if change.chat.type != ChatType.PRIVATE:
        return None
    blocked = change.new_chat_member.status in (ChatMemberStatus.BANNED, ChatMemberStatus.LEFT)
    return Incoming(
        NAME,
        str(change.chat.id),
        str(update.update_id),
        update.update_id,
        Kind.BLOCKED if blocked else Kind.UNBLOCKED,
        change.date,
        locale=(change.from_user.language_code or "")[:2],
    )
