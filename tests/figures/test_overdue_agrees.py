"""What an officer counts as overdue is what the heads are told, what was late before they came, and what villages without a
head owe; letters, lists and screens say the same, whoever came when and whatever is locked.
"""

import re
from collections import Counter
from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from random import Random

import pytest
from sqlmodel import select

from figures import due, overdue
from figures.coverage import Owed, cover, villages
from figures.hearing import Hearing
from handlers.broadcasts import of_village
from handlers.letters import recipients
from handlers.screens import reported
from handlers.screens.village import page as village_page
from handlers.viewer import Viewer
from storage import place_events
from storage.place_rules import New, Ruling
from storage.session import Session
from storage.tables import Level, PeriodLock, Place, Role, RoleName
from tests.handlers.chatting import ZONE, Town, plain, send_report

pytestmark = pytest.mark.parametrize("kind", ["sqlite"])
DAY = timedelta(days=1)
HEADS = {"a": "Nà Hin", "b": "Bản Pàu"}
HEADLESS = "Nà Lốc"
NEW = "Sáo Liền"
FORMS = ("nuoc-sach", "nha-o", "y-te", "giao-duc")


@pytest.mark.parametrize("seed", range(2))
async def test_an_officers_count_is_that_of_the_heads_and_of_what_nobody_is_told(
    town: Town, seed: int
) -> None:
    random, counts = Random(seed), Counter[str]()
    await town.enrolled("xa", "Vĩnh Thông", RoleName.COMMUNE_OFFICER, "Nông Văn Tài")
    for address, name in HEADS.items():
        await town.enrolled(address, name, RoleName.VILLAGE_HEAD, "Lý A Sử")
    for _ in range(3):
        town.now = datetime.combine(date(2026, 12, 1) + random.randrange(120) * DAY, time(8), ZONE)
        await town.storage.write(lambda session: let_heads_come(session, random, town.now))
        for name in (*HEADS.values(), HEADLESS):
            await send_report(town, random.choice(FORMS), name, {}, random.randrange(2))
        counts += await compared(town)
        await town.storage.write(lambda session: lock_one(session, town, random))
        counts += await compared(town)
    assert min(counts["told"], counts["before"], counts["headless"]) > 0, counts
    await town.storage.write(lambda session: merge_two(session, town, random))
    await compared(town, ("Nà Hin", NEW))
    await send_report(town, random.choice(FORMS), NEW, {})
    await compared(town, ("Nà Hin", NEW))


async def is_covered_alike(officer: Viewer, commune: Place, ids: list[int]) -> None:
    """The officer's lists count who is expected and who has reported as the figures do."""
    active = await officer.library.active_forms(officer.session)
    for form in FORMS:
        entry = officer.plans.entry(form)
        assert entry is not None
        known = await Hearing(officer, (), questions=active[form][1].question_names).all([commune])
        for heard in known:
            if heard.period is not None and heard.by == Level.VILLAGE:
                [listed] = await cover(officer, ids, [Owed(active[form][1], heard.period, entry)])
                assert (listed.expected, listed.reported) == (heard.covered.expected, heard.covered.fresh)


async def merge_two(session: Session, town: Town, random: Random) -> None:
    """A village without a head and another become a new one: of what was due before, it is late with nothing."""
    two = [await session.get_one(Place, town.places[name]) for name in (HEADLESS, "Bản Pàu")]
    day = town.now.date() - random.randrange(10, 40) * DAY
    await place_events.merge(session, two, New("thôn", NEW), Ruling(day, "NQ 2", town.now))
    [made] = await session.exec(select(Place).where(Place.name == NEW))
    town.places[NEW] = made.id


async def let_heads_come(session: Session, random: Random, now: datetime) -> None:
    """Each head came on some day of the last months."""
    for role in await session.exec(select(Role).where(Role.role == RoleName.VILLAGE_HEAD)):
        role.since = now - random.randrange(150) * DAY
        session.add(role)


async def lock_one(session: Session, town: Town, random: Random) -> None:
    """The commune's reports of one questionnaire are final for its last period but one."""
    entry = town.dispatch.library.plans.entry(form := random.choice(FORMS))
    assert entry is not None
    period, place_id = entry.period(town.now.date()).previous(), town.places["Vĩnh Thông"]
    known = await session.exec(
        select(PeriodLock).where(PeriodLock.form_name == form, PeriodLock.period == period.key)
    )
    if not known.all():
        session.add(
            PeriodLock(place_id=place_id, form_name=form, period=period.key, role="x", locked_at=town.now)
        )


async def is_told_alike(officer: Viewer, village: Place) -> None:
    """A village's page names what is overdue also where it says so in one line."""
    whole, brief = [plain(await village_page(officer, village, brief=one)) for one in (False, True)]
    assert [form for form in re.findall(r"⚠️ (.+): quá hạn", whole) if form not in brief] == []


async def compared(town: Town, names: Sequence[str] = (*HEADS.values(), HEADLESS)) -> Counter[str]:
    """The officer's count beside those of the villages, by who is told."""
    counts: Counter[str] = Counter()
    async with town.storage.reading() as session:
        everybody = {
            one.contact.address: one.viewer(session, town.dispatch.library, town.now)
            for one in (await recipients(session, 0))[0]
        }
        officer = everybody["xa"]
        for name in names:
            village = await session.places.get(town.places[name])
            assert village is not None
            await is_told_alike(officer, village)
            head = next((view for to, view in everybody.items() if HEADS.get(to) == name), None)
            asked = [one for one in await due.asked_of(head or officer, village) if one.late(officer.now)]
            if head is None:
                counts["headless"] += len(asked)
                continue
            own = [one for one in asked if not due.is_inherited(head, one)]
            counts += Counter(told=len(own), before=len(asked) - len(own))
            said = re.findall(r"Còn (\d+) phiếu quá hạn", of_village.asked(head, own, own, ()))
            assert said == ([str(len(own))] if own else [])
        commune = await session.places.get(town.places["Vĩnh Thông"])
        assert commune is not None
        ids = [village.id for village in await villages(officer, commune)]
        known = await overdue.counted(officer, await overdue.late(officer, ids))
        assert (known.told, known.before, known.headless) == tuple(
            counts[part] for part in ("told", "before", "headless")
        )
        await is_covered_alike(officer, commune, ids)
        page = plain(await reported.unit_page(officer, commune))
        assert re.findall(r"(\d+) báo cáo đã quá hạn", page) == (
            [str(known.reports)] if known.reports else []
        )
    return counts
