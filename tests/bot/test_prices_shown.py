"""What a message costs is shown in a preview as its channel would charge it, and foretold no lower than screens take."""

from datetime import timedelta

import pytest

from bot.channels.base import LastWrote
from bot.channels.sms_settings import SmsSettings
from bot.channels.zalo_oa_settings import ZaloOaSettings
from bot.commands.cost import AROUND
from handlers.wording import wording

SAY = wording("vi")


def shown(silence: timedelta | None, *, budget: int = 0, template: str = "", priority: int = 0) -> str:
    settings = ZaloOaSettings(budget=budget, template_id=template)
    return settings.look().cost("", SAY, LastWrote(silence, priority))


@pytest.mark.parametrize(
    ("silence", "sentence"),
    [
        (timedelta(hours=1), "không mất tiền"),
        (timedelta(days=3), "chờ, chưa gửi"),
        (timedelta(days=8), "chưa gửi được"),
    ],
)
def test_a_preview_says_when_the_window_is_closed(silence: timedelta, sentence: str) -> None:
    assert sentence in shown(silence)


def test_a_preview_says_what_is_billed() -> None:
    assert "(55 đồng" in shown(timedelta(days=3), budget=1000)
    assert "(55 đồng" in shown(timedelta(days=3), priority=-1), "an emergency goes, whatever the budget"
    assert "200 đồng: tin mẫu" in shown(timedelta(days=8), budget=1000, template="t1")
    assert "chưa từng nhắn" in shown(None, budget=1000)


def test_a_month_by_sms_is_foretold_no_lower_than_a_report_takes() -> None:
    """A report of seven questions, played one by one, took 16 parts with its list, its read-back and its receipt."""
    parts, price = SmsSettings().foretold(7 + AROUND, 0, {"part": 350})
    assert parts >= 16
    assert price == parts * 350
