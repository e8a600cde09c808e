"""Whom a report, or a new version of one, concerns besides its sender: each is told what it holds or has changed."""

from collections.abc import Callable

from markupsafe import Markup

from figures.due import period_of_key
from handlers import acting, asked_back
from handlers.buttons import choice
from handlers.interviewing import overtaken
from handlers.messages import Choice, clip, column
from handlers.navigation import SayRight, SayWrong
from handlers.screens.checking import LABEL, CheckReport
from handlers.turn import Turn
from handlers.wording import Wording, first_upper
from questionnaires.interview import show_value
from questionnaires.questionnaire import Questionnaire
from storage import challenges, people, places, returns
from storage.somebodys_words import WORDS
from storage.tables import ChallengeRow, Level, Place, Submission

Named = Callable[[str], str]
"""Gives a reason in a language."""


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
