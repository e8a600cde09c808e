"""The name by which officers know somebody: asked for once, left out by those who prefer, and corrected at any time.

Somebody who is asked may type a question instead. So words that are not surely a name are shown to be confirmed; if
they are none, they are then answered as what they are. So are other such words that follow: nobody has two names.
"""

from dataclasses import replace
from typing import Final

from handlers import codes, menu
from handlers.buttons import Button, For, Presses, button
from handlers.membership.account import CorrectName, NeverMind, ask_name
from handlers.menu import named
from handlers.messages import Choice, row
from handlers.names import NAME_LENGTH, clean_name, is_surely_name
from handlers.turn import Turn
from questionnaires.answers import yes_or_no
from storage.kept import NameWanted

pressed: Final = Presses()


@button("e:s", by=For.STRANGERS)
class SkipName(Button):
    """Join without a name."""


@button("a:named", by=For.PERSONS)
class IsName(Button):
    """What was typed is the name."""


@button("a:nameless", by=For.PERSONS)
class IsNoName(Button):
    """It is no name, but something that was asked or said."""


def ask(turn: Turn) -> None:
    """Ask somebody who has just joined."""
    turn.expect(NameWanted(after="enrol"))
    turn.reply(turn.say("enrol.ask_name"), actions=row(out_of(turn, NameWanted(after="enrol"))))


def out_of(turn: Turn, wanted: NameWanted) -> Choice:
    """Return the way on without a name, or with the present one."""
    if wanted.after:
        return named(turn.view, "enrol.skip_name", SkipName())
    return named(turn.view, "account.keep", NeverMind())


async def skip(turn: Turn) -> None:
    """Go on without a name."""
    turn.expect(None)
    await menu.show(turn, turn.say("enrol.welcome"))


async def on_words(turn: Turn) -> None:
    """Take what was typed as the name, at enrolment or as a correction. A yes is no name, and a no leaves the name out."""
    wanted = turn.screen.expects
    if not isinstance(wanted, NameWanted):
        return
    text, yes = turn.incoming.text, yes_or_no(turn.incoming.text, turn.today)
    name = clean_name(text)
    if yes is False and wanted.after:
        await skip(turn)
    elif not name or yes is not None or turn.person is None:
        turn.expect(replace(wanted, words=""))
        turn.reply(turn.say("enrol.name_unclear", n=NAME_LENGTH), actions=row(out_of(turn, wanted)))
    elif is_surely_name(text):
        await take(turn, name)
    else:
        confirm(turn, wanted, name)


async def write(turn: Turn) -> None:
    """Correct one's name, said in words. If they say it at once, "đổi tên tôi là …", ask whether that is it."""
    if is_surely_name(turn.incoming.text):
        confirm(turn, NameWanted(), clean_name(turn.incoming.text))
    else:
        await ask_name(turn, CorrectName())


def confirm(turn: Turn, wanted: NameWanted, name: str) -> None:
    """Ask whether it is the name."""
    turn.expect(replace(wanted, words=turn.incoming.text))
    yes = named(turn.view, "enrol.name_yes", IsName())
    no = named(turn.view, "enrol.name_no", IsNoName())
    text = turn.say("enrol.name_sure", name=name)
    turn.reply(text, choices=((yes,), (no,)), actions=row(out_of(turn, wanted)))


def agreed(turn: Turn, text: str) -> str | None:
    """The button that a yes or no means while it is asked whether what was typed is the name."""
    wanted, yes = turn.screen.expects, yes_or_no(text, turn.today)
    if not isinstance(wanted, NameWanted) or not wanted.words or yes is None:
        return None
    return str(IsName() if yes else IsNoName())


@pressed.on(IsName)
async def on_name(turn: Turn, _: IsName) -> None:
    wanted = turn.screen.expects
    if isinstance(wanted, NameWanted) and wanted.words:
        await take(turn, clean_name(wanted.words))
    else:
        await menu.old_button(turn)


@pressed.on(IsNoName)
async def on_no_name(turn: Turn, _: IsNoName) -> None:
    """Answer an older question: what was typed is done with."""
    await menu.old_button(turn)


def words_meant(turn: Turn) -> bool:
    """Let words that are no name be the message, and wait for a name no more. False if nothing was typed for one."""
    wanted = turn.screen.expects
    if not isinstance(wanted, NameWanted) or not wanted.words:
        return False
    turn.expect(None)
    turn.hear(wanted.words)
    return True


def offer(turn: Turn) -> None:
    """Add to the last reply the way to say one's name after all."""
    turn.add_below(actions=row(named(turn.view, "enrol.name_after", CorrectName())))


async def take(turn: Turn, name: str) -> None:
    """Keep the name; thank somebody who has just joined by it."""
    wanted, person = turn.screen.expects, turn.person
    turn.expect(None)
    if person is None or not isinstance(wanted, NameWanted):
        return
    person.name = name
    if wanted.after:
        await greet(turn, name)
    else:
        await codes.note(turn, "name.corrected")
        turn.reply(turn.say("account.name_set", name=name))


async def greet(turn: Turn, name: str) -> None:
    """Thank somebody who has joined, by name; with the way to put it right at once."""
    mend = named(turn.view, "account.button.name", CorrectName())
    await menu.show(turn, turn.say("enrol.welcome_name", name=name), mend)
