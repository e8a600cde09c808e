"""/kenh: on which of their channels somebody wants to get unasked messages.

Letters go to one chat (`storage.letter_chats`). Whatever is chosen here, answers go where the question was asked, and
emergencies go to every chat.
"""

from collections.abc import Iterable, Sequence
from typing import Annotated, Final

from markupsafe import Markup

from handlers import codes, menu
from handlers.buttons import Button, Presses, Word, button, choice, number
from handlers.menu import named
from handlers.messages import Choice, column
from handlers.navigation import ConnectPhone, GiveNumber
from handlers.turn import Turn
from handlers.vocabulary import channel_in
from storage import choices, people
from storage.letter_chats import best, is_free
from storage.roster import shown_phone
from storage.tables import Contact

ANY: Final = "*"
"""Instead of a channel: whichever is best."""
pressed: Final = Presses()


@button("a:ch:{channel}")
class LettersOn(Button):
    """Letters go to this channel from now on ("*": to whichever is best)."""

    channel: Word


@button("a:tp:{on}")
class LettersByPhone(Button):
    """One's number may (1) or may no longer (0) be used for letters if nothing else reaches one."""

    on: Annotated[int, number(1, 1)]


async def show(turn: Turn, *before: Markup) -> None:
    """Show where letters go now, with a button for each other channel of this person."""
    if turn.person is None:
        await menu.old_button(turn)
        return
    chats = await chats_of(turn)
    names = [name for name in channels_of(chats) if name != turn.person.letters_on]
    buttons = [take_button(turn, name) for name in names if len(channels_of(chats)) > 1]
    if turn.person.letters_on:
        buttons.append(take_button(turn, ANY))
    if any(chat.channel in turn.library.by_phone for chat in chats):
        on = not turn.person.letters_by_phone
        buttons.append(named(turn.view, f"channels.button.phone_{int(on)}", LettersByPhone(int(on))))
    buttons.append(named(turn.view, "account.button.connect", ConnectPhone()))
    turn.reply(Markup("\n\n").join([*before, where(turn, chats)]), choices=column(*buttons))


async def chats_of(turn: Turn) -> list[Contact]:
    """The chats of this person on channels that are served, and the one where they write: a chat of a demonstration is
    nothing to somebody with a phone."""
    chats = await people.contacts_of(turn.session, turn.person.id) if turn.person else []
    served = turn.library.channels
    return [chat for chat in chats if not served or chat.channel in (*served, turn.incoming.channel)]


def channels_of(chats: Iterable[Contact]) -> list[str]:
    """The channels of these chats that take messages, each once."""
    return list(dict.fromkeys(chat.channel for chat in chats if chat.reachable))


def where(turn: Turn, chats: Sequence[Contact]) -> Markup:
    """Return where letters go now and, if not where this person wishes, why."""
    wish = turn.person.letters_on if turn.person else ""
    chosen = best_of(turn, chats)
    if chosen is None:
        return turn.say("channels.none")
    channel = title(turn, chosen.channel)
    if wish and chosen.channel != wish:
        return turn.say(f"channels.{why_not(turn, chats, wish)}", wish=title(turn, wish), channel=channel)
    return turn.say(f"channels.{why_there(chats, wish)}", channel=channel)


def why_there(chats: Sequence[Contact], wish: str) -> str:
    """Return why letters go where they go: it is the only channel, the one wished for, or the best for now."""
    if len(channels_of(chats)) == 1:
        return "only"
    return "wished" if wish else "now"


def why_not(turn: Turn, chats: Sequence[Contact], wish: str) -> str:
    """Return why letters do not go to the chosen channel: it takes none any more, or one would cost something now."""
    there = [chat for chat in chats if chat.channel == wish and chat.reachable]
    costs = bool(there) and not any(is_free(chat, turn.library.costs, turn.now) for chat in there)
    return "costs" if costs else "unreachable"


def title(turn: Turn, channel: str) -> str:
    """A channel by its own name for people."""
    served = turn.library.channels
    return served.get(channel) or (turn.say("channels.this_screen").unescape() if served else channel)


