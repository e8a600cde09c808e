"""Where a place stands against the plans in force there, gathered from what was reported."""

from collections.abc import Iterable, Sequence

from figures.bases import Bases
from figures.discretion import Discretion
from figures.hearing import Hearing
from figures.programmes import holdings_on
from figures.view import View
from plans.indicator import Indicator
from plans.plans import Plans
from questionnaires.questionnaire import Questionnaire
from reports.basis import Heard, heard_for
from reports.progress import PlaceProgress, build
from storage import places
from storage.tables import Place


async def progress_of(
    view: View, place: Place, form: Questionnaire | None = None, *, changed_only: bool = False
) -> PlaceProgress:
    """How `place` stands today: by its own reports, and by the sums of the units below it.

    With `form`, only by its own reports of that questionnaire: a receipt is about what was just sent. With
    `changed_only`, only in the main figures that changed: a letter tells no others.
    """
    form_name = form.name if form else ""
    way = [place, *await view.session.places.ancestors(place.id, view.today)]
    holdings = await holdings_on(view, way)
    programmes = [holding.programme for holding in holdings]
    discretion = Discretion(view)
    heard = await Hearing(view, programmes, form_name, known=discretion).of(way)
    changed = changed_of(view.plans, heard) if changed_only else None
    judged = told_of(view.plans, heard) if changed is None else changed
    bases = Bases(view, way, judged, form_name, discretion=discretion)
    return build(
        view.plans,
        programmes,
        places.own_name(place),
        place.level,
        heard,
        view.today,
        view.locale,
        await bases.of(holdings),
        all_of_villages=form is None,
        only=changed,
    )


def changed_of(plans: Plans, heard: Sequence[Heard]) -> list[Indicator]:
    """The main indicators of which the newest report says another figure than the one before, in the order shown."""
    ids = {id for one in heard for id in one.changes or {}}
    return [
        indicator
        for indicator in plans.ordered
        if indicator.id in ids and indicator.main
        if (change := heard_for(indicator, heard).change(indicator.id)) and change.by
    ]


def told_of(plans: Plans, heard: Iterable[Heard]) -> list[Indicator]:
    """The indicators with a report, in the order shown."""
    ids = {id for one in heard for id in one.figures or {}}
    return [indicator for indicator in plans.ordered if indicator.id in ids]
