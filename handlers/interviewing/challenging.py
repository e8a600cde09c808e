"""Queries an unlikely answer and shows what it was checked against: «Tháng trước 109, nay 25. Đúng · Sửa · Có lý do».

The answer is already stored and the next question is open; this screen comes between them. One answer is queried at a
time, and at most `MOST` in a report; the review lists the others. A report that is unlikely as a whole is queried
once, before its review. What the person replies is kept with the report.
"""

from dataclasses import replace
from decimal import Decimal
from typing import Final

from markupsafe import Markup

from figures import evidence
from handlers import asked_back
from handlers.interviewing.sitting import Sitting
from handlers.interviewing.ways import AskAgain, AskWhy, Because, Later, MendDoubted, RightSo
from handlers.messages import Choice, Rows, clip, column, row
from plans.challenge_rules import Reason
from plans.challenges import (
    Challenge,
    Evidence,
    challenge,
    is_copy,
    is_dropped,
    is_heaped,
    is_running,
    is_swapped,
    least_allowed,
)
from questionnaires.interview import questions, show_value
from questionnaires.questionnaire import Question
from storage import challenges
from storage.interview_notes import AskedBack
from storage.tables import ChallengeRow, Submission

MOST: Final = 3
"""How many answers of one report are queried at most."""
LISTED: Final = 5
"""How many unlikely answers the review lists at most."""
WHOLE: Final = ""
"""The path that stands for the report as a whole."""
LABEL: Final = 90
"""How many letters of a question a query shows."""
TYPED: Final = 40
"""How many letters of an answer are kept, to know it when it is sent twice."""


def wanted(sitting: Sitting, path: str) -> Challenge | None:
    """Why the answer just given at `path` has to be queried; None if it need not be."""
    asked = {one.path for one in sitting.notes.asked_back if not one.before}
    # Another number at a question that was queried is looked at like the first one.
    doubt = doubt_of(sitting, path) if path in asked or len(asked) < MOST else None
    return unless_said(sitting, path, doubt)


def next_edited(sitting: Sitting) -> tuple[str, Challenge] | None:
    """The next of the answers that one message changed which has to be queried, with why; None if none is left."""
    while sitting.notes.edited:
        path, *others = sitting.notes.edited
        sitting.note(edited=tuple(others))
        doubt = wanted(sitting, path) if sitting.interview.values.get(path) else None
        if doubt is not None:
            return path, doubt
    return None


def unless_said(sitting: Sitting, path: str, doubt: Challenge | None) -> Challenge | None:
    """The doubt about `path`, unless the person has been told of it: what cannot be is told as often as it is said."""
    told = doubt is not None and not doubt.impossible and said_to(sitting, path, doubt)
    return None if told else doubt


def doubt_of(sitting: Sitting, path: str) -> Challenge | None:
    """Why the answer at `path` is unlikely; None if it is not."""
    form, rules = sitting.form, sitting.turn.library.plans.challenges
    asked = doubted_at(sitting, path)
    if asked is None:
        return None
    # Every answer comes here, so read only what this one is checked against.
    held = evidence.read_about(sitting.row.evidence, {asked.name, *rules.named(asked.name)})
    beside = {*rules.beside(asked.name), *held.beside(asked.name)} - {asked.name}
    paths = [asked.path, *[form.by_name[name].path for name in sorted(beside & form.question_names)]]
    given = sitting.interview.values
    values = {one: given[one] for one in paths if one in given}
    answers = evidence.numbers_of(form, values, sitting.interview.hidden)
    return challenge(rules, with_rough(sitting, held), asked.name, answers) if asked.name in answers else None


def with_rough(sitting: Sitting, held: Evidence) -> Evidence:
    """The evidence, with which of the answers are rough."""
    rough = sitting.interview.estimates
    if not rough:
        return held
    return replace(held, rough=frozenset(one.name for one in sitting.form.questions if one.path in rough))


def doubted_at(sitting: Sitting, path: str) -> Question | None:
    """The question at `path`, if any answer to it may be unlikely; None in practice."""
    asked = None if sitting.row.practice else evidence.question_at(sitting.form, path)
    if asked is None or not evidence.is_counted(asked) or is_forced(sitting, asked):
        return None
    return asked


