"""Who answers what: every command, word, button and open dialogue with its handler.

`handlers.routing` looks here, in the order in which a message may mean something.
"""

from collections.abc import Awaitable, Callable
from typing import Final

from figures import access
from handlers import (
    asked_reason,
    cries,
    emergency,
    emergency_answers,
    emergency_raised,
    exchange,
    help,
    history,
    laid_aside,
    language,
    lists,
    menu,
    open_alarms,
    progress,
    remarks,
    taking_up,
    which_emergency,
    wishes,
)
from handlers.asking import conversation, saved
from handlers.broadcasts import (
    announcing,
    answered,
    choosing,
    own_line,
    taking_back,
    typed_until,
    which_words,
    why,
)
from handlers.buttons import Presses
from handlers.interviewing import fill_in
from handlers.membership import (
    about_me,
    account,
    channels,
    connect,
    deputising,
    enrol,
    leave,
    naming,
    numbers,
    rights,
)
from handlers.navigation import Command
from handlers.officers import checking, locking, locking_named, monday, older, overview, refusing, staffing
from handlers.turn import Turn
from handlers.vocabulary import NAMES
from handlers.wording import LOCALES, wording
from questionnaires.faults import WordsFault
from storage.kept import (
    AnnouncementWanted,
    AnswerWanted,
    ClosingWanted,
    CryWanted,
    ExchangeWanted,
    LeaveWanted,
    MoreWanted,
    NameWanted,
    NumberWanted,
    OfficerNameWanted,
    OfficersClosingWanted,
    OtherWordsWanted,
    OwnLineWanted,
    PaperWanted,
    RightWanted,
    UntilWanted,
    Wanted,
    WhichEmergencyWanted,
)

Handler = Callable[[Turn], Awaitable[None]]


async def situation(turn: Turn) -> None:
    """Show how things stand: a head the village's progress, an officer the figures of the ground."""
    only_officer = access.is_officer(turn.view) and not access.is_village_head(turn.view)
    await (overview.show(turn) if only_officer else progress.show(turn))


async def help_or_join(turn: Turn) -> None:
    """Say what can be done here; tell a stranger how to join."""
    await (help.show(turn) if turn.roles else enrol.explain(turn))


COMMANDS: Final[dict[str, Handler]] = {
    "/start": enrol.start,
    "/menu": menu.show,
    "/baocao": fill_in.show_due,
    "/report": fill_in.show_due,
    "/lamthu": fill_in.practise,
    "/practice": fill_in.practise,
    "/tinhhinh": situation,
    "/progress": situation,
    "/cacthon": overview.show,
    "/villages": overview.show,
    "/kiemtra": checking.show,
    "/check": checking.show,
    "/viectuan": monday.show,
    "/week": monday.show,
    "/toi": account.show,
    "/me": account.show,
    "/doinguoi": account.choose_person,
    "/switch": account.choose_person,
    "/themmay": connect.offer,
    "/connect": connect.offer,
    "/kenh": channels.said,
    "/channel": channels.said,
    "/ma": enrol.type_code,
    "/code": enrol.type_code,
    "/khancap": emergency.ask,
    "/emergency": emergency.ask,
    "/khancapmo": open_alarms.show,
    "/emergencies": open_alarms.show,
    "/thongbao": announcing.ask,
    "/announce": announcing.ask,
    "/tintuan": choosing.show,
    "/weekly": choosing.show,
    "/ngonngu": language.ask,
    "/language": language.ask,
    "/trogiup": help_or_join,
    "/help": help_or_join,
    "/roi": leave.ask,
    "/leave": leave.ask,
}
"""Every command, Vietnamese and English; a button "m:baocao" of the menu means /baocao."""

OF_STRANGERS: Final = {"/start", "/ma", "/code", "/ngonngu", "/language", "/trogiup", "/help"}
"""What an unknown person may call; everything else explains how to join."""

OF_PERSONS: Final = OF_STRANGERS | {"/menu", "/toi", "/me", "/roi", "/leave", "/doinguoi", "/switch"}
"""What a person may call whose roles have ended, or who shares a phone with others."""