def take_button(turn: Turn, channel: str, key: str = "channels.button.take") -> Choice:
    """The button that chooses a channel, or leaves the choice to the bot."""
    label = turn.say("channels.button.any") if channel == ANY else turn.say(key, channel=title(turn, channel))
    return choice(label, LettersOn(channel))


@pressed.on(LettersOn)
async def on_press(turn: Turn, button: LettersOn) -> None:
    await take(turn, button.channel)


async def take(turn: Turn, channel: str) -> None:
    """Send letters to a channel of this person's, with a way back to the choice before."""
    person = turn.person
    if person is None:
        await menu.old_button(turn)
        return
    chats = await chats_of(turn)
    if channel not in (ANY, *(chat.channel for chat in chats)):
        await not_connected(turn, title(turn, channel))
        return
    before, last = person.letters_on, best_of(turn, chats)
    person.letters_on = "" if channel == ANY else channel
    await codes.note(turn, "channel.chosen", detail={"channel": channel})
    await take_along(turn, last, best_of(turn, chats))
    key = "channels.automatic" if channel == ANY else "channels.chosen"
    undo = [take_button(turn, before or ANY, "channels.button.undo")] if before != person.letters_on else []
    elsewhere = [] if goes_to(turn, chats, channel) else [where(turn, chats)]
    text = Markup("\n\n").join([turn.say(key, channel=title(turn, channel)), *elsewhere])
    turn.reply(text, choices=column(*undo))


def goes_to(turn: Turn, chats: Sequence[Contact], channel: str) -> bool:
    """Whether letters go to this channel now."""
    chosen = best_of(turn, chats)
    return chosen is not None and chosen.channel == channel


def best_of(turn: Turn, chats: Iterable[Contact]) -> Contact | None:
    """The chat that gets this person's letters now."""
    return best(chats, turn.person.letters_on if turn.person else "", turn.library.costs, turn.now)


@pressed.on(LettersByPhone)
async def by_phone(turn: Turn, button: LettersByPhone) -> None:
    """Agree that one's number is used if nothing else reaches one, or withdraw that."""
    person = turn.person
    if person is None:
        await menu.old_button(turn)
    elif button.on and not person.phone:
        give = named(turn.view, "account.button.number", GiveNumber())
        turn.reply(turn.say("channels.phone_first"), choices=column(give))
    else:
        person.letters_by_phone = bool(button.on)
        await codes.note(turn, "channel.phone", detail={"on": button.on})
        back = named(turn.view, f"channels.button.phone_{1 - button.on}", LettersByPhone(1 - button.on))
        said = turn.say(f"channels.phone_{button.on}", number=shown_phone(person.phone))
        turn.reply(said, choices=column(back))


async def take_along(turn: Turn, last: Contact | None, new: Contact | None) -> None:
    """Let the weekly summary come to the new chat as it came to the last one: at that hour, or not at all."""
    if last is None or new is None or last.id == new.id:
        return
    wishes = await choices.of_contacts(turn.session, [last.id])
    if last.id in wishes:
        await choices.choose(turn.session, new.id, wishes[last.id])


async def said(turn: Turn) -> None:
    """Handle /kenh, alone or with a channel's name, or the same in words: "nhắn tôi qua Zalo"."""
    family = channel_in(turn.incoming.text)
    if not family or turn.person is None:
        await show(turn)
        return
    chats = [chat for chat in await chats_of(turn) if is_of(chat.channel, family)]
    chat = best(chats, turn.incoming.channel, turn.library.costs, turn.now)
    if chat is not None:
        await take(turn, chat.channel)
        return
    served = [title for name, title in turn.library.channels.items() if is_of(name, family)]
    if served:
        await not_connected(turn, served[0])
    else:
        known = ", ".join(dict.fromkeys(turn.library.channels.values()))
        await show(turn, *([turn.say("channels.not_here", known=known)] if known else []))


def is_of(channel: str, family: str) -> bool:
    """Whether a channel is what people call by a word: "zalo" means a bot's channel as well as an account's."""
    return channel.partition("-")[0] == family


async def not_connected(turn: Turn, channel: str) -> None:
    """Say how to add a channel that this person does not use yet."""
    connect = named(turn.view, "account.button.connect", ConnectPhone())
    turn.reply(turn.say("channels.not_yet", channel=channel), choices=column(connect))
