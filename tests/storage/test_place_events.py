"""Places merge, split, move and get other names: the tree stays a tree, the past follows, and all can be undone."""

import asyncio
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy.ext.asyncio import AsyncEngine
from sqlmodel import col, select

from handlers import place_news
from handlers.quiet import QuietHours
from questionnaires.answers.places import match_place
from questionnaires.questionnaire import Questionnaire
from storage import forms, interviews, ledger, orders, people, place_events, place_rows, submissions
from storage.database import open_engine
from storage.gazetteer import gazetteer_of
from storage.place_rules import Destination, EventRefused, New, Ruling
from storage.places import PlaceMemory
from storage.session import Session
from storage.tables import (
    AuditEntry,
    Contact,
    Level,
    Outbox,
    Person,
    Place,
    PlaceAlias,
    PlaceEdge,
    PlaceEvent,
    PlaceSuccession,
    RoleName,
)

NOW = datetime(2026, 11, 20, 8, tzinfo=UTC)
TODAY = NOW.date()
DAY = date(2026, 7, 1)
BY = Ruling(DAY, "NQ 12/NQ-HĐND", NOW)


class Region:
    """A province with two communes, of three villages and of one."""

    def __init__(self, session: Session) -> None:
        self.session = session
        self.places: dict[str, Place] = {}

    async def settle(self) -> None:
        await self.add("tn", Level.PROVINCE, "tỉnh", "Thái Nguyên", None)
        await self.add("vt", Level.COMMUNE, "xã", "Vĩnh Thông", "tn")
        await self.add("pt", Level.COMMUNE, "xã", "Phủ Thông", "tn")
        for key, name in (("na", "Nà Hin"), ("kh", "Khuổi Luông"), ("ch", "Cháo")):
            await self.add(key, Level.VILLAGE, "thôn", name, "vt")
        await self.add("pu", Level.VILLAGE, "thôn", "Pù Cà", "pt")

    async def add(self, key: str, level: Level, kind: str, name: str, parent: str | None) -> None:
        under = self.places[parent].id if parent else None
        self.places[key] = await self.session.places.add(level, kind, name, under)

    def __getitem__(self, key: str) -> Place:
        return self.places[key]

    def id(self, key: str) -> int:
        return self.places[key].id

    async def below(self, place: Place, on: date = TODAY) -> list[str]:
        return [child.name for child in await self.session.places.children(place.id, on)]

    async def rows(self) -> list[Any]:
        """Everything that says how places stand."""
        found: list[Any] = []
        for table in (Place, PlaceEdge, PlaceSuccession, PlaceAlias):
            rows = (await self.session.exec(select(table))).all()
            found.append(sorted(sorted(map(str, row.model_dump().items())) for row in rows))
        return found

    async def standing(self) -> list[Place]:
        return list(await self.session.exec(select(Place).where(col(Place.last_day).is_(None))))


@pytest.fixture
async def region(session: Session) -> Region:
    made = Region(session)
    await made.settle()
    return made


async def into(session: Session, event: PlaceEvent) -> list[Place]:
    return [await session.get_one(Place, number) for number in event.detail["into"]]


async def test_an_event_changes_the_rows_of_places_that_were_given_to_read(region: Region) -> None:
    numbers = tuple(f"#{region.id(key)}" for key in ("na", "kh"))
    order = orders.PlaceOrder("merge", DAY, BY.legal_basis, numbers, (orders.OrderPart(new="thôn Hợp Nhất"),))
    await orders.carry_out(region.session, order, NOW)
    copy = await region.session.places.get(region.id("ch"))
    assert copy is not None
    await place_events.rename(region.session, copy, "thôn", "Cháo Mới", BY)
    await region.session.flush()
    assert await region.below(region["vt"]) == ["Cháo Mới", "Hợp Nhất"]


async def test_what_a_transaction_changes_it_sees_and_others_do_not_until_it_is_committed(
    database: AsyncEngine,
) -> None:
    memory = PlaceMemory()
    async with Session(database, memory) as session, session.begin():
        made = Region(session)
        await made.settle()
    async with Session(database, memory) as reader:
        seen = await reader.places.ids_below(made.id("vt"), Level.VILLAGE, TODAY)
        assert seen == {made.id(key) for key in ("na", "kh", "ch")}
    async with Session(database, memory) as session, session.begin():
        assert await session.places.ids_below(made.id("vt"), Level.VILLAGE, TODAY) == seen
        await place_events.move(session, [made["na"]], made["pt"], BY)
        mine = await session.places.ids_below(made.id("vt"), Level.VILLAGE, TODAY)
        assert mine == seen - {made.id("na")}
        assert memory.facts["tree", TODAY].of_level(made.id("vt"), Level.VILLAGE) == seen
        await session.rollback()
    async with Session(database, memory) as reader:
        assert await reader.places.ids_below(made.id("vt"), Level.VILLAGE, TODAY) == seen


