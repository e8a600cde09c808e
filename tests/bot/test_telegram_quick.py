"""The quick reading of an update agrees with the library's, or leaves the update to it."""

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from telegram import Update

from bot.channels.telegram import NAME, incoming_of
from bot.channels.telegram_quick import quick_incoming

PERSON = {"id": 7, "is_bot": False, "first_name": "A", "language_code": "vi-VN"}
CHAT = {"id": 7, "type": "private", "first_name": "A"}
TEXT: dict[str, Any] = {"message_id": 5, "date": 1_790_000_000, "chat": CHAT, "from": PERSON, "text": "25 hộ"}
PRESS: dict[str, Any] = {"id": "99", "from": PERSON, "chat_instance": "1", "data": "q:1:0:b", "message": TEXT}


def both(update: dict[str, Any]) -> tuple[Any, Any]:
    """What the quick reading and the library make of `update`, with one moment for presses."""
    at = datetime(2026, 11, 20, tzinfo=UTC)
    read = [quick_incoming(NAME, update), incoming_of(Update.de_json(update, None))]
    quick, slow = (replace(incoming, at=at) if incoming and incoming.press else incoming for incoming in read)
    return quick, slow


@given(st.text(min_size=1, max_size=50), st.integers(1, 2**52), st.integers(1, 2**31 - 1))
def test_a_text_reads_alike(text: str, chat: int, date: int) -> None:
    message = {**TEXT, "text": text, "chat": {**CHAT, "id": chat}, "date": date}
    quick, slow = both({"update_id": 1, "message": message})
    assert quick == slow
    assert quick is not None


def test_a_press_reads_alike() -> None:
    quick, slow = both({"update_id": 2, "callback_query": PRESS})
    assert quick == slow
    assert quick is not None


@pytest.mark.parametrize(
    "update",
    [
        {"update_id": 1, "message": {**TEXT, "chat": {"id": -7, "type": "group", "title": "G"}}},
        {"update_id": 1, "message": {**TEXT, "photo": []}},
        {"update_id": 1, "message": {name: TEXT[name] for name in TEXT if name != "text"}},
        {"update_id": 1, "edited_message": TEXT},
        {"update_id": 1, "callback_query": {name: PRESS[name] for name in PRESS if name != "message"}},
        {"update_id": 1, "message": "nonsense"},
        {"update_id": "x", "message": TEXT},
        {"message": TEXT},
        {"update_id": 1, "message": {**TEXT, "date": "soon"}},
        {"update_id": 1, "message": {**TEXT, "date": 10**18}},
        {"update_id": 1},
    ],
)
def test_anything_else_is_left_to_the_library(update: dict[str, Any]) -> None:
    assert quick_incoming(NAME, update) is None
