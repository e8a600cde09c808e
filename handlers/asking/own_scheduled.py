"""An officer asks by name about a scheduled questionnaire of the office's own: who has sent it, and what it sums to.

Its figures may be nobody's indicators, and its title often has the words of one: then only the name says what is meant.
"""

from collections.abc import Mapping, Sequence
from typing import Final

from markupsafe import Markup

from figures.coverage import Owed, months_back
from figures.ground import Ground
from handlers import named_form
from handlers.asking import own_forms, timely
from handlers.asking.asked import Asked
from handlers.asking.sent_forms import place_meant
from handlers.menu import named
from handlers.messages import Reply, column
from handlers.navigation import ShowUnit
from handlers.screens import reported, sums, village
from handlers.turn import Turn
from plans.schedule import Entry
from queries.frames import Export, Missing, Plan
from queries.understanding import Understanding
from questionnaires.answers.text import fold
from questionnaires.answers.tokens import as_text
from questionnaires.questionnaire import Questionnaire
from storage.tables import Level, Place

PLAIN: Final = 2
"""So many words of a title behind "phiếu" name a questionnaire; one alone may be a figure's."""
HEAD: Final = 4
"""The first words of a title name it wherever they are said."""


async def tells(turn: Turn, ground: Ground, meaning: Understanding) -> bool:
    """Answer a question about an own questionnaire that it names; False if it names none, or asks for something else."""
    query = meaning.query
    if not turn.library.plans.own or isinstance(query, Plan | Export):
        return False
    entry = await entry_named(turn)
    place = await place_meant(turn, meaning) if entry else None
    if entry is None or place is None:
        return False
    reply = await answer(Asked(turn.view, ground, query, 0), place, entry)
    if reply is not None:
        turn.send(reply)
    return reply is not None


async def entry_named(turn: Turn) -> Entry | None:
    """The line of the office's own schedule whose questionnaire a text names, better than any other; None for none."""
    plans = turn.library.plans
    programmes = (plans.programmes[id] for id in sorted(plans.own & plans.programmes.keys()))
    own = [*plans.own_schedule, *(entry for one in programmes for entry in one.schedule)]
    if not own:
        return None
    active = await turn.library.active_forms(turn.session)
    names = names_said(turn.incoming.text, {name: form for name, (_, form) in active.items()})
    return next((entry for entry in own if {entry.form} == names), None)


def names_said(text: str, forms: Mapping[str, Questionnaire]) -> set[str]:
    """The questionnaires that a text names best, by the first words of a title or by words of it after "phiếu"."""
    said = named_form.said_in(text)
    folded = f" {fold(as_text(said))} "
    titles = named_form.title_words(forms)
    begun = {name for name, words in titles.items() if is_begun_in(words, folded)}
    if begun:
        return begun
    there = [*named_form.names_in(said, forms, by_verb=True)]
    plain = [one for one in there if one.length >= min(PLAIN, len(titles[one.form]))]
    best = max((one.fit() for one in there), default=None)
    return {one.form for one in plain if one.fit() == best}


def is_begun_in(title: Sequence[str], folded: str) -> bool:
    """Whether the first words of a title stand in a text; of a short one, which may be a figure's name, it needs more."""
    return len(title) >= HEAD and f" {' '.join(title[:HEAD])} " in folded


async def answer(asked: Asked, place: Place, entry: Entry) -> Reply | None:
    """Who has sent the questionnaire, or what it sums to; None where it was not asked in the time named."""
    owed = await owed_of(asked, entry)
    if not owed:
        return None
    if entry.level != Level.VILLAGE:
        return await by_units(asked, place, owed)
    if place.level == Level.VILLAGE:
        return await village.of_questionnaires(asked.viewer, place, owed)
    return await by_villages(asked, place, owed[0])


async def owed_of(asked: Asked, entry: Entry) -> list[Owed]:
    """The questionnaire for the periods named that are asked by now; without a time, as it was last asked."""
    active = await asked.viewer.library.active_forms(asked.viewer.session)
    periods = own_forms.periods_of(asked, asked.query, entry)
    return [Owed(active[entry.form][1], period, entry) for period in periods]


async def by_villages(asked: Asked, place: Place, owed: Owed) -> Reply:
    """What villages sent of it: in time, at all, or in sum."""
    viewer, query, back = asked.viewer, asked.query, months_back(asked.viewer, owed)
    if not isinstance(query, Missing):
        return await sums.page(viewer, place, owed, back)
    if query.timely:
        return await timely.page(viewer, query, place, [owed])
    page = reported.reported_page if query.reported else reported.missing_page
    return await page(viewer, place, owed, back)


async def by_units(asked: Asked, place: Place, owed: Sequence[Owed]) -> Reply | None:
    """Who has sent a questionnaire that units above villages answer; None where nobody there does, or its sums are asked."""
    if not isinstance(asked.query, Missing):
        return None
    lines = [line for one in owed if (line := await own_forms.told(asked, asked.query, place, one))]
    up = named(asked.viewer, "officer.button.up", ShowUnit(place.id))
    return Reply(Markup("\n").join(lines), column(up)) if lines else None
