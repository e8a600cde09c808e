"""The clock of the country: by its days units are merged and renamed, and platforms count what they carry."""

from typing import Final
from zoneinfo import ZoneInfo

ZONE: Final = ZoneInfo("Asia/Ho_Chi_Minh")