async def test_villages_merge_into_a_new_one_that_their_reports_follow(region: Region) -> None:
    event = await place_events.merge(
        region.session, [region["na"], region["kh"]], New("thôn", "Hợp Nhất"), BY
    )
    (new,) = await into(region.session, event)
    assert await region.below(region["vt"]) == ["Cháo", "Hợp Nhất"]
    assert await region.below(region["vt"], DAY - timedelta(1)) == ["Cháo", "Khuổi Luông", "Nà Hin"]
    assert (region["na"].last_day, new.first_day) == (DAY - timedelta(1), DAY)
    assert new.id in await region.session.places.ground(region.id("na"), NOW.date())
    steps = await region.session.places.successions(new.id)
    assert [(old.name, step.whole, step.legal_basis) for step, old, _ in steps] == [
        ("Nà Hin", True, "NQ 12/NQ-HĐND"),
        ("Khuổi Luông", True, "NQ 12/NQ-HĐND"),
    ]
    entry = (await region.session.exec(select(AuditEntry))).one()
    assert (entry.action, entry.subject) == ("place.merge", f"event:{event.id}")


async def test_a_village_may_go_into_one_that_goes_on(region: Region) -> None:
    event = await place_events.merge(region.session, [region["na"], region["kh"]], region["kh"], BY)
    assert [place.id for place in await into(region.session, event)] == [region.id("kh")]
    assert (region["na"].last_day, region["kh"].last_day) == (DAY - timedelta(1), None)


async def test_communes_merge_with_all_that_lies_in_them(region: Region) -> None:
    event = await place_events.merge(region.session, [region["vt"], region["pt"]], New("xã", "Thông"), BY)
    (new,) = await into(region.session, event)
    assert await region.below(new) == ["Cháo", "Khuổi Luông", "Nà Hin", "Pù Cà"]
    assert await region.below(region["tn"]) == ["Thông"]
    steps = await place_events.moved(region.session, event)
    moved = {step.child_id: (step.old_parent_id, step.new_parent_id) for step in steps}
    assert moved[region.id("pu")] == (region.id("pt"), new.id)
    assert moved[region.id("pt")] == (region.id("tn"), None)


async def test_a_split_needs_a_decision_for_each_village(region: Region) -> None:
    parts: list[Destination] = [region["vt"], New("xã", "Mới"), region["pt"]]
    decisions = {region.id("na"): 1, region.id("kh"): 0}
    before = await region.rows()
    with pytest.raises(EventRefused) as refused:
        await place_events.split(region.session, region["vt"], parts, decisions, BY)
    assert (refused.value.code, refused.value.data) == ("undecided", {"names": "thôn Cháo"})
    assert await region.rows() == before
    decisions[region.id("ch")] = 2
    event = await place_events.split(region.session, region["vt"], parts, decisions, BY)
    _, new, _ = await into(region.session, event)
    assert [await region.below(place) for place in (region["vt"], new, region["pt"])] == [
        ["Khuổi Luông"],
        ["Nà Hin"],
        ["Cháo", "Pù Cà"],
    ]
    assert region["vt"].last_day is None


async def test_an_old_name_and_its_type_word_still_find_the_place(region: Region) -> None:
    await place_events.rename(region.session, region["vt"], "phường", "Thông Mới", BY)
    gazetteer = await gazetteer_of(region.session)
    for words in ("thong moi", "phường Thông Mới", "xã Vĩnh Thông", "vinh thong", "Vĩnh Thông"):
        assert [unit.id for unit in match_place(words, gazetteer).units] == [region.id("vt")], words
        assert [p.id for p in await region.session.places.find(words, NOW.date())] == [region.id("vt")]
    assert match_place("phường Vĩnh Thông", gazetteer).status == "none"
    assert await region.session.places.find("phường Vĩnh Thông", NOW.date()) == []


Try = Callable[[Region], Any]
LATER = Ruling(date(2026, 11, 21), "NQ 1", NOW)


