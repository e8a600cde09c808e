"""Every channel that can be served: ours, and those of other packages that are installed beside this one.

Another package names its settings as an entry point of the group `thonbao.channels`:

    [project.entry-points."thonbao.channels"]
    radio = "thonbao_radio:RadioSettings"
"""

from functools import cache
from importlib.metadata import entry_points
from typing import Final

from bot.channels.channel_settings import ChannelSettings
from bot.channels.sms_settings import SmsSettings
from bot.channels.telegram_settings import TelegramSettings
from bot.channels.zalo_bot_settings import ZaloBotSettings
from bot.channels.zalo_oa_settings import ZaloOaSettings

OURS: Final[tuple[type[ChannelSettings], ...]] = (
    TelegramSettings,
    ZaloBotSettings,
    ZaloOaSettings,
    SmsSettings,
)
GROUP: Final = "thonbao.channels"


@cache
def known_channels() -> tuple[type[ChannelSettings], ...]:
    """The settings of every channel, ours first. Raises what importing another package's raises."""
    return *OURS, *(point.load() for point in entry_points(group=GROUP))
