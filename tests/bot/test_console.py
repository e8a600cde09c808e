"""The terminal's channel: what a script may say, what it is shown, and which button it means."""

import json
import unicodedata
from datetime import datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st
from markupsafe import Markup

from bot.channels.base import FileTooLarge, Outgoing, SendProblem
from bot.channels.console import ConsoleChannel, ConsoleScreen, remembered_press
from bot.chat import NotUnderstood, said_from
from bot.terminal import styled
from handlers.messages import Choice, Document, MessageKind, Picture, Reply
from handlers.wording import wording

ZONE = ZoneInfo("Asia/Ho_Chi_Minh")
ASKED = Reply(
    Markup("<b>Câu 1/2</b>\nThôn A &amp; B có nước?"),
    choices=((Choice("Có", "q:1"), Choice("Không", "q:2")),),
    actions=((Choice("Lùi", "q:back"),), (Choice("Để sau", "q:later"),)),
)


def said(**body: Any) -> Any:
    return said_from(json.dumps(body), "demo:me", ZONE)


# --- what a line of a script says


@pytest.mark.parametrize(
    ("body", "kind"),
    [
        ({"text": "45 hộ"}, MessageKind.TEXT),
        ({"press": "Gửi"}, MessageKind.PRESS),
        ({"photo": "/tmp/a.jpg"}, MessageKind.PHOTO),
        ({"photo": "/tmp/a.jpg", "text": "bể nước"}, MessageKind.PHOTO),
        ({"location": [22.27, 105.9]}, MessageKind.LOCATION),
        ({"contact": "0912345678"}, MessageKind.CONTACT),
        ({"sticker": True}, MessageKind.OTHER),
        ({"voice": True}, MessageKind.OTHER),
        ({"edit": "46"}, MessageKind.EDITED),
        ({"blocked": True}, MessageKind.BLOCKED),
    ],
)
def test_each_thing_that_can_be_sent(body: dict[str, Any], kind: MessageKind) -> None:
    assert said(**body).kind is kind


def test_who_when_and_in_what_order() -> None:
    line = said(**{"from": "demo:x", "text": "a", "date": "2026-11-21T07:00", "key": "k", "order": 4})
    assert (line.contact, line.key, line.order) == ("demo:x", "k", 4)
    assert line.at == datetime(2026, 11, 21, 7, 0, tzinfo=ZONE)
    assert said(text="a").contact == "demo:me"
    assert said(text="a", date="2026-11-21T07:00:00+00:00").at.utcoffset().seconds == 0


def test_a_card_is_ones_own_unless_it_says_otherwise() -> None:
    assert said(contact="0912345678").card.own
    assert not said(contact="0912345678", own=False).card.own


@pytest.mark.parametrize(
    "line",
    [
        *("", "no", "[1]", "null", "{}", '{"text": 5}', '{"shout": "a"}', '{"text": "a", "press": "b"}'),
        *('{"location": [1]}', '{"location": [91, 0]}', '{"location": "x"}', '{"sticker": false}'),
        *('{"text": "a", "date": "tomorrow"}', '{"text": "a", "order": true}', '{"text": "a", "from": 3}'),
    ],
)
def test_a_line_that_is_no_message_is_refused_with_a_reason(line: str) -> None:
    with pytest.raises(NotUnderstood, match=r"\w"):
        said_from(line, "demo:me", ZONE)


@given(st.text())
def test_no_line_breaks_the_reading(line: str) -> None:
    try:
        outcome = said_from(line, "demo:me", ZONE).contact
    except NotUnderstood as problem:
        outcome = str(problem)
    assert outcome


# --- what is shown


@pytest.fixture
def screen(tmp_path: Path) -> ConsoleScreen:
    return ConsoleScreen(tmp_path / "console")


async def test_a_message_reaches_a_script_as_plain_composed_text_with_its_buttons(
    screen: ConsoleScreen,
) -> None:
    reply = Reply(Markup(unicodedata.normalize("NFD", str(ASKED.text))), ASKED.choices, ASKED.actions)
    await ConsoleChannel("demo", screen).send(Outgoing("x", reply))
    assert [message.to_json() for message in screen.take()] == [
        {
            "to": "demo:x",
            "text": "Câu 1/2\nThôn A & B có nước?",
            "buttons": [["Có", "Không"], ["Lùi"], ["Để sau"]],
            "photo": None,
            "document": None,
        }
    ]
    assert screen.take() == []