@pytest.mark.parametrize(
    ("code", "attempt"),
    [
        ("few", lambda r: place_events.merge(r.session, [r["na"], r["na"]], New("thôn", "A"), BY)),
        ("few", lambda r: place_events.merge(r.session, [r["na"]], r["na"], BY)),
        ("levels", lambda r: place_events.merge(r.session, [r["na"], r["vt"]], New("xã", "A"), BY)),
        ("level", lambda r: place_events.rename(r.session, r["tn"], "tỉnh", "A", BY)),
        ("no_basis", lambda r: place_events.rename(r.session, r["na"], "thôn", "A", Ruling(DAY, " ", NOW))),
        ("future", lambda r: place_events.rename(r.session, r["na"], "thôn", "A", LATER)),
        ("same_name", lambda r: place_events.rename(r.session, r["na"], "thôn", "Nà Hin", BY)),
        ("name", lambda r: place_events.rename(r.session, r["na"], "thôn", "…", BY)),
        ("taken", lambda r: place_events.rename(r.session, r["na"], "thôn", "CHÁO", BY)),
        ("taken", lambda r: place_events.merge(r.session, [r["na"], r["kh"]], New("thôn", "Cháo"), BY)),
        ("which_parent", lambda r: place_events.merge(r.session, [r["na"], r["pu"]], New("thôn", "A"), BY)),
        ("already", lambda r: place_events.move(r.session, [r["na"]], r["vt"], BY)),
        ("under_level", lambda r: place_events.move(r.session, [r["vt"]], r["na"], BY)),
        ("under_level", lambda r: place_events.move(r.session, [r["na"]], r["tn"], BY)),
        ("few_parts", lambda r: place_events.split(r.session, r["na"], [New("thôn", "A")], {}, BY)),
        ("few_parts", lambda r: place_events.split(r.session, r["na"], [r["kh"], r["kh"]], {}, BY)),
    ],
)
async def test_what_cannot_be_is_refused_and_changes_nothing(region: Region, code: str, attempt: Try) -> None:
    before = await region.rows()
    with pytest.raises(EventRefused) as refused:
        await attempt(region)
    assert refused.value.code == code
    if code not in ("which_parent",):
        assert await region.rows() == before


async def test_a_day_before_a_later_change_or_of_a_closed_place_is_refused(region: Region) -> None:
    await place_events.move(region.session, [region["na"]], region["pt"], BY)
    earlier = Ruling(DAY - timedelta(9), "NQ 1", NOW)
    with pytest.raises(EventRefused, match="later_change"):
        await place_events.merge(region.session, [region["na"], region["pu"]], region["pu"], earlier)
    await place_events.merge(region.session, [region["na"], region["pu"]], region["pu"], BY)
    with pytest.raises(EventRefused, match="closed"):
        await place_events.rename(region.session, region["na"], "thôn", "A", BY)


# --- undoing --------------------------------------------------------------------------------------------


async def report(session: Session, form: Questionnaire, place_id: int, period: str, now: datetime) -> None:
    person = Person(name="")
    session.add(person)
    await session.flush()
    stored = (await forms.versions(session, form.name))[0]
    row = await interviews.start(
        session,
        person_id=person.id,
        place_id=place_id,
        form_id=stored.id,
        form_name=form.name,
        period=period,
        state={},
        now=now,
    )
    await submissions.send(session, row, form, {"/data/ho": "25"}, now)


async def test_an_event_is_undone_until_something_reports_under_it(
    region: Region, small_form: Questionnaire
) -> None:
    session = region.session
    await forms.save_form(session, small_form)
    await report(session, small_form, region.id("na"), "2026-W20", NOW - timedelta(hours=1))
    before = await region.rows()
    moving = await place_events.move(session, [region["na"]], region["pt"], BY)
    await place_events.undo(session, moving, NOW)
    assert await region.rows() == before
    with pytest.raises(EventRefused, match="undone"):
        await place_events.undo(session, moving, NOW)
    moving = await place_events.move(session, [region["na"]], region["pt"], BY)
    naming = await place_events.rename(session, region["na"], "thôn", "Mới", BY)
    with pytest.raises(EventRefused, match="later_event"):
        await place_events.undo(session, moving, NOW)
    await place_events.undo(session, naming, NOW)
    await report(session, small_form, region.id("kh"), "2026-W40", NOW + timedelta(hours=1))
    await report(session, small_form, region.id("na"), "2026-W40", NOW + timedelta(hours=1))
    with pytest.raises(EventRefused, match="reported"):
        await place_events.undo(session, moving, NOW)
    assert await ledger.verify(session) == []