def is_forced(sitting: Sitting, question: Question) -> bool:
    """Whether 0 is all that can be answered, since what the question asks a part of is 0: only that is to be queried.

    A limit that several answers make is what the other lines leave of a whole, and a line of 0 forces nothing.
    """
    values = sitting.interview.values
    if values.get(question.path) != "0":
        return False
    return any([values.get(path) for path in limit.reads] == ["0"] for limit in question.upper)


def doubts(sitting: Sitting) -> dict[str, Challenge]:
    """Why answers of this report are unlikely, by path, in the order of the questions."""
    if sitting.row.practice:
        return {}
    form, rules = sitting.form, sitting.turn.library.plans.challenges
    held = with_rough(sitting, evidence.read(sitting.row.evidence))
    answers = evidence.numbers_of(form, sitting.interview.values, sitting.interview.hidden)
    asked = (one for one in form.questions if one.name in answers and not is_forced(sitting, one))
    return {one.path: doubt for one in asked if (doubt := challenge(rules, held, one.name, answers))}


def of_whole(sitting: Sitting) -> Challenge | None:
    """Why the report as a whole is unlikely: it leaves out what had grown, it repeats earlier ones once too often, or all
    its numbers are round."""
    if sitting.row.practice:
        return None
    form, rules = sitting.form, sitting.turn.library.plans.challenges
    answers = evidence.numbers_of(form, sitting.interview.values, sitting.interview.hidden)
    held = evidence.read(sitting.row.evidence)
    unlike = is_dropped(held, answers) or is_copy(rules, held, answers)
    counted = {
        one.name: answers[one.name]
        for one in filter(evidence.is_count, form.questions)
        if one.name in answers
    }
    named = is_swapped(rules, held, counted) or is_running(rules, held, counted)
    return unlike or evidence.with_labels(form, named, counted) or is_heaped(rules, counted.values())


def wanted_of_whole(sitting: Sitting) -> Challenge | None:
    """Why to query the report before its review; None if that was done. For a correction, the review itself says it."""
    doubt = of_whole(sitting) if sitting.row.corrects_id is None else None
    return unless_said(sitting, WHOLE, doubt)


def unexplained_loss(sitting: Sitting) -> Challenge | None:
    """Why not to send the report as it is: it leaves out what had grown, so that this counts as 0, and no reply says that
    this is right."""
    doubt = of_whole(sitting)
    lost = doubt is not None and doubt.rule == "dropped"
    return doubt if doubt and lost and not answered(said_to(sitting, WHOLE, doubt)) else None


def doubt_at(sitting: Sitting, path: str) -> Challenge | None:
    """Why the answer at `path`, or the report as a whole, is unlikely."""
    return doubt_of(sitting, path) if path else of_whole(sitting)


def said_to(sitting: Sitting, path: str, doubt: Challenge) -> AskedBack | None:
    """What the person replied when the answer now at `path` was queried for just this `doubt`; None if it was not."""
    # Another figure may have changed since; a reply to one doubt says nothing about the next.
    queried = (path, sitting.interview.values.get(path, ""), evidence.mark(doubt))
    return next(
        (one for one in sitting.notes.asked_back if (one.path, one.value, one.doubt) == queried), None
    )


def told(sitting: Sitting, path: str, doubt: Challenge) -> Markup:
    """What the answer at `path` was checked against, in words."""
    value = sitting.interview.values.get(path, "")
    rules = sitting.turn.library.plans.challenges
    return asked_back.sentence(rules, sitting.turn.locale, sitting.form, path, value, doubt)


def impossible(sitting: Sitting) -> tuple[str, Challenge] | None:
    """The first answer that the others leave no room for, with what says so; None if there is none."""
    # Only what two parts of a whole share can be impossible; every report comes here.
    shared = {rule.both for rule in sitting.turn.library.plans.challenges.overlap}
    asked = (one.path for one in sitting.form.questions if one.name in shared)
    doubted = ((path, doubt_of(sitting, path)) for path in asked)
    return next(((path, doubt) for path, doubt in doubted if doubt is not None and doubt.impossible), None)


