"""The village's side of returned figures, and of reports that others sent on its behalf."""

from collections.abc import Callable, Sequence
from datetime import timedelta
from typing import Annotated, Final

from markupsafe import Markup
from sqlmodel import select

from figures import access, offices
from figures.due import period_of_key
from handlers import acting, asked_back, menu
from handlers.asked_back import REASON
from handlers.buttons import Button, Presses, RowId, button, choice, number
from handlers.interviewing import as_kept, in_stead, overtaken, sent, starting
from handlers.interviewing.other_figure import numbers_of, own_words, tells_only_figure
from handlers.messages import Choice, Rows, clip, column
from handlers.navigation import CorrectReturned, KeepReturned, SayRight, SayWrong
from handlers.screens.checking import LABEL, CheckReport, levels_in
from handlers.turn import Turn
from handlers.wording import Wording, first_upper
from plans.challenge_rules import Reason
from questionnaires.interview import show_value
from questionnaires.questionnaire import Questionnaire
from storage import challenges, journal, people, places, returns, submissions
from storage.journal import JournalKind, of_report
from storage.kept import KeepWanted
from storage.somebodys_words import WORDS
from storage.tables import ChallengeRow, Contact, FigureReturn, JournalEntry, Level, Place, Submission

pressed: Final = Presses()
SOON: Final = timedelta(hours=1)
"""What is written later than this after a reason was asked for is about something else."""
Named = Callable[[str], str]
"""Gives a reason in a language."""


@button("c:j:{returned}:{reason}", reporting=True)
class KeptBecause(Button):
    """The figure is right, for the reason with this number."""

    returned: RowId
    reason: Annotated[int, number(2)]


# --- a figure that was sent back ------------------------------------------------------------------------


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
    turn: Turn, returned: tuple[FigureReturn, Submission, Place], reason: str, named: Named
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
            **figure_facts(form, report, place, row.path, say.locale),
            reason=named(say.locale),
        )
        acting.tell(turn, contact, f"kept-{row.id}", [text], column(look(say, report)))
    told = acting.told(turn, "level", chats, level=(await office_in(turn, row, place))["level"])
    turn.reply(turn.say("returned.thanks", told=told), choices=menu.buttons(turn.view))


def figure_facts(
    form: Questionnaire, report: Submission, place: Place, path: str, lang: str
) -> dict[str, str]:
    """The names in a sentence about a figure of a report."""
    return {
        "place": first_upper(places.own_name(place)),
        "form": form.title(lang),
        "period": period_of_key(report.period).label(lang),
        "question": clip(asked_back.label(form, path, lang), LABEL),
        "answer": show_value(form, path, str(report.answers.get(path, "")), lang),
    }


def look(say: Wording, report: Submission) -> Choice:
    """The officer's button to the report."""
    return choice(say("check.button.open"), CheckReport(report.id))


async def tell_mended(
    turn: Turn, form: Questionnaire, before: Submission, after: Submission, place: Place
) -> None:
    """After a revision, send the new answers to returned figures to the officer who returned them."""
    mended = await returns.answered_by(turn.session, before.id, after, turn.now)
    doubts = (await challenges.of(turn.session, [after.id])).get(after.id, {}) if mended else {}
    for row in mended:
        await acting.take_back(turn, f"returned-{row.id}")
        for contact in await acting.checkers(turn, place, row.person_id):
            say = acting.words_for(contact, officer=True)
            key = "returned.mended_in_stead" if after.in_place else "returned.mended"
            text = changed_figure(say, key, form, before, after, place, row.path)
            text += reason_given(turn, say, doubts.get(row.path))
            acting.tell(turn, contact, f"mended-{row.id}", [text], column(look(say, after)))
    await tell_changed_after(turn, form, before, after, place)


