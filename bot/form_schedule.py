"""Whom the schedules ask a questionnaire, and what does not fit between them, for those who check a form."""

from collections.abc import Iterator
from typing import Final

from bot.form_pages import Page
from bot.teller import Teller
from plans.period import PeriodKind
from plans.plans import Plans
from plans.schedule import Entry
from questionnaires.questionnaire import Questionnaire, plain_words

FEW: Final = 5
"""How many questions are named."""


def schedule_lines(plans: Plans, form: Questionnaire, lang: str) -> Iterator[str]:
    """Yield the schedules' lines that ask a form, each with what does not fit; without any, how to write one."""
    say, entries = Teller(lang), [entry for entry in plans.entries if entry.form == form.name]
    yield ""
    if not entries:
        yield say("forms.schedule.none", name=form.name)
        return
    yield say("forms.schedule.head")
    page = Page(form, lang)
    for entry in entries:
        yield f"- {page.asked(entry)}"
        yield from misfits(plans, form, entry, lang)


def misfits(plans: Plans, form: Questionnaire, entry: Entry, lang: str) -> Iterator[str]:
    """Yield what in a form does not fit one line of a schedule."""
    say = Teller(lang)
    asked = len(form.asked)
    repeats = any(section.repeats for section in form.sections.values())
    if asked > entry.questions and not repeats:
        yield f"  {say('forms.schedule.too_few', n=asked, said=entry.questions)}"
    if entry.kind is PeriodKind.WEEK:
        yield f"  {say('forms.schedule.weekly')}"
        slow = slowly_changing(plans, form, lang)
        if slow:
            yield f"  {say('forms.schedule.slow', questions='; '.join(slow[:FEW]))}"


def slowly_changing(plans: Plans, form: Questionnaire, lang: str) -> list[str]:
    """Return the words of questions that are asked once or twice a year elsewhere, or that tell how many there are on
    a day."""
    rare = (PeriodKind.HALF, PeriodKind.YEAR)
    stocks = {name for one in plans.indicators.values() if one.stock for name in one.questions}
    yearly = {entry.form for entry in plans.entries if entry.kind in rare}
    return [
        plain_words(form.words(question.labels, lang))
        for question in form.questions
        if question.asks and (question.name in stocks or form.name in yearly)
    ]
