"""The village's side of returned figures: it mends the figure, or says why it is right."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Annotated, Final

from markupsafe import Markup

from figures import access, offices
from handlers import acting, asked_back, menu
from handlers.asked_back import REASON
from handlers.buttons import Button, Presses, RowId, button, choice, number
from handlers.interviewing import as_kept, concerned, in_stead, sent, starting
from handlers.interviewing.other_figure import numbers_of, own_words, tells_only_figure
from handlers.messages import Rows, clip, column
from handlers.navigation import CorrectReturned, KeepReturned
from handlers.screens.checking import LABEL, levels_in
from handlers.turn import Turn
from plans.challenge_rules import Reason
from questionnaires.interview import show_value
from storage import journal, returns
from storage.journal import JournalKind
from storage.kept import KeepWanted
from storage.tables import FigureReturn, Place, Submission

pressed: Final = Presses()
SOON: Final = timedelta(hours=1)
"""What is written later than this after a reason was asked for is about something else."""


@button("c:j:{returned}:{reason}", reporting=True)
class KeptBecause(Button):
    """The figure is right, for the reason with this number."""

    returned: RowId
    reason: Annotated[int, number(2)]


async def waiting(turn: Turn, number: int) -> tuple[FigureReturn, Submission, Place] | None:
    """A return that waits for this person's answer, with its report; otherwise reply and give None."""
    row = await returns.locked(turn.session, number)
    report = await turn.session.get(Submission, row.submission_id) if row else None
    place = await access.may_report_for(turn.view, report.place_id) if report else None
    if row is None or report is None or place is None:
        turn.reply(turn.say("sent.gone"), choices=menu.buttons(turn.view))
        return None
    if row.answer:
        before = await in_stead.answered(turn, row, report, await office_in(turn, row, place))
        await sent.show(turn, report, before)
        return None
    return row, report, place


async def to_keep(turn: Turn, number: int) -> tuple[FigureReturn, Submission, Place] | None:
    """The same for whoever may say that the figure is right."""
    found = await waiting(turn, number)
    if found is not None and not await in_stead.may_keep(turn, found[0], found[2]):
        turn.expect(None)
        await sent.show(turn, found[1], in_stead.refused(turn, found[2]))
        return None
    return found


async def office_in(turn: Turn, row: FigureReturn, place: Place) -> dict[str, object]:
    """Return the names of the level whose officer returned a figure, and hears the answer."""
    return levels_in(turn.say, await offices.level_of(turn.view, place, row.person_id))


def reason_of(turn: Turn, row: FigureReturn) -> str:
    """Why the figure was returned, in words."""
    reasons = turn.view.plans.challenges.returning
    return row.words or next((it.named(turn.locale) for it in reasons if it.id == row.reason), "")


@pressed.on(CorrectReturned)
async def on_correct(turn: Turn, button: CorrectReturned) -> None:
    """Open the report at that question, with the reason and the old value."""
    returned = await waiting(turn, button.returned)
    if returned is not None:
        row, report, _ = returned
        await starting.correct(turn, report, *await told_why(turn, *returned), at=row.path)


async def told_why(turn: Turn, row: FigureReturn, report: Submission, place: Place) -> list[Markup]:
    """Say who returned a figure and why, with the old value, and which other figures of the report were returned."""
    form = await turn.library.form(turn.session, report.form_id)
    was = show_value(form, row.path, str(report.answers.get(row.path, "")), turn.locale)
    office = await office_in(turn, row, place)
    note = turn.say("returned.why", answer=was, reason=reason_of(turn, row), **office)
    return [note, *await returned_too(turn, report, row)]


async def returned_too(turn: Turn, report: Submission, this: FigureReturn) -> list[Markup]:
    """Name the other figures of a report that were returned: the limits of this one may depend on them."""
    lines = list(enumerate(await sent.answers_of(turn, report), 1))
    paths = {row.path for row in await returns.open_of(turn.session, report.id)} - {this.path}
    return [
        turn.say("returned.too", number=number, answer=line.shown)
        for number, line in lines
        if line.path in paths
    ]


@pressed.on(KeepReturned)
async def on_keep(turn: Turn, button: KeepReturned) -> None:
    """The figure is right: ask why."""
    returned = await to_keep(turn, button.returned)
    if returned is not None:
        await ask_why(turn, returned)


