"""The buttons by which screens lead to each other.

A button that only its own screen shows is declared beside its handler. These are shown by several, which therefore need
not know the screens that they lead to; `handlers.tables` says who answers them.
"""

from dataclasses import dataclass
from typing import Annotated

from figures.coverage import FURTHEST
from handlers.buttons import (
    Button,
    For,
    FormName,
    Leads,
    Mark,
    PeriodKey,
    Position,
    RowId,
    ShortId,
    Word,
    button,
    number,
)

Back = Annotated[int, number(2, FURTHEST)]
"""How many periods back."""


@button("m:{command}", by=For.STRANGERS, lasting=True, opens=True)
class Command(Button):
    """What a command does: "baocao" for /baocao. Whether the person may call it is looked at when it is answered."""

    command: Word

    @property
    def opens(self) -> bool:
        return self.command != "roi"


@dataclass(frozen=True, slots=True)
class OfPlace(Button):
    """A button of an officer's screens: about a place that they may see."""

    place: RowId


@button("f:p:{place}:{back}:{first}", opens=True)
class ShowUnit(OfPlace):
    """How far the villages of a unit have reported."""

    back: Back = 0
    first: Position = 0


@button("f:v:{place}:{back}:0", opens=True)
class ShowVillage(OfPlace):
    """What one village last sent."""

    back: Back = 0


@button("f:n:{place}:{back}:{form}")
class Remind(OfPlace):
    """Remind the villages that have not sent a questionnaire ("*": any)."""

    back: Back
    form: FormName


@button("t:{place}", opens=True)
class ShowProgress(Button):
    """Where a place stands."""

    place: ShortId


@button("t:{place}:p[:{domain}]", opens=True, leads_to=Leads.PICTURE)
class DrawProgress(Button):
    """The same as a picture, of one domain or of all."""

    place: ShortId
    domain: Word = ""


@button("v:{place}", opens=True)
class ShowTargets(Button):
    """The table of a place's targets."""

    place: ShortId


@button("t:{place}:a[:{first}]", opens=True)
class ShowAmounts(Button):
    """What plans allot to a unit, line by line, from this line on."""

    place: ShortId
    first: Position = 0


@button("t:{place}:n[:{first}]", opens=True)
class ShowTasks(Button):
    """How the tasks of plans stand, from this one on."""

    place: ShortId
    first: Position = 0


@button("d:", opens=True, reporting=True)
class ShowDue(Button):
    """What is asked of one's places."""


@button("d:b:{place}:{form}:{period}", opens=True, reporting=True)
class BeginReport(Button):
    """Begin a questionnaire."""

    place: ShortId
    form: ShortId
    period: PeriodKey


@dataclass(frozen=True, slots=True)
class OfInterview(Button):
    """What all buttons of an interview say: which, and the question that they stand under."""

    interview: ShortId
    mark: Mark


@button("q:{interview}:{mark}:r", opens=True, reporting=True)
class GoOn(OfInterview):
    """Go on, wherever it stands."""


@button("d:v:{report}", opens=True, reporting=True)
class ShowReport(Button):
    """A report that was sent."""

    report: ShortId


@button("c:h:{report}[:{number}]", opens=True)
class ShowHistory(Button):
    """What happened to a report, or to the figure of this number in it."""

    report: ShortId
    number: Position = 0


@button("c:m:{returned}", opens=True, reporting=True)
class CorrectReturned(Button):
    """Correct the figure that was sent back."""

    returned: RowId


@button("c:k:{returned}", opens=True, reporting=True)
class KeepReturned(Button):
    """The figure that was sent back is right as it is."""

    returned: RowId


@button("z:e:{emergency}")
class CloseIt(Button):
    """Whoever raised an emergency says that it is over, as was said last."""

    emergency: RowId


@button("n:v:{announcement}:", opens=True)
class ShowAnnouncement(Button):
    """How far an announcement has gone."""

    announcement: RowId


@button("u:w:{announcement}")
class MendAnnouncement(Button):
    """Write an announcement again that has gone."""

    announcement: RowId


@button("u:t:{announcement}")
class WithdrawAnnouncement(Button):
    """Take an announcement back that has gone."""

    announcement: RowId


@button("w:", opens=True)
class ChooseWeekly(Button):
    """When and how the weekly summary comes."""


@button("y:")
class WriteOwnLine(Button):
    """Write the commune's own line above it."""


@button("a:connect", by=For.STRANGERS)
class ConnectPhone(Button):
    """Use another phone or channel too."""


@button("c:g:{place}", opens=True)
class ShowQuality(OfPlace):
    """A look back at last month's reports below a unit."""


@button("o:l:{first}", opens=True)
class ShowHanded(Button):
    """What an officer may lock, from the one of this number on."""

    first: Position = 0


@button("o:o:{lock}", opens=True)
class AskReopening(Button):
    """Why is a locked period to be opened again?"""

    lock: RowId


@button("h:a:{place}", opens=True)
class AskDeputy(OfPlace):
    """Who reports in the stead of a village's head, and until when?"""


@button("r:s:{place}", opens=True)
class ShowStaff(OfPlace):
    """The officers of a unit, for those above it."""


@button("a:phone", by=For.PERSONS)
class GiveNumber(Button):
    """Give, change or take back the number on which others may call."""


@button("x:w:{report}:{number}", opens=True)
class WriteAboutReport(Button):
    """Have words about the figure of this number of a report, 0 for the whole."""

    report: ShortId
    number: Position = 0


@button("x:n:{announcement}", opens=True)
class WriteAboutAnnouncement(Button):
    """Have words about an announcement, with who made it."""

    announcement: RowId


@button("a:r", by=For.PERSONS, opens=True)
class ShowRights(Button):
    """What one may ask for about one's own data."""


@button("c:y:{report}", reporting=True)
class SayRight(Button):
    """What was sent on one's behalf is right."""

    report: ShortId


@button("c:n:{report}", reporting=True)
class SayWrong(Button):
    """It is not."""

    report: ShortId


@button("z:s:{emergency}")
class StillOpen(Button):
    """It goes on."""

    emergency: RowId


@button("z:h:{emergency}")
class PassOn(Button):
    """The words that are held are for whoever raised this emergency."""

    emergency: RowId


@button("z:l")
class DropWords(Button):
    """The words that were held last are for nobody there."""


@button("z:g:{emergency}")
class CloseWithThese(Button):
    """An officer closes it with the words that they wrote last."""

    emergency: RowId
