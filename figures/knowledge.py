"""What all views share and nobody changes: plans, compiled forms, names of places, the time zone.

Forms are loaded when first needed and kept by id, which is safe because a form's version never changes.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from zoneinfo import ZoneInfo

from plans.plans import Plans
from queries.dictionary import Dictionary
from queries.understand import Asker
from questionnaires.answers.places import Gazetteer
from questionnaires.questionnaire import Question, Questionnaire
from storage.forms import active_ids
from storage.session import Session
from storage.tables import Form


@dataclass
class Knowledge:
    """Lives as long as the process."""

    plans: Plans
    zone: ZoneInfo
    forms: dict[int, Questionnaire] = field(default_factory=dict)
    in_use: tuple[Mapping[str, int], Mapping[str, tuple[int, Questionnaire]]] = ({}, {})
    """The ids of the versions in use when that was last asked, and these versions (`active_forms`)."""
    dictionary: Dictionary | None = None
    """The plans' words, made when the first question is asked."""
    gazetteer: tuple[tuple[tuple[int, ...], date], Gazetteer] | None = None
    """Every place by name, with the mark of the data it was made from, and the day since which places stand so."""
    askers: dict[tuple[date, tuple[int, ...]], Asker] = field(default_factory=dict)
    """By day and places, what holders of roles there may ask about."""

    async def form(self, session: Session, form_id: int) -> Questionnaire:
        """The compiled form with this id. Raises LookupError if there is none."""
        if form_id not in self.forms:
            row = await session.get(Form, form_id)
            if row is None:
                raise LookupError(f"form {form_id}")
            self.forms[form_id] = Questionnaire.from_json(row.compiled)
        return self.forms[form_id]

    async def active_forms(self, session: Session) -> Mapping[str, tuple[int, Questionnaire]]:
        """By name, the id and form for new interviews; queried once in a transaction."""
        ids = await active_ids(session)
        # A letter asks ten times, and the versions in use change once in months.
        if self.in_use[0] != ids:
            forms = {name: (form_id, await self.form(session, form_id)) for name, form_id in ids.items()}
            self.in_use = ids, forms
        return self.in_use[1]

    async def questions(self, session: Session) -> list[Question]:
        """Every question of the questionnaires that new interviews use."""
        active = await self.active_forms(session)
        return [question for _, form in active.values() for question in form.questions]

    async def active_form(self, session: Session, name: str) -> tuple[int, Questionnaire] | None:
        """The id and form for new interviews of `name`, or None."""
        return (await self.active_forms(session)).get(name)