async def ask_why(turn: Turn, returned: tuple[FigureReturn, Submission, Place], *before: Markup) -> None:
    """Ask why the figure is right, by its question and its answer: another number may have been said just before."""
    row, report, place = returned
    turn.expect(KeepWanted(row.id, turn.now))
    reasons = reasons_for(turn, row, report.form_name)
    buttons = [choice(it.named(turn.locale), KeptBecause(row.id, at)) for at, it in enumerate(reasons)]
    form, lang = await turn.library.form(turn.session, report.form_id), turn.locale
    asks = turn.say(
        "returned.keep_why",
        question=clip(asked_back.label(form, row.path, lang), LABEL),
        answer=show_value(form, row.path, str(report.answers.get(row.path, "")), lang),
        **await office_in(turn, row, place),
    )
    text = Markup("\n\n").join([*before, asks])
    turn.reply(text, choices=column(*buttons), actions=await to_mend(turn, row, report))


async def to_mend(turn: Turn, row: FigureReturn, report: Submission) -> Rows:
    """Return the button to mend a figure instead; nothing once its last day for that is over, or it is locked."""
    if await starting.correctable(turn, report) is None:
        return ()
    return column(choice(turn.say("returned.button.mend"), CorrectReturned(row.id)))


def reasons_for(turn: Turn, row: FigureReturn, form: str) -> Sequence[Reason]:
    """Return what may be chosen as the reason why a figure is right; the last part of its path is the question's name."""
    return turn.view.plans.challenges.reasons(form, question=row.path.rpartition("/")[2])


@pressed.on(KeptBecause)
async def on_because(turn: Turn, button: KeptBecause) -> None:
    returned = await to_keep(turn, button.returned)
    if returned is None:
        return
    reasons = reasons_for(turn, returned[0], returned[1].form_name)
    if button.reason < len(reasons):
        await keep(turn, returned, reasons[button.reason].id, reasons[button.reason].named)
    else:
        await ask_why(turn, returned)


async def on_words(turn: Turn, *, is_reason: bool) -> None:
    """Why it is right, in words; asked for again if they are no reason."""
    wanted = turn.screen.expects
    if not isinstance(wanted, KeepWanted) or turn.now - wanted.since > SOON:
        turn.expect(None)
        await menu.show(turn)
        return
    returned = await to_keep(turn, wanted.id)
    if returned is None:
        turn.expect(None)
    else:
        await take_reason(turn, returned, is_reason=is_reason)


async def take_reason(
    turn: Turn, returned: tuple[FigureReturn, Submission, Place], *, is_reason: bool
) -> None:
    """Keep a figure for the reason that was written, or ask for one again."""
    words = asked_back.in_own_words(turn.incoming.text)
    if key := asked_back.unfit_reason(words):
        await ask_why(turn, returned, turn.say(key, n=len(words), most=REASON))
    elif not is_reason:
        await ask_why(turn, returned, turn.say("returned.no_reason", words=clip(words, LABEL)))
    elif await is_figure_again(turn, returned, words):
        await ask_why(turn, returned, turn.say("check.no_words"))
    else:
        await keep(turn, returned, words, lambda lang: words)


async def is_figure_again(turn: Turn, returned: tuple[FigureReturn, Submission, Place], words: str) -> bool:
    """Return whether words say only the figure once more, which is no reason."""
    row, report, _ = returned
    own = own_words(await turn.library.form(turn.session, report.form_id), row.path)
    return bool(numbers_of(words)) and tells_only_figure(words, own)


async def keep(
    turn: Turn, returned: tuple[FigureReturn, Submission, Place], reason: str, named: concerned.Named
) -> None:
    """Keep the figure, and tell the officer why."""
    turn.expect(None)
    row, report, place = returned
    row.answer, row.answered_at, row.answer_reason = returns.KEPT, turn.now, reason
    turn.session.add(row)
    stead = acting.is_in_place(turn, place.id)
    by = await acting.actor(turn, place.id, in_place=stead)
    await journal.append(turn.session, JournalKind.KEPT, report, by, turn.now, row.path, {"reason": reason})
    await acting.take_back(turn, f"returned-{row.id}")
    await as_kept.keep_in_draft(turn, report, row.path)
    form = await turn.library.form(turn.session, report.form_id)
    chats = await acting.checkers(turn, place, row.person_id)
    for contact in chats:
        say = acting.words_for(contact, officer=True)
        text = say(
            "returned.kept_in_stead" if stead else "returned.kept",
            who=say(f"role.{by.role}"),
            **concerned.figure_facts(form, report, place, row.path, say.locale),
            reason=named(say.locale),
        )
        acting.tell(turn, contact, f"kept-{row.id}", [text], column(concerned.look(say, report)))
    told = acting.told(turn, "level", chats, level=(await office_in(turn, row, place))["level"])
    turn.reply(turn.say("returned.thanks", told=told), choices=menu.buttons(turn.view))