def reason_given(turn: Turn, say: Wording, doubt: ChallengeRow | None) -> Markup:
    """Return the sentence with the reason that was given for a new answer; "" for none."""
    reason = asked_back.reason_named(turn.view.plans.challenges, doubt, say.locale) if doubt else ""
    return Markup("\n") + say("challenge.reason", reason=reason) if reason else Markup()


async def tell_changed_after(
    turn: Turn, form: Questionnaire, before: Submission, after: Submission, place: Place
) -> None:
    """Tell whoever returned a figure that was first said to be right, and is changed now after all.

    Whoever approved the report hears of every change anyway.
    """
    for row in await returns.kept_of(turn.session, before):
        same = before.answers.get(row.path) == after.answers.get(row.path)
        if same or row.person_id in (None, before.approved_by, turn.contact.person_id):
            continue
        for contact in await acting.checkers(turn, place, row.person_id):
            say = acting.words_for(contact, officer=True)
            text = changed_figure(say, "returned.changed_after", form, before, after, place, row.path)
            acting.tell(turn, contact, f"changed-{row.id}-{after.id}", [text], column(look(say, after)))


def changed_figure(
    say: Wording,
    key: str,
    form: Questionnaire,
    before: Submission,
    after: Submission,
    place: Place,
    path: str,
) -> Markup:
    """The sentence `key` that tells an officer from what to what a figure was changed."""
    was = show_value(form, path, str(before.answers.get(path, "")), say.locale)
    return say(key, **figure_facts(form, after, place, path, say.locale), was=was)


async def tell_approver(
    turn: Turn, form: Questionnaire, before: Submission, after: Submission, place: Place
) -> None:
    """Tell whoever approved a report, after it was revised, what has changed and that it waits again."""
    if before.approved_at is None or before.approved_by == turn.contact.person_id:
        return
    for contact in await acting.checkers(turn, place, before.approved_by):
        say = acting.words_for(contact, officer=True)
        parts = revised(say, "check.approved_revised", form, before, after, place)
        acting.tell(turn, contact, f"revised-{after.id}", parts, column(look(say, after)))


def revised(
    say: Wording, key: str, form: Questionnaire, before: Submission, after: Submission, place: Place
) -> list[Markup]:
    """Return the paragraphs that tell an officer of a revision: which report it is of, and what has changed."""
    facts = {"form": form.title(say.locale), "period": period_of_key(after.period).label(say.locale)}
    head = say(key, place=first_upper(places.own_name(place)), **facts)
    lines = changed_lines(say, form, before, after)
    return [head, Markup("\n").join(lines or [say("check.nothing_changed")])]


# --- what was sent in somebody's place ------------------------------------------------------------------


async def tell_in_place(
    turn: Turn, form: Questionnaire, before: Submission | None, after: Submission, place: Place, reason: Named
) -> None:
    """Tell those who answer for a place at once what was reported or corrected on their behalf, and why."""
    by = await acting.actor(turn, place.id)
    for contact in await acting.reporters(turn, place):
        say = acting.words_for(contact, officer=place.level != Level.VILLAGE)
        lines = changed_lines(say, form, before, after)
        name = turn.person.name if turn.person else ""
        role = ", ".join(filter(None, (str(say(f"role.{by.role}")), name)))
        period = period_of_key(after.period).label(say.locale)
        key = "in_place.told" if before else "in_place.told_first"
        head = say(key, who=role, form=form.title(say.locale), period=period, reason=reason(say.locale))
        buttons = column(
            choice(say("in_place.button.agree"), SayRight(after.id)),
            choice(say("in_place.button.disagree"), SayWrong(after.id)),
        )
        parts = [head, Markup("\n").join(lines)]
        acting.tell(turn, contact, f"in-place-{after.id}", parts, buttons, at_once=True, slot=WORDS)