def made_impossible(sitting: Sitting, path: str) -> tuple[str, Challenge] | None:
    """The earlier answer that the one just given at `path` leaves no room for, with what says so; None if there is none."""
    form = sitting.form
    name = path.rpartition("/")[2]  # a path ends in its question's name; every answer comes here
    for rule in sitting.turn.library.plans.challenges.overlap:
        if name not in rule.bounds or rule.both not in form.by_name:
            continue
        both = form.by_name[rule.both].path
        doubt = doubt_of(sitting, both) if sitting.interview.values.get(both) else None
        if doubt is not None and doubt.impossible:
            return both, doubt
    return None


def least(sitting: Sitting, path: str) -> Decimal:
    """The fewest that the other answers leave room for at `path`; 0 if they say nothing of it, or may be rough."""
    rules, name, given = sitting.turn.library.plans.challenges, path.rpartition("/")[2], sitting.interview
    around = {one.path for one in sitting.form.questions if one.name in {*rules.bounding(name)}}
    if doubted_at(sitting, path) is None or not around or not given.estimates.isdisjoint(around):
        return Decimal(0)
    values = {one: given.values[one] for one in around if one in given.values}
    return least_allowed(rules, name, evidence.numbers_of(sitting.form, values, given.hidden))


def is_impossible(sitting: Sitting, path: str) -> bool:
    """Whether the other answers leave no room for the one at `path`."""
    doubt = doubt_of(sitting, path) if path else None
    return doubt is not None and doubt.impossible


# --- the screens ------------------------------------------------------------------------------------


def ask(sitting: Sitting, path: str, doubt: Challenge, *before: Markup) -> None:
    """Query the answer at `path`, after the paragraphs `before`."""
    if doubt.impossible:
        ask_to_mend(sitting, path, doubt, *before)
        return
    say = sitting.say
    label = clip(asked_back.label(sitting.form, path, sitting.turn.locale), LABEL)
    held = told(sitting, path, doubt)
    text = say("challenge.ask", question=label, evidence=held)
    note(sitting, path, doubt)
    sitting.note(at="d", doubted=path, asked=clip(f"{label}: {held.unescape()}", 300))
    right = sitting.named("challenge.button.right", RightSo, path)
    mend = sitting.named("challenge.button.mend", MendDoubted, path)
    why = sitting.named("challenge.button.why", AskWhy, path)
    sitting.speak(*before, text, actions=row(right, mend, why))
    sitting.save()


def ask_to_mend(sitting: Sitting, path: str, doubt: Challenge, *before: Markup) -> None:
    """Say that the answer at `path` is not taken as it is, with a button for each answer that may be the wrong one."""
    say, rules = sitting.say, sitting.turn.library.plans.challenges
    involved = {sitting.form.question(path).name, *rules.bounding(sitting.form.question(path).name)}
    lines = list(enumerate(questions(sitting.form, sitting.interview, sitting.context), 1))
    of_them = [(n, line) for n, line in lines if sitting.form.question(line.path).name in involved]
    said = [
        say("challenge.numbered", number=n, label=clip(line.label.rstrip(" ?:"), LABEL), answer=line.shown)
        for n, line in of_them
    ]
    held = told(sitting, path, doubt)
    numbers = {line.path: n for n, line in of_them}
    text = say(
        "challenge.impossible", lines=Markup("\n").join(said), evidence=held, number=numbers.get(path, 0)
    )
    note(sitting, path, doubt)
    sitting.note(at="d", doubted=path, asked=clip(held.unescape(), 300))
    # The answer just given first: it is most often the slip.
    of_them.sort(key=lambda numbered: numbered[1].path != path)
    mends = [
        sitting.button(say("challenge.button.mend_of", number=n, answer=line.shown), AskAgain, line.path)
        for n, line in of_them
    ]
    sitting.speak(*before, text, actions=column(*mends, sitting.named("interview.button.later", Later)))
    sitting.save()


