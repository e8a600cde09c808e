"""A village objected to what was sent on its behalf, and now corrects it.

A figure that it types at the review is offered for the question that was changed on its behalf. If it sends the
disputed figures unchanged, one press on «Gửi» would make them its own: are they right after all?
"""

from collections.abc import Mapping, Set
from typing import Final

from markupsafe import Markup

from handlers import acting, asked_back
from handlers.interviewing import overtaken, several
from handlers.interviewing.sitting import Sitting
from handlers.interviewing.ways import AskAgain, Later, SendSettled
from handlers.messages import clip, column
from questionnaires.numbers_said import NUMBER, numbers_in_figures, says_minus
from questionnaires.one_change import AnswerChange
from questionnaires.several import Several
from storage import challenges, returns, submissions
from storage.tables import Submission

MOST: Final = 4
"""How many disputed figures are shown."""
QUESTION: Final = 40
"""How many letters of a question stand on a button."""


async def ask(sitting: Sitting, corrected: Submission | None, *before: Markup) -> bool:
    """Ask whether the figures that the village disputed in the report `corrected`, and leaves unchanged, are right now,
    after the paragraphs `before`; return whether that was asked."""
    if corrected is None or acting.is_in_place(sitting.turn, sitting.row.place_id):
        return False
    disputed = await challenges.disputed(sitting.turn.session, corrected)
    disputed = challenges.left_of(disputed, sitting.interview.values)
    if not disputed:
        return False
    in_order = sorted(disputed.items(), key=lambda one: sitting.form.place_of(one[0]))
    show(sitting, dict(in_order[:MOST]), *before)
    return True


def show(sitting: Sitting, disputed: Mapping[str, tuple[str, str]], *before: Markup) -> None:
    """Show disputed figures, before and after they were changed on the village's behalf, with a button to mend each."""
    say, form, lang = sitting.say, sitting.form, sitting.turn.locale
    was, now = ({path: pair[end] for path, pair in disputed.items()} for end in (0, 1))
    lines = [overtaken.line(say, form, path, was, now) for path in disputed]
    sitting.settle()
    sitting.note(at="S")
    mend = [
        sitting.button(
            say("objected.button.mend", question=clip(asked_back.label(form, path, lang), QUESTION)),
            AskAgain,
            path,
        )
        for path in disputed
        if now[path]
    ]
    right = sitting.named("objected.button.right", SendSettled)
    later = sitting.named("interview.button.later", Later)
    told = Markup("\n").join(lines)
    sitting.speak(*before, say("objected.ask"), told, choices=column(*mend, right), actions=column(later))
    sitting.save()


async def offer(sitting: Sitting, text: str) -> bool:
    """Offer the only number in `text` for the one answer of the report that the village disputes or that was sent back;
    False if there is not just one, or `text` is about another question."""
    numbers = set(NUMBER.findall(numbers_in_figures(text)))
    path = "" if len(numbers) != 1 or says_minus(text) else await in_question(sitting, *numbers)
    if not path or not several.is_of_that(sitting, text, path):
        return False
    said = AnswerChange(path, numbers.pop())
    heard = Several() if several.counts_other(sitting, text, said) else several.of_change(sitting, said)
    if heard.answers and heard.answers[0].value != sitting.interview.values[path]:
        several.wait_for_yes(sitting, heard)
        return True
    if heard.refused:
        several.refuse(sitting, path, said.answer)
    return bool(heard.refused)


async def in_question(sitting: Sitting, said: str) -> str:
    """The path of the one answer that the report is corrected for: disputed, or sent back; of several, the one that was
    `said` before somebody else changed it. "" if there is not just one."""
    session, number = sitting.turn.session, sitting.row.corrects_id
    corrected = await session.get(Submission, number) if number else None
    if corrected is None:
        return ""
    paths = {*await challenges.disputed(session, corrected)}
    paths |= {row.path for row in await returns.open_of(session, corrected.id)}
    paths &= sitting.interview.values.keys()
    if len(paths) > 1:
        paths = said_before(await submissions.version_before(session, corrected), paths, said)
    return paths.pop() if len(paths) == 1 else ""


def said_before(before: Submission | None, paths: Set[str], said: str) -> set[str]:
    """Those of some paths at which the version before a report has what was `said`."""
    if before is None:
        return set()
    return {path for path in paths if str(before.answers.get(path)) == said}