OF_FORMER: Final = {account.show, account.choose_person, rights.on_said, leave.ask, language.ask}
"""What a person whose roles have ended may call in words."""

OF_INTERVIEWS: Final = {fill_in.show_due}
"""Handlers that themselves name the interview under way: nothing has to be added to their answer."""

OF_EMERGENCIES: Final = {help_or_join, menu.thanked, wishes.correct, cries.whether_told}
"""Handlers whose words, such as "giúp" or "tôi bấm nhầm", belong to the emergency that is being told."""
OF_ALARMS: Final = emergency_raised.ALARMS
"""The dialogues in which an emergency is told."""
OF_DANGER: Final = (*OF_ALARMS, AnswerWanted, OfficersClosingWanted, WhichEmergencyWanted)
"""The dialogues about an emergency that was told, of those who raised it and of officers."""
OF_REASONS: Final = tuple(asked_reason.TAKEN_BY)
"""The dialogues that ask for a reason, from a list or in words."""
LISTING: Final = (*OF_ALARMS, CryWanted, NameWanted, *OF_REASONS)
"""The dialogues that ask with a list: its numbers are buttons, since nothing wanted there is a number."""
URGENT: Final = (*OF_ALARMS, CryWanted, OfficersClosingWanted)
"""The dialogues that a courtesy does not end."""

INTENTS: Final[dict[str, Handler]] = {
    "report": fill_in.show_due,
    "go_on": fill_in.go_on,
    "due": fill_in.show_due,
    "same": wishes.same,
    "same_all": wishes.same,
    "fix": wishes.correct,
    "keep": wishes.nothing_open,
    "later": wishes.rest,
    "give_up": wishes.nothing_open,
    "skip": wishes.nothing_open,
    "send": fill_in.show_due,
    "explain": help_or_join,
    "left": fill_in.show_due,
    "history": wishes.history,
    "forwarded": wishes.forwarded,
    "practice": fill_in.practise,
    "told_whom": cries.whether_told,
    "emergency": emergency.ask,
    "open_emergencies": open_alarms.show,
    "acknowledge": which_emergency.acknowledge,
    "close_emergency": which_emergency.close_one,
    "announce": announcing.ask,
    "weekly": choosing.show,
    "why_told": why.show,
    "stop_reminding": why.show_stops,
    "saved_questions": saved.show,
    "progress": situation,
    "villages": overview.show,
    "check": checking.show,
    "week": monday.show,
    "look_back": overview.look_back,
    "lock": locking_named.show,
    "staff": staffing.explain,
    "new_head": overview.choose_head,
    "moved": wishes.moved,
    "officer": wishes.officers,
    "bot": wishes.bot,
    "account": account.show,
    "deputy": deputising.choose,
    "rights": rights.on_said,
    "name": naming.write,
    "person": account.choose_person,
    "connect": connect.ask,
    "channel": channels.said,
    "language": language.ask,
    "help": help_or_join,
    "leave": leave.ask,
    "thanks": menu.thanked,
    "menu": menu.show,
}
"""What a person may simply say, as `handlers/words/goi-viec.toml` calls it, when nothing else waits for their text.

`interviewing.spoken.WITHIN` says what the same words mean within a questionnaire, if that is something else.
"""
PAGES: Final = {
    "report",
    "emergency",
    "announce",
    "villages",
    "check",
    "week",
    "look_back",
    "lock",
    "account",
    "deputy",
    "rights",
    "menu",
    "leave",
}
"""What opens a page of its own, and is said to nobody else."""
OF_NO_DANGER: Final = frozenset(
    INTENTS[name]
    for name in ("practice", "weekly", "bot", "name", "channel", "account", "deputy", "villages", "rights")
)
"""Handlers of what is never said about a danger, though its words may sound so: "tắt hết tin" puts out no fire."""
ENDING: Final = {"later", "give_up"}
"""What puts something off, or gives it up."""
if INTENTS.keys() != NAMES:
    raise WordsFault(f"goi-viec.toml: {sorted(INTENTS.keys() ^ NAMES)} stand in one of file and table only")