def ask_whole(sitting: Sitting, doubt: Challenge, *before: Markup) -> None:
    """Query the report as a whole, after the paragraphs `before`. The reasons are offered as answers."""
    held = told(sitting, WHOLE, doubt)
    note(sitting, WHOLE, doubt)
    sitting.note(at="w", doubted=WHOLE, asked=clip(held.unescape(), 300))
    text, choices = sitting.say("challenge.ask_whole", evidence=held), column(*reason_buttons(sitting, WHOLE))
    sitting.speak(*before, text, choices=choices, actions=row(*ways(sitting, WHOLE)))
    sitting.save()


def ask_why(sitting: Sitting, path: str, *before: Markup, in_words: bool = False) -> None:
    """Ask for the reason for the answer at `path`: chosen from a list, or in words."""
    say, doubt = sitting.say, doubt_at(sitting, path)
    if doubt is not None and said_to(sitting, path, doubt) is None:
        note(sitting, path, doubt)  # of the review's list: it is shown there
    text = asked_why(sitting, path)
    sitting.note(at="y", doubted=path, asked=clip(text.unescape(), 300))
    how = say("challenge.in_words" if in_words else "challenge.choose_reason")
    choices: Rows = () if in_words else column(*reason_buttons(sitting, path))
    sitting.speak(*before, Markup("\n").join([text, how]), choices=choices, actions=row(*ways(sitting, path)))
    sitting.save()


def asked_why(sitting: Sitting, path: str) -> Markup:
    """Which answer the reason is for; for the report as a whole, what is unlikely about it."""
    if not path:
        doubt = of_whole(sitting)
        return told(sitting, WHOLE, doubt) if doubt else sitting.title
    lang = sitting.turn.locale
    value = show_value(sitting.form, path, sitting.interview.values.get(path, ""), lang)
    label = clip(asked_back.label(sitting.form, path, lang), LABEL)
    return sitting.say("challenge.why", question=label, answer=value)


def reasons_for(sitting: Sitting, path: str) -> tuple[Reason, ...]:
    """The reasons offered for the answer at `path`, or for the report as a whole."""
    doubt = None if path else of_whole(sitting)
    question = sitting.form.question(path).name if path else ""
    rule = doubt.rule if doubt else ""
    return sitting.turn.library.plans.challenges.reasons(sitting.form.name, rule, question)


def reason_buttons(sitting: Sitting, path: str) -> list[Choice]:
    """A button for each reason that fits, and one for any other."""
    reasons = reasons_for(sitting, path)
    buttons = [
        sitting.button(reason.named(sitting.turn.locale), Because, path, number=number)
        for number, reason in enumerate(reasons)
    ]
    other = sitting.button(sitting.say("challenge.button.other"), Because, path, number=len(reasons))
    return [*buttons, other]


def ways(sitting: Sitting, path: str) -> list[Choice]:
    """The ways on: without a reason, or back to the question."""
    right = sitting.named("challenge.button.right", RightSo, path)
    return [right, sitting.named("challenge.button.mend", MendDoubted, path)]


def reply(sitting: Sitting, path: str, reason: str, words: str = "") -> None:
    """Keep what the person replied about the answer now at `path`, which is doubtful."""
    doubt = doubt_at(sitting, path)
    if doubt is not None:
        note(sitting, path, doubt, reason, words)


def note(sitting: Sitting, path: str, doubt: Challenge, reason: str = "", words: str = "") -> None:
    """Keep that the answer now at `path` was queried for `doubt`, and what the person replied."""
    others = [one for one in sitting.notes.asked_back if one.path != path]
    value = sitting.interview.values.get(path, "")
    known = said_to(sitting, path, doubt)
    turn = sitting.turn
    at, typed = (known.at, known.typed) if known else (turn.now, clip(turn.incoming.text, TYPED))
    said = AskedBack(path, value, reason, words, doubt=evidence.mark(doubt), at=at, typed=typed)
    sitting.note(asked_back=(*others, said))


# --- at the review, and with the report -----------------------------------------------------------------