async def test_a_new_place_with_people_is_not_undone(region: Region) -> None:
    event = await place_events.merge(region.session, [region["na"], region["kh"]], New("thôn", "A"), BY)
    (new,) = await into(region.session, event)
    contact = await people.create_contact(region.session, "test", "1")
    await people.enrol(region.session, contact, new.id, RoleName.VILLAGE_HEAD, "Lý A Sử", NOW)
    with pytest.raises(EventRefused, match="in_use"):
        await place_events.undo(region.session, event, NOW)


STEPS = st.lists(
    st.tuples(
        st.sampled_from(["merge", "split", "move", "rename"]),
        st.sampled_from(["thon", "xa"]),
        st.integers(0, 99),
        st.integers(0, 99),
        st.integers(0, 120).map(lambda days: DAY + timedelta(days)),
    ),
    max_size=6,
)
Step = tuple[str, str, int, int, date]


async def take(region: Region, step: Step) -> PlaceEvent | None:
    """One random event, where it can be."""
    work, level, first, second, day = step
    ruling, session = Ruling(day, "NQ 1", NOW), region.session
    some = sorted((p for p in await region.standing() if p.level == level), key=lambda p: p.id)
    one, other = some[first % len(some)], some[second % len(some)]
    new = New(one.kind, f"Mới {first} {second} {day:%d %m}")
    try:
        if work == "merge":
            return await place_events.merge(session, [one, other], other if first % 2 else new, ruling)
        if work == "split":
            children = await session.places.children(one.id, day)
            decisions = {child.id: number % 2 for number, child in enumerate(children)}
            return await place_events.split(
                session, one, [new, one if first % 2 else other], decisions, ruling
            )
        if work == "move":
            communes = [p for p in await region.standing() if p.level == Level.COMMUNE]
            return await place_events.move(session, [one], communes[second % len(communes)], ruling)
        return await place_events.rename(session, one, one.kind, new.name, ruling)
    except EventRefused:
        return None


async def history(url: str, steps: list[Step], form: Questionnaire) -> tuple[bool, bool, int]:
    """Whether the tree stayed a tree, whether undoing everything gave it back, and how often the ledger was wrong."""
    engine = open_engine(url)
    try:
        async with Session(engine) as session:
            region = Region(session)
            await region.settle()
            await forms.save_form(session, form)
            for key in ("na", "kh", "ch", "pu", "vt"):
                await report(session, form, region.id(key), "2026-W20", NOW - timedelta(days=1))
                await report(session, form, region.id(key), "2026-W35", NOW - timedelta(days=1))
            session.expire_all()
            before = await region.rows()
            events: list[PlaceEvent] = []
            wrong, tree = 0, True
            for step in steps:
                async with session.begin_nested() as point:
                    event = await take(region, step)
                    if event is None:
                        await point.rollback()
                if event is not None:
                    events.append(event)
                wrong += len(await ledger.verify(session))
                tree = tree and await is_tree(region)
            for day in {day for *_, day in steps}:
                tree = tree and await is_held_by_the_same(region, day)
            for event in reversed(events):
                await place_events.undo(session, event, NOW)
                wrong += len(await ledger.verify(session))
            session.expire_all()
            return tree, await region.rows() == before, wrong
    finally:
        await engine.dispose()


async def is_tree(region: Region) -> bool:
    """Each unit that stands, but the top, lies in just one, which stands too."""
    standing = {place.id for place in await region.standing()}
    edges = await region.session.exec(select(PlaceEdge).where(col(PlaceEdge.last_day).is_(None)))
    parents = [(edge.child_id, edge.parent_id) for edge in edges]
    children = [child for child, _ in parents]
    return (
        len(children) == len(set(children)) == len(standing) - 1
        and standing >= {parent for _, parent in parents}
        and standing >= set(children)
    )


async def is_held_by_the_same(region: Region, day: date) -> bool:
    """Each place lies on the ground of the same units, whether its parent's are remembered or it is looked up by itself."""
    places, session = region.session.places, region.session
    await places.tree(day)
    for id in (await session.exec(select(Place.id))).all():
        if set(await places.holders(id, day)) != set(await place_rows.holders(session, id, day)):
            return False
    return True