OF_HEADS: Final = frozenset(
    (
        "go_on",
        "keep",
        "due",
        "same",
        "same_all",
        "fix",
        "later",
        "give_up",
        "skip",
        "send",
        "explain",
        "left",
        "history",
        "forwarded",
        "moved",
        "officer",
    )
)
"""What only those who report say this way; from an officer the words may be a question."""
SAID_BY_HEADS: Final = {"week": "due"}
"""What village heads mean who say what in an officer's mouth is something else."""

commands: Final = Presses()


def may_call(turn: Turn, command: str) -> bool:
    """Whether this command is for the sender: somebody enrolled, formerly enrolled, or unknown."""
    return bool(turn.roles) or command in (OF_PERSONS if turn.person else OF_STRANGERS)


@commands.on(Command)
async def call(turn: Turn, button: Command) -> None:
    """Do what the button's command does, for those who may call it."""
    command = f"/{button.command}"
    await (COMMANDS.get(command, menu.old_button) if may_call(turn, command) else enrol.explain)(turn)


PRESSES: Final = Presses.of(
    commands,
    about_me.pressed,
    account.pressed,
    asked_reason.pressed,
    channels.pressed,
    announcing.pressed,
    which_words.pressed,
    answered.pressed,
    checking.pressed,
    choosing.pressed,
    connect.pressed,
    deputising.pressed,
    taking_up.pressed,
    open_alarms.pressed,
    conversation.pressed,
    cries.pressed,
    emergency.pressed,
    enrol.pressed,
    exchange.pressed,
    remarks.pressed,
    fill_in.pressed,
    history.pressed,
    laid_aside.pressed,
    language.pressed,
    leave.pressed,
    lists.pressed,
    locking.pressed,
    locking_named.pressed,
    monday.pressed,
    naming.pressed,
    numbers.pressed,
    older.pressed,
    overview.pressed,
    own_line.pressed,
    progress.pressed,
    refusing.pressed,
    rights.pressed,
    saved.pressed,
    staffing.pressed,
    taking_back.pressed,
    which_emergency.pressed,
)
"""Every class of buttons with the function that answers it. Each file with buttons has its own table, listed here."""

DIALOGUES: Final[dict[type[Wanted], Handler]] = {
    NameWanted: naming.on_words,
    NumberWanted: numbers.on_words,
    AnswerWanted: emergency_answers.on_words,
    OfficersClosingWanted: open_alarms.on_sentence,
    LeaveWanted: leave.on_words,
    AnnouncementWanted: announcing.on_words,
    UntilWanted: typed_until.on_words,
    OtherWordsWanted: taking_back.on_words,
    MoreWanted: emergency.on_more,
    ClosingWanted: emergency.on_closing,
    CryWanted: cries.on_words,
    OwnLineWanted: own_line.on_words,
    **asked_reason.TAKEN_BY,
    OfficerNameWanted: staffing.on_name,
    PaperWanted: fill_in.on_paper,
    ExchangeWanted: exchange.on_words,
    RightWanted: rights.on_words,
}
"""Who takes the next text, by what was given to `Turn.expect`."""

COMMANDS_MENU: Final[dict[str, tuple[str, ...]]] = {
    "stranger": ("trogiup", "ngonngu"),
    "village": (
        "baocao", "tinhhinh", "khancap", "lamthu", "tintuan",
        "menu", "toi", "doinguoi", "themmay", "kenh", "ngonngu", "trogiup", "roi",
    ),
    "officer": (
        "cacthon", "kiemtra", "viectuan", "baocao", "thongbao", "khancapmo", "tintuan",
        "menu", "toi", "doinguoi", "themmay", "kenh", "ngonngu", "trogiup", "roi",
    ),
}  # fmt: skip
"""The commands that a platform lists, by group of people; `commands_menu` adds their descriptions."""


def commands_menu(group: str, locale: str) -> list[tuple[str, str]]:
    """Return (command without its slash, what it does) in the language `locale`, in the order to be listed."""
    if locale not in LOCALES:
        raise ValueError(f"no such language: {locale}")
    say = wording(locale)
    return [(command, str(say(f"menu.command.{command}"))) for command in COMMANDS_MENU[group]]
