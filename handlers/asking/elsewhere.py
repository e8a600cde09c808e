"""What other questionnaires say of the same number, where they disagree: of one village each of them, of a unit in how many
of its villages.
"""

from collections.abc import AsyncIterator

from markupsafe import Markup

from figures import small
from figures.alike import answered_elsewhere, disagreement, number_asked
from figures.counted import Counted
from figures.ground import below
from figures.sources import Source
from handlers.asking.asked import Asked
from plans.indicator import Indicator
from plans.period import from_key
from storage.figures import ReportedValue
from storage.tables import Place


async def disagreeing(asked: Asked, place: Place, source: Source, counted: Counted) -> list[Markup]:
    """What other questionnaires say otherwise of the same number; of a share, of its whole. Empty if they agree."""
    if counted.period is None or not asked.viewer.plans.asked_alike(source.indicator)[1]:
        return []
    if place.level == source.indicator.level:
        return await of_village(asked, place, source, counted)
    groups = await below(asked.viewer.session, (place.id,), source.indicator.level, asked.viewer.today)
    found = await disagreement(asked.viewer, source, groups[place.id], counted.period)
    if found is None:
        return []
    name = plain_name(asked, found.whole)
    return [asked.viewer.say("asking.disagree_within", name=name, n=found.places, of=found.of)]


async def seen_of(
    asked: Asked, source: Source, place: Place, answers: list[tuple[str, ReportedValue]]
) -> list[tuple[str, ReportedValue]]:
    """Those of a village's answers that this reader may see: small numbers are told only to those who are from there."""
    if await asked.discretion.is_open(source, place):
        return answers
    return [one for one in answers if not small.is_small_number(one[1].number)]


async def of_village(asked: Asked, place: Place, source: Source, counted: Counted) -> list[Markup]:
    """The number that a village gave, beside what it gave differently elsewhere."""
    viewer, own, period = asked.viewer, number_asked(source.indicator, counted.figure), counted.period
    if own is None or period is None:
        return []
    whole, _ = viewer.plans.asked_alike(source.indicator)
    every = await answered_elsewhere(viewer, source.indicator, place.id, period)
    different = [one for one in every if one[1].number != own]
    seen = await seen_of(asked, source, place, different)
    if not seen:
        return []
    unit, said = whole.unit_name(viewer.locale), [told async for told in in_words(asked, seen)]
    facts = {"name": plain_name(asked, whole), "own": own, "unit": unit, "others": Markup("; ").join(said)}
    return [viewer.say("asking.disagrees", **facts)]


def plain_name(asked: Asked, whole: Indicator) -> str:
    """The name of what several questionnaires ask, without the title of one of them."""
    return asked.viewer.plans.indicators[whole.id].name(asked.viewer.locale)


async def in_words(asked: Asked, answers: list[tuple[str, ReportedValue]]) -> AsyncIterator[Markup]:
    """Each answer to another questionnaire with its title and period."""
    forms = await asked.viewer.library.active_forms(asked.viewer.session)
    for form, value in answers:
        title = forms[form][1].title(asked.viewer.locale)
        period = from_key(value.period).name(asked.viewer.locale)
        yield asked.viewer.say("asking.said_elsewhere", form=title, period=period, value=value.number)