@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(steps=STEPS)
def test_after_any_events_the_tree_is_a_tree_and_undoing_all_gives_it_back(
    database_url: str, kind: str, small_form: Questionnaire, steps: list[Step]
) -> None:
    """Nothing is committed, so that every history begins with an empty database."""
    if kind == "sqlite":
        assert asyncio.run(history(database_url, steps, small_form)) == (True, True, 0)


# --- telling people -------------------------------------------------------------------------------------


async def test_the_heads_and_officers_concerned_are_told_once_in_their_language(region: Region) -> None:
    session = region.session
    chats: dict[str, Contact] = {}
    roles = [("na", RoleName.VILLAGE_HEAD), ("ch", RoleName.VILLAGE_HEAD), ("vt", RoleName.COMMUNE_OFFICER)]
    for key, role in roles:
        chats[key] = await people.create_contact(session, "test", key)
        await people.enrol(session, chats[key], region.id(key), role, "", NOW)
    chats["na"].locale = "en"
    event = await place_events.merge(session, [region["na"], region["kh"]], New("thôn", "Hợp <Nhất>"), BY)
    assert await place_news.announce(session, event, NOW, QuietHours()) == 2
    await session.flush()
    messages = {row.contact_id: row.body["text"] for row in await session.exec(select(Outbox))}
    assert messages.keys() == {chats["na"].id, chats["vt"].id}
    assert messages[chats["vt"].id] == (
        "Từ 01/07/2026, thôn Nà Hin, thôn Khuổi Luông nhập vào thôn Hợp &lt;Nhất&gt; (căn cứ: NQ 12/NQ-HĐND)."
    )
    assert "thôn Nà Hin is no longer a place of its own" in messages[chats["na"].id]
    concerned = await place_news.readers(session, event)
    await place_events.undo(session, event, NOW)
    assert await place_news.take_back(session, event, concerned, NOW, QuietHours()) == 2


# --- orders in words ------------------------------------------------------------------------------------


async def test_a_list_groups_its_rows_into_events(region: Region) -> None:
    head = "Việc;Ngày;Căn cứ;Địa bàn;Vào;Lập mới;Thuộc;Gồm\n"
    rows = [
        "tách;01/07/2026;NQ 1;Vĩnh Thông;;xã Thượng;;",
        "sáp nhập;02/07/2026;NQ 2;#{na};;thôn Hợp Nhất;;",
        "tách;01/07/2026;NQ 1;Vĩnh Thông;;xã Hạ;;",
        "sáp nhập;02/07/2026;NQ 2;Khuổi Luông;;thôn Hợp Nhất;;",
    ]
    gom = ['"Nà Hin; Khuổi Luông"', "", "cháo", ""]
    lines = [f"{row}{villages}" for row, villages in zip(rows, gom, strict=True)]
    text = head + "\n".join(lines).format(na=region.id("na"))
    carried = await orders.load(region.session, text.encode(), "a.csv", NOW)
    assert carried.faults == []
    assert [event.kind for event in carried.events] == ["split", "merge"]
    above, below_ = await into(region.session, carried.events[0])
    assert (await region.below(above), await region.below(below_)) == (["Hợp Nhất"], ["Cháo"])


# --- the first and the last day -------------------------------------------------------------------------


async def test_a_closed_unit_is_itself_to_its_last_day_and_its_ground_from_the_next(
    session: Session,
) -> None:
    region = Region(session)
    await region.settle()
    ids = {key: place.id for key, place in region.places.items()}
    await place_events.merge(session, [region.places["na"], region.places["kh"]], region.places["kh"], BY)
    closed = [ids["na"]]
    assert await ledger.parts_of(session, closed, DAY - timedelta(days=1)) == {ids["na"]: [ids["na"]]}
    assert await ledger.parts_of(session, closed, DAY) == {ids["na"]: [ids["kh"]]}


async def test_a_part_lies_in_another_from_the_first_day_of_its_edge_to_the_last(
    session: Session,
) -> None:
    region = Region(session)
    await region.settle()
    ids = {key: place.id for key, place in region.places.items()}
    await place_events.move(session, [region.places["pu"]], region.places["vt"], BY)
    eve, both = DAY - timedelta(days=1), [ids["pu"], ids["vt"]]
    assert await ledger.tops(session, both, eve) == sorted(both)
    assert await ledger.tops(session, both, DAY) == [ids["vt"]]
    both = [ids["pu"], ids["pt"]]
    assert await ledger.tops(session, both, eve) == [ids["pt"]]
    assert await ledger.tops(session, both, DAY) == sorted(both)
