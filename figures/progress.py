"""Where a place stands against the plans that hold for it, gathered from what was reported of it."""

from figures.bases import Bases
from figures.hearing import Hearing
from figures.programmes import holdings_on
from figures.view import View
from questionnaires.questionnaire import Questionnaire
from reports.progress import PlaceProgress, build
from storage import places
from storage.tables import Place


async def progress_of(view: View, place: Place, form: Questionnaire | None = None) -> PlaceProgress:
    """How `place` stands today: by its own reports, and by those of the units below it taken together.

    With `form` only in what its own reports of that questionnaire say: a receipt tells of what was just sent, and
    anything else would bury it.
    """
    plans = view.plans
    way = [place, *await view.session.places.ancestors(place.id, view.today)]
    holdings = await holdings_on(view, way)
    programmes = [holding.programme for holding in holdings]
    heard = await Hearing(view, programmes, form.name if form else "").of(way)
    ids = {id for one in heard for id in one.figures or {}}
    told = [indicator for indicator in plans.ordered if indicator.id in ids]
    return build(
        plans,
        programmes,
        places.own_name(place),
        place.level,
        heard,
        view.today,
        view.locale,
        bases=await Bases(view, way, told, form.name if form else "").of(holdings),
        all_of_villages=form is None,
    )
