"""/menu: what a person can do, as buttons that fit their roles; and the answer to what was not understood."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Final

from markupsafe import Markup

from figures import access, sent_back
from handlers.buttons import Button, choice
from handlers.messages import CUT_SHORT, Choice, MessageKind, Rows, column, row
from handlers.navigation import Command, ShowDue, ShowReport
from handlers.turn import Turn
from handlers.viewer import Viewer
from storage import emergencies

HEAD: Final = (("baocao", "tinhhinh"), ("khancap",), ("lamthu", "toi"), ("tintuan", "trogiup"))
OFFICER: Final = (("cacthon", "kiemtra"), ("baocao", "thongbao"), ("toi", "tintuan"), ("trogiup",))
BOTH: Final = (
    ("baocao", "tinhhinh"),
    ("khancap",),
    ("cacthon", "kiemtra"),
    ("thongbao",),
    ("lamthu", "toi"),
    ("tintuan", "trogiup"),
)
NOBODY: Final = (("toi", "trogiup"),)
"""The menu of somebody whose roles have ended."""


def layout(viewer: Viewer) -> tuple[tuple[str, ...], ...]:
    """The commands that this person's menu shows, row by row."""
    head, officer = access.is_village_head(viewer), access.is_officer(viewer)
    if head and officer:
        return BOTH
    if head:
        return HEAD
    return OFFICER if officer else NOBODY


def named(viewer: Viewer, key: str, button: Button) -> Choice:
    """A button with the sentence `key` as its label."""
    return choice(viewer.say(key), button)


def button(viewer: Viewer, command: str) -> Choice:
    """The menu's button of a command of the routing table."""
    return named(viewer, f"menu.button.{command}", Command(command))


def buttons(viewer: Viewer) -> Rows:
    return tuple(tuple(button(viewer, command) for command in line) for line in layout(viewer))


async def show(turn: Turn, before: Markup | None = None, *last: Choice) -> None:
    """Show the menu, after the sentence `before` if there is one; the buttons `last` stand below."""
    # Whoever is shown the menu has left what was asked before.
    turn.expect(None)
    turn.remember(questions=tuple(replace(kept, left=True) for kept in turn.screen.questions))
    text = turn.say("menu.title")
    urgent = row(button(turn.view, "khancapmo")) if await is_urgent(turn) else ()
    told, back = sent_back_notice(turn.view, await sent_back.waiting(turn.view))
    turn.reply(
        Markup("\n\n").join(filter(None, (before, told, text))),
        choices=(*urgent, *back, *buttons(turn.view), *column(*last)),
    )


def sent_back_notice(viewer: Viewer, waiting: Sequence[sent_back.SentBack]) -> tuple[Markup, Rows]:
    """Return how many of one's figures were returned, and the button that leads there; nothing if none waits."""
    count = sum(len(one.returned) for one in waiting)
    if not count:
        return Markup(), ()
    where = ShowReport(waiting[0].report.id) if len(waiting) == 1 else ShowDue()
    look = choice(viewer.say("returned.button.menu", n=count), where)
    return viewer.say("returned.list", n=count), row(look)


async def is_urgent(turn: Turn) -> bool:
    """Whether an emergency is open on this officer's ground: the way to it then comes before everything else."""
    if not access.is_officer(turn.view):
        return False
    rows = await emergencies.still_open(turn.session, turn.now)
    return any([await access.looks_after(turn.view, row.place_id) for row in rows])


async def unknown(turn: Turn, *aside: Choice) -> None:
    """Answer text, or a sticker, that nothing was waiting for; a dialogue that waits for words goes on waiting.

    The buttons `aside` lead to questionnaires that were laid aside, which it may have been meant for.
    """
    if not turn.incoming.text and turn.screen.expects:
        turn.reply(turn.say(unread(turn)))
        return
    kind = "menu.not_understood" if turn.incoming.text else unread(turn)
    await show(turn, not_noted(turn, turn.say(kind), aside), *aside)


def unread(turn: Turn) -> str:
    """The key of the sentence that says what of a message without words cannot be read, or is for nothing now."""
    if turn.incoming.what == CUT_SHORT:
        return "menu.cut_short"
    if turn.incoming.kind is MessageKind.LOCATION:
        return "menu.location"
    return "menu.text_and_photos" if "image" in turn.can.takes else "menu.only_text"


def not_noted(turn: Turn, said: Markup, aside: Sequence[Choice]) -> Markup:
    """Return `said` and, if a questionnaire was laid aside, that nothing was noted in it."""
    return Markup("\n\n").join([said, turn.say("menu.laid_aside")]) if aside else said


async def thanked(turn: Turn) -> None:
    """Answer a courtesy with one; beside what waits within an interview, without the menu."""
    if turn.contact.interview_id is None:
        await show(turn, turn.say("menu.thanked"))
    else:
        turn.reply(turn.say("menu.thanked"))


async def unknown_command(turn: Turn) -> None:
    await show(turn, turn.say("menu.unknown_command"))


async def old_button(turn: Turn) -> None:
    """Answer a button that belongs to nothing any more, or that this person may not press."""
    # A stranger is shown no menu: it would tell what can be done here.
    turn.reply(turn.say("menu.old_button"), choices=buttons(turn.view) if turn.roles else row())
