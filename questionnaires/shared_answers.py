"""One answer said of several questions at once: "câu 6 và câu 7 bằng 0", "hai câu cuối là 0"."""

import re
from collections.abc import Sequence
from itertools import compress
from typing import Final

from questionnaires.answers.text import fold
from questionnaires.interview import Line
from questionnaires.naming import SHORT
from questionnaires.put_right_at_once import either

BECOMES: Final = rf"\s*(?:(?:{either('together')})\s+)?(?:{either('becomes')})\s*(?P<answer>[^\s;,.]+)"
SHARED: Final = re.compile(
    rf"(?:{either('question')})\s*(?P<numbers>\d{{1,2}}"
    rf"(?:\s*(?:{either('and')})\s*(?:{either('question')})?\s*\d{{1,2}})+){BECOMES}",
    re.I,
)
"""One answer to several questions named by number: "câu 6 và câu 7 bằng 0"."""
LAST: Final = re.compile(
    rf"(?P<many>\d|{either('many')})\s+(?:{either('question')})\s+(?:{either('last')}){BECOMES}", re.I
)
"""One answer to the last questions: "hai câu cuối là 0"."""
NEXT: Final = re.compile(
    rf"(?:(?<=\d)\s+|\s+(?:{either('and')})\s+)(?=(?:{either('question')})\s*\d{{1,2}}\s*(?:{either('becomes')}))",
    re.I,
)
"""The place where the next question is named: "câu 2 thành 61 với câu 3 thành 36"."""
COUNTS: Final = {fold(word): int(count) for count, words in SHORT.lists("count").items() for word in words}


def spread(text: str, asked: Sequence[Line], open_ones: Sequence[bool]) -> str:
    """Write an answer to several questions once for each: "câu 6 và câu 7 bằng 0" becomes "6: 0; 7: 0"."""
    match = SHARED.search(text) or LAST.search(text)
    if match is None:
        return text
    if match.re is SHARED:
        numbers = list(map(int, re.findall(r"\d+", match["numbers"])))
    else:
        numbers = last_ones(match["many"].lower(), open_ones)
    lines = [f"{number}: {match['answer']}" for number in numbers if 1 <= number <= len(asked)]
    return text.replace(match[0], "; ".join(lines))


def last_ones(many: str, open_ones: Sequence[bool]) -> list[int]:
    """Return the numbers of the questions that "hai câu cuối", "mấy câu còn lại" mean: open ones if there are enough."""
    every = list(range(1, len(open_ones) + 1))
    numbers = list(compress(every, open_ones))
    count = int(many) if many.isdecimal() else COUNTS.get(fold(many), 0)
    if not numbers or count > len(numbers):
        numbers = every
    return numbers[-count:] if count else numbers
