"""What chats and interviews keep as JSON is read as the release before wrote it, and no such value stops a chat."""

from datetime import UTC, date, datetime
from typing import Any, Final

import pytest

from storage.interview_notes import Answered, InterviewNotes
from storage.kept import (
    VERSION,
    Album,
    AnnouncementWanted,
    ClosingWanted,
    EnrolmentOffer,
    KeptOffer,
    KeptQuestion,
    LeaveWanted,
    LineText,
    Link,
    MendedText,
    MoreWanted,
    NameWanted,
    OfficersClosingWanted,
    OtherWordsWanted,
    OwnLineWanted,
    Screen,
    ShownButton,
)

NOTES: Final[dict[str, Any]] = {
    "place": "thôn Nà Hin (giả lập)",
    "level": "thon",
    "until": "2026-12-07",
    "contact": 5,
    "at": "x",
    "asked": "Câu 3/7. Bao nhiêu hộ đang dùng nước hợp vệ sinh?",
    "choices": ["co", "khong"],
    "multiple": True,
    "picked": ["co"],
    "candidates": ["109", 110],
    "tries": 2,
    "told": ["/data/nuoc_hvs"],
    "answers": [["/data/nuoc_ho", 17, "m17"], ["/data/nuoc_hvs", 19, ""]],
    "offer_unchanged": True,
}
"""As release 0.2.0 wrote it."""


def test_an_interview_of_the_release_before_goes_on_as_it_was() -> None:
    notes = InterviewNotes.read(NOTES)
    assert notes == InterviewNotes(
        place="thôn Nà Hin (giả lập)",
        level="thon",
        until=date(2026, 12, 7),
        contact=5,
        at="x",
        asked=NOTES["asked"],
        choices=("co", "khong"),
        multiple=True,
        picked=("co",),
        candidates=("109", 110),
        tries=2,
        told=("/data/nuoc_hvs",),
        answers=(Answered("/data/nuoc_ho", 17, "m17"), Answered("/data/nuoc_hvs", 19, "")),
        offer_unchanged=True,
    )
    assert notes.to_json() == {"version": VERSION, **NOTES}
    assert InterviewNotes.read(notes.to_json()) == notes


def test_nothing_kept_is_nothing_written() -> None:
    assert InterviewNotes.read({}) == InterviewNotes()
    assert InterviewNotes().to_json() == {}


def test_a_field_that_cannot_be_read_is_forgotten_alone() -> None:
    notes = InterviewNotes.read(
        {**NOTES, "answers": [["/data/x"]], "until": "mai", "at": "?", "of_tomorrow": 1}
    )
    assert (notes.answers, notes.until, notes.at) == ((), None, "")
    assert (notes.place, notes.tries) == ("thôn Nà Hin (giả lập)", 2)


AT = "2026-11-18T09:40:00+07:00"
MOMENT = datetime(2026, 11, 18, 2, 40, tzinfo=UTC)
SCREENS: Final[tuple[tuple[dict[str, Any], Screen], ...]] = (
    (
        {"choices": [["45 hộ", "q:1f:3:c0"]], "actions": [["Lùi", "q:1f:3:b"]]},
        Screen(choices=(ShownButton("45 hộ", "q:1f:3:c0"),), actions=(ShownButton("Lùi", "q:1f:3:b"),)),
    ),
    ({"expects": {"dialogue": "name"}}, Screen(expects=NameWanted())),
    ({"expects": {"dialogue": "name", "after": "enrol"}}, Screen(expects=NameWanted(after="enrol"))),
    ({"expects": {"dialogue": "leave"}}, Screen(expects=LeaveWanted())),
    (
        {"expects": {"dialogue": "announce", "place": 7, "to": "heads"}},
        Screen(expects=AnnouncementWanted(7, "heads")),
    ),
    (
        {"expects": {"dialogue": "announce", "place": 7, "to": "heads", "form": "thiet-hai"}},
        Screen(expects=AnnouncementWanted(7, "heads", "thiet-hai")),
    ),
    ({"expects": {"dialogue": "announce_edit", "id": 3}}, Screen(expects=OtherWordsWanted(3))),
    ({"expects": {"dialogue": "emergency", "id": 3}}, Screen(expects=MoreWanted(3))),
    (
        {"expects": {"dialogue": "emergency_close", "id": 3, "asked": AT}},
        Screen(expects=ClosingWanted(3, MOMENT)),
    ),
    (
        {"expects": {"dialogue": "emergency_officers_close", "id": 3, "asked": MOMENT.isoformat()}},
        Screen(expects=OfficersClosingWanted(3, MOMENT)),
    ),
    ({"expects": {"dialogue": "own_line", "place": 7}}, Screen(expects=OwnLineWanted(7))),
    ({"offer": {"key": "i12", "rows": [12], "who": -1}}, Screen(offer=EnrolmentOffer("i12", (12,), -1))),
    ({"link": {"hash": "ab", "until": AT, "person": 4}}, Screen(link=Link("ab", MOMENT, 4))),
    (
        {
            "questions": [
                {"n": 2, "query": {"intent": "figure"}, "at": AT, "words": "w", "offers": [["place", "7"]]}
            ]
        },
        Screen(questions=(KeptQuestion(2, {"intent": "figure"}, MOMENT, "w", (KeptOffer("place", "7"),)),)),
    ),
    ({"album": {"mark": "x", "words": True, "said": [1, 2]}}, Screen(album=Album("x", True, (1, 2)))),
    ({"announce_edit": {"id": 3, "text": "Họp"}}, Screen(announce_edit=MendedText(3, "Họp"))),
    ({"own_line": {"place": 7, "text": "Họp"}}, Screen(own_line=LineText(7, "Họp"))),
)
"""What release 0.2.0 kept with chats, and what it means."""


@pytest.mark.parametrize(("body", "screen"), SCREENS)
def test_a_chat_of_the_release_before_goes_on_as_it_was(body: dict[str, Any], screen: Screen) -> None:
    assert Screen.read(body) == screen
    assert Screen.read(screen.to_json()) == screen
    assert screen.to_json().keys() == body.keys() | {"version"}


def test_a_chat_forgets_a_dialogue_that_it_does_not_know_and_keeps_its_buttons() -> None:
    screen = Screen.read(
        {"expects": {"dialogue": "of_tomorrow"}, "choices": [["Có", "q:1f:3:c0"]], "said": "x"}
    )
    assert screen == Screen(choices=(ShownButton("Có", "q:1f:3:c0"),))
