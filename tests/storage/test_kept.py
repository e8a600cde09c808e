"""What chats and interviews keep as JSON is read as the release before wrote it, and no such value stops a chat."""

from datetime import date
from typing import Any, Final

from storage.kept import VERSION, Answered, InterviewNotes

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
