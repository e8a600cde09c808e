"""Which chats an urgent message reaches now: of a channel that is served, and still open after a silence."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from bot.channels.base import reaches
from bot.channels.console import ConsoleChannel, ConsoleScreen
from bot.channels.zalo_oa_settings import ZaloOaSettings
from storage.tables import Contact

NOW = datetime(2026, 11, 30, 8, tzinfo=UTC)


@pytest.mark.parametrize(
    ("channel", "silence", "template", "reached"),
    [
        ("zalo-oa", timedelta(days=3), "", True),
        ("zalo-oa", timedelta(days=8), "", False),
        ("zalo-oa", timedelta(days=8), "12", True),
        ("zalo-oa", None, "", False),
        ("telegram", timedelta(minutes=1), "", False),
    ],
)
def test_a_chat_is_reached_where_its_channel_is_served_and_open(
    channel: str, silence: timedelta | None, template: str, *, reached: bool
) -> None:
    look = ZaloOaSettings(template_id=template).look()
    served = {"zalo-oa": ConsoleChannel("zalo-oa", ConsoleScreen(Path()), look=look)}
    chat = Contact(channel=channel, address="1", last_sent_at=NOW - silence if silence is not None else None)
    assert reaches(served, chat, NOW) is reached