@pytest.mark.parametrize(("locale", "word"), [("vi", "Gõ"), ("en", "Type")])
async def test_without_buttons_choices_are_numbered_and_actions_are_words(
    screen: ConsoleScreen, locale: str, word: str
) -> None:
    channel = ConsoleChannel("demo", screen, buttons=False)
    await channel.send(Outgoing("x", ASKED))
    shown = screen.take()[0].typed_text(wording(locale))
    assert shown == [f"Câu 1/2\nThôn A & B có nước?\n\n1. Có\n2. Không\n\n{word}: Lùi · Để sau"]
    assert (channel.can.buttons, channel.can.edits, channel.can.max_text) == (
        *(False, False),
        2000,
    )


async def test_a_long_text_comes_in_parts_on_a_channel_for_short_ones(screen: ConsoleScreen) -> None:
    await ConsoleChannel("demo", screen, buttons=False).send(Outgoing("x", Reply(Markup("dòng chữ\n" * 300))))
    parts = screen.take()[0].typed_text(wording("vi"))
    assert len(parts) == 2
    assert all(len(part) <= 2000 for part in parts)


async def test_pictures_and_documents_are_files_where_the_script_can_read_them(screen: ConsoleScreen) -> None:
    channel = ConsoleChannel("demo", screen)
    await channel.send(Outgoing("x", Reply(Markup("a"), picture=Picture("progress", {})), file=b"png"))
    document = Reply(Markup("b"), document=Document("in/a.pdf", "../a.pdf", "application/pdf"))
    await channel.send(Outgoing("x", document, file=b"pdf"))
    picture, document = (message.to_json() for message in screen.take())
    assert Path(picture["photo"]).read_bytes() == b"png"
    assert Path(document["document"]).read_bytes() == b"pdf"
    assert Path(document["document"]).parent == screen.folder
    assert (picture["document"], document["photo"]) == (None, None)


async def test_a_photo_is_read_within_its_limit(screen: ConsoleScreen, tmp_path: Path) -> None:
    channel, path = ConsoleChannel("demo", screen), tmp_path / "a.jpg"
    path.write_bytes(b"12345")
    assert await channel.download(str(path), 5) == b"12345"
    with pytest.raises(FileTooLarge):
        await channel.download(str(path), 4)
    with pytest.raises(SendProblem) as gone:
        await channel.download(str(tmp_path / "b.jpg"), 5)
    assert gone.value.permanent


# --- which button is meant


async def test_a_press_means_the_newest_button_with_that_label(screen: ConsoleScreen) -> None:
    channel = ConsoleChannel("demo", screen)
    first = await channel.send(Outgoing("x", ASKED))
    second = await channel.send(Outgoing("x", Reply(Markup("b"), choices=((Choice("Có", "q:9"),),))))
    assert screen.press("demo:x", "có ") == ("q:9", second.ref)
    assert screen.press("demo:x", "Không") == ("q:2", first.ref)
    assert screen.press("demo:y", "Có") is None
    assert screen.press("demo:x", "Thôi") is None


async def test_of_two_alike_in_one_message_the_first_is_meant(screen: ConsoleScreen) -> None:
    twice = ((Choice("Chưa báo cáo", "f:1"),), (Choice("Chưa báo cáo", "f:2"),))
    sent = await ConsoleChannel("demo", screen).send(Outgoing("x", Reply(Markup("a"), choices=twice)))
    assert screen.press("demo:x", "Chưa báo cáo") == ("f:1", sent.ref)


def test_after_a_restart_the_buttons_of_the_last_message_are_still_known() -> None:
    kept = {"choices": [["Có", "q:1"]], "actions": [["Để sau", "q:later"]]}
    assert remembered_press(kept, "để sau") == "q:later"
    assert remembered_press(kept, "Thôi") is None
    assert remembered_press({}, "Có") is None


def test_markup_becomes_style_and_nothing_else() -> None:
    text = styled("<b>A &lt;b&gt;</b> [red]x[/red] <i>c</i>")
    assert text.plain == "A <b> [red]x[/red] c"
    assert [(span.start, span.end, str(span.style)) for span in text.spans] == [
        (0, 5, "bold"),
        (19, 20, "italic"),
    ]
