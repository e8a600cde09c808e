"""In which order the outbox is sent: lower goes first. Alarms are -1, reminders 1 and broadcasts 2."""

from typing import Final

ASKED_FOR: Final = 0
"""The priority of answers; alarms have a lower one, unasked messages a higher one."""
IN_DANGER: Final = -2
"""The priority of answers about an emergency: like alarms they wait for no pace and no allowance."""
ANSWERS: Final = (ASKED_FOR, IN_DANGER)
"""The priorities of all answers."""
