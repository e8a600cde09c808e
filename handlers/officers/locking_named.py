"""What an officer wants to lock, by its name: "khoá nước tháng 8"; and the older periods that nobody has locked."""

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Final

from figures import access, handing_up
from figures.handing_up import Handed
from handlers.buttons import Presses
from handlers.menu import named
from handlers.messages import Reply
from handlers.named_form import name_words
from handlers.named_period import NamedPeriod, named_period, without_period
from handlers.navigation import ShowHanded
from handlers.officers import locking
from handlers.screens import locking as screen
from handlers.screens.locking import ActiveForms, ShowOldPeriods
from handlers.turn import Turn
from handlers.vocabulary import LOCKING
from questionnaires.answers.text import bare, clean, fold
from questionnaires.answers.tokens import as_text, tokens_of

pressed: Final = Presses()
BESIDE: Final = frozenset(("khoa", "chot", "so", "lieu", "phieu", "ky", "thang", "quy", "nay"))
"""What is said, folded, beside the name of a questionnaire to have it locked."""
LONGEST: Final = 100
"""The most letters of such words."""
MOST: Final = 20
"""How many periods are listed."""


@pressed.on(ShowOldPeriods)
async def on_old_periods(turn: Turn, button: ShowOldPeriods) -> None:
    """Show them; the list of the recent ones, if there are none any more."""
    page = await screen.old_page(turn.view, button.first)
    if page is None:
        await locking.show_handed(turn)
    else:
        turn.send(page)


async def wanted(turn: Turn, text: str) -> bool:
    """Show what `text` wants locked by its name: "xin khoá nước tháng 11/2026"; False for other words."""
    tokens = tokens_of(clean(text[:LONGEST]))
    verb = LOCKING.at(tokens, 0) if access.is_officer(turn.view) and len(text) <= LONGEST else None
    if verb is None:
        return False
    # "Khoa" without its mark begins "khoa học", too.
    sure = bare(text) != text or past_period(text, turn.today) is not None
    behind, active = as_text(tokens[verb[1] :]), await turn.library.active_forms(turn.session)
    if not (sure and own_words(fold(without_period(behind)).split()) and forms_named(behind, active)):
        return False
    await show_meant(turn, behind)
    return True


async def show(turn: Turn) -> None:
    """Show what there is to lock: the periods that the words name, however old, or the list."""
    await show_meant(turn, turn.incoming.text)


async def show_meant(turn: Turn, text: str) -> None:
    """The same for the words `text`."""
    active = await turn.library.active_forms(turn.session)
    meant = await meant_by(turn, text, active) if handing_up.locks_periods(turn.view) else None
    if not meant:
        await locking.show_handed(turn, *([] if meant is None else [turn.say("locking.not_approved")]))
    elif len(meant) == 1:
        await locking.show_period(turn, active[meant[0].form][1], meant[0].period)
    else:
        rows = await screen.handed_rows(turn.view, meant[:MOST], active)
        back = (named(turn.view, "locking.button.back", ShowHanded()),)
        turn.send(Reply(turn.say("locking.head"), (*rows, back)))


async def meant_by(turn: Turn, text: str, active: ActiveForms) -> Sequence[Handed] | None:
    """Return what there is to lock of the questionnaire and the period that `text` names, recent or older; None if it names
    neither, or says something else."""
    forms, period = forms_named(text, active), past_period(text, turn.today)
    if not forms or (period is None and len(forms) == len(active)):
        return None
    known = {(one.form, one.period.key): one for one in await handing_up.older(turn.view)}
    known |= {(one.form, one.period.key): one for one in await handing_up.handed_up(turn.view)}
    return [
        one for one in known.values() if one.form in forms and (period is None or period.names(one.period))
    ]


def past_period(text: str, today: date) -> NamedPeriod | None:
    """Return the month or quarter that `text` names, of any year if it names none; None if it names no period."""
    # In March "tháng 11" may be either year's where something is reported; what is locked is never to come.
    return named_period(text, today) or named_period(text, date(today.year, 12, 31))


def forms_named(text: str, active: ActiveForms) -> set[str]:
    """Return the questionnaires in use whose names have all that `text` says beside the wish and the period: all of them
    if it says nothing else."""
    said = own_words(fold(without_period(text)).split())
    return {name for name, (_, form) in active.items() if said <= name_words(form)}


def own_words(words: Iterable[str]) -> set[str]:
    """Return the words that may name a questionnaire."""
    return {word for word in words if word not in BESIDE and not word.isdecimal()}
