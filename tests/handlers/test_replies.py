"""A reply waits in the outbox as JSON, also while the program is renewed: what earlier releases wrote is read."""

from typing import Any

import pytest
from markupsafe import Markup

from handlers.messages import Choice, Document, Picture, Reply

AS_WRITTEN: list[tuple[dict[str, Any], Reply]] = [
    ({"text": "Chào bác &amp; cả nhà"}, Reply(Markup("Chào bác &amp; cả nhà"))),
    (
        {
            "text": "Câu 3/7",
            "choices": [[["Như kỳ trước: 109 hộ", "q:1f:3:p"]]],
            "actions": [[["Lùi", "q:1f:3:b"], ["Để sau", "q:1f:3:l"]]],
            "slot": "question",
            "edits_slot": "question",
            "anew": True,
            "about": "q:1",
        },
        Reply(
            Markup("Câu 3/7"),
            ((Choice("Như kỳ trước: 109 hộ", "q:1f:3:p"),),),
            ((Choice("Lùi", "q:1f:3:b"), Choice("Để sau", "q:1f:3:l")),),
            slot="question",
            edits_slot="question",
            anew=True,
            about="q:1",
        ),
    ),
    (
        {"text": "", "picture": ["progress", {"name": "Nà Hin", "lines": [[1, "a"], None]}]},
        Reply(Markup(), picture=Picture("progress", {"name": "Nà Hin", "lines": [[1, "a"], None]})),
    ),
    (
        {"text": "", "document": ["photos/a.jpg", "a.jpg", "image/jpeg", None]},
        Reply(Markup(), document=Document("photos/a.jpg", "a.jpg", "image/jpeg")),
    ),
    (
        {
            "text": "",
            "document": ["", "bang.xlsx", "application/x", {"rows": [["a", 1]]}],
            "notice": "Đã ghi",
        },
        Reply(
            Markup(),
            document=Document("", "bang.xlsx", "application/x", {"rows": [["a", 1]]}),
            notice="Đã ghi",
        ),
    ),
]
"""Bodies as 0.1.0 and 0.2.0 wrote them."""


@pytest.mark.parametrize(("body", "reply"), AS_WRITTEN)
def test_what_earlier_releases_wrote_is_read_and_written_the_same(body: dict[str, Any], reply: Reply) -> None:
    read = Reply.from_json(body)
    assert read == reply
    assert isinstance(read.text, Markup)
    assert [type(choice) for row in (*read.choices, *read.actions) for choice in row] == [
        Choice for row in (*reply.choices, *reply.actions) for _ in row
    ]
    assert reply.to_json() == body


def test_what_controls_a_screen_is_not_stored() -> None:
    reply = Reply(Markup("Chào\u202e bác\x1b[2J"), ((Choice("Nà\u200f Hin", "m:menu"),),))
    assert reply.to_json() == {"text": "Chào bác[2J", "choices": [[["Nà Hin", "m:menu"]]]}


def test_what_a_later_release_added_is_passed_over() -> None:
    assert Reply.from_json({"text": "a", "again": True, "colour": "red"}) == Reply(Markup("a"))
