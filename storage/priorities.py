"""In which order the outbox is sent: lower goes first. Alarms are -1, reminders 1 and broadcasts 2."""

from typing import Final

ASKED_FOR: Final = 0
"""What answers somebody; alarms have a lower one, what nobody asked for a higher."""
IN_DANGER: Final = -2
"""What answers somebody about an emergency: like an alarm it waits for no pace and no allowance."""
ANSWERS: Final = (ASKED_FOR, IN_DANGER)
"""All that answers somebody."""