def listed(sitting: Sitting, numbers: dict[str, int]) -> tuple[list[Markup], list[Choice]]:
    """The unlikely answers of this report, for its review: in words, with a button to give the reason for each.

    `numbers` are the answers' numbers in the list, by path.
    """
    say = sitting.say
    doubtful = {path: doubt for path, doubt in doubts(sitting).items() if path in numbers}
    lines = [line(sitting, numbers[path], path, doubt) for path, doubt in list(doubtful.items())[:LISTED]]
    if len(doubtful) > LISTED:
        lines.append(say("challenge.more", n=len(doubtful) - LISTED))
    whole = of_whole(sitting)
    if whole is not None:
        lines.append(
            with_reason(
                sitting, WHOLE, whole, say("challenge.line_whole", evidence=told(sitting, WHOLE, whole))
            )
        )
    unsaid = [path for path, doubt in doubtful.items() if may_explain(sitting, path, doubt)][:LISTED]
    buttons = [
        sitting.button(say("challenge.button.why_of", number=numbers[path]), AskWhy, path) for path in unsaid
    ]
    return ([say("challenge.listed"), *lines] if lines else []), buttons


def may_explain(sitting: Sitting, path: str, doubt: Challenge) -> bool:
    """Whether a reason for the answer at `path` is still wanted."""
    return not doubt.impossible and not answered(said_to(sitting, path, doubt))


def answered(said: AskedBack | None) -> bool:
    """Whether the person confirmed an unlikely answer, with or without a reason."""
    return said is not None and bool(said.reason or said.words)


def line(sitting: Sitting, number: int, path: str, doubt: Challenge) -> Markup:
    """One unlikely answer, with its reason if there is one."""
    text = sitting.say("challenge.line", number=number, evidence=told(sitting, path, doubt))
    return with_reason(sitting, path, doubt, text)


def with_reason(sitting: Sitting, path: str, doubt: Challenge, text: Markup) -> Markup:
    """Why an answer is unlikely, and what the person replied."""
    say, said = sitting.say, said_to(sitting, path, doubt)
    if said is None or not answered(said):
        return text
    reason = reason_of(sitting, said)
    return text + " " + (say("challenge.reason", reason=reason) if reason else say("challenge.said_right"))


def reason_of(sitting: Sitting, said: AskedBack) -> str:
    """The reason in words; "" if the answer was only confirmed."""
    given = ChallengeRow(submission_id=0, path=said.path, reason=said.reason, words=said.words)
    return asked_back.reason_named(sitting.turn.library.plans.challenges, given, sitting.turn.locale)


async def take_over(sitting: Sitting, corrected: Submission) -> None:
    """Keep what was said about the answers of a report that is now corrected; it holds for those with the same doubt."""
    rows = (await challenges.of(sitting.turn.session, [corrected.id])).get(corrected.id, {})
    said = [
        AskedBack(
            path,
            str(corrected.answers.get(path, "")),
            row.reason,
            row.words,
            before=True,
            doubt=doubt_in(row),
        )
        for path, row in rows.items()
        if row.reason or row.words
    ]
    sitting.note(asked_back=tuple(said))


def doubt_in(row: ChallengeRow) -> str:
    """What was doubtful in a report that was sent, as text."""
    return evidence.mark(evidence.challenge_in(row.detail))


async def keep(sitting: Sitting, submission: Submission) -> dict[str, ChallengeRow]:
    """Keep with a submitted report what is unlikely in it and what the person replied, by path."""
    doubtful, whole = doubts(sitting), of_whole(sitting)
    if whole is not None:
        doubtful[WHOLE] = whole
    rows = {path: kept(sitting, path, doubt) for path, doubt in doubtful.items()}
    await challenges.put(sitting.turn.session, submission.id, rows.values())
    return rows


def kept(sitting: Sitting, path: str, doubt: Challenge) -> ChallengeRow:
    """An unlikely answer, as it is kept."""
    said = said_to(sitting, path, doubt) or AskedBack(path, "")
    detail = evidence.told(doubt)
    return ChallengeRow(submission_id=0, path=path, detail=detail, reason=said.reason, words=said.words)