async def tell_who_stood_in(
    turn: Turn, form: Questionnaire, before: Submission, after: Submission, place: Place
) -> None:
    """Tell whoever sent a report on a place's behalf what the place itself changed in it.

    Whoever approved it too has been told as its approver.
    """
    if not before.in_place or before.person_id is None or acting.is_in_place(turn, place.id):
        return
    if is_approved_by_sender(before):
        return
    for contact in acting.reachable(turn, await people.contacts_of(turn.session, before.person_id)):
        say = acting.words_for(contact, officer=True)
        parts = revised(say, "in_place.revised", form, before, after, place)
        acting.tell(turn, contact, f"own-{after.id}", parts, column(look(say, after)))


def is_approved_by_sender(report: Submission) -> bool:
    """Whether whoever sent a report has approved it, too."""
    return report.approved_at is not None and report.approved_by == report.person_id


def changed_lines(
    say: Wording, form: Questionnaire, before: Submission | None, after: Submission
) -> list[Markup]:
    """Return the answers of a report that differ from the version before it, of which there may be none."""
    return overtaken.differing(say, form, before.answers if before else {}, after.answers)


async def own_report(turn: Turn, number: int) -> tuple[Submission, Place] | None:
    """A report of a place that this person answers for, to which nobody has agreed or objected; otherwise reply."""
    report = await turn.session.get(Submission, number, with_for_update=True)
    place = await access.may_report_for(turn.view, report.place_id) if report else None
    if report is None or place is None or acting.is_in_place(turn, place.id):
        turn.reply(turn.say("sent.gone"), choices=menu.buttons(turn.view))
        return None
    chosen = select(JournalEntry.kind).where(*of_report(report), JournalEntry.revision == report.revision)
    kinds = list(await turn.session.exec(chosen))
    said = JournalKind.AGREED in kinds or JournalKind.DISAGREED in kinds
    if said or not report.current:
        await sent.show(turn, report, turn.say("in_place.said_before"))
        return None
    return report, place


@pressed.on(SayRight)
async def on_agree(turn: Turn, button: SayRight) -> None:
    mine = await own_report(turn, button.report)
    if mine is not None:
        report, place = mine
        by = await acting.actor(turn, place.id)
        await journal.append(turn.session, JournalKind.AGREED, report, by, turn.now)
        await tell_sender(turn, report, place, "in_place.agreed")
        turn.reply(turn.say("in_place.thanks"), choices=menu.buttons(turn.view))


@pressed.on(SayWrong)
async def on_disagree(turn: Turn, button: SayWrong) -> None:
    """Tell the sender, and open the report to be corrected."""
    mine = await own_report(turn, button.report)
    if mine is not None:
        report, place = mine
        by = await acting.actor(turn, place.id)
        await journal.append(turn.session, JournalKind.DISAGREED, report, by, turn.now)
        chats = await tell_sender(turn, report, place, "in_place.disagreed")
        told = acting.told(turn, "sender", chats)
        form = await turn.library.form(turn.session, report.form_id)
        before = await submissions.version_before(turn.session, report)
        lines = changed_lines(turn.say, form, before, report)
        mend = Markup("\n").join([turn.say("in_place.mend", told=told), *lines])
        await starting.correct(turn, report, mend)


async def tell_sender(turn: Turn, report: Submission, place: Place, key: str) -> list[Contact]:
    """Tell whoever sent a report on somebody's behalf what these people say about it, and about which figures; return
    the chats."""
    form = await turn.library.form(turn.session, report.form_id)
    before = await submissions.version_before(turn.session, report)
    contacts = await people.contacts_of(turn.session, report.person_id) if report.person_id else []
    chats = acting.reachable(turn, contacts)
    for contact in chats:
        say = acting.words_for(contact, officer=True)
        period = period_of_key(report.period).label(say.locale)
        text = say(key, place=first_upper(places.own_name(place)), form=form.title(say.locale), period=period)
        parts = [text, Markup("\n").join(changed_lines(say, form, before, report))]
        acting.tell(turn, contact, f"{key}-{report.id}", parts, column(look(say, report)))
    return chats
