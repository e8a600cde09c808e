"""Times of day as people say them."""

from datetime import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from questionnaires.answers.clock import time_said

SAID = {
    (7, 30): ("7:30", "07h30", "7 giờ 30", "7g30", "7h30p", "7 giờ 30 phút", "7 giờ rưỡi", "7h rưỡi sáng", "7 gio ruoi",
              "lúc 7h30", "khoảng 7 giờ 30", "7:30 am", "7:30:00"),
    (19, 5): ("19h5", "19:05", "7h5 tối", "7 giờ 5 tối", "7:05 pm", "7h05 toi"),
    (19, 0): ("7 giờ tối", "7h tối", "7 tối", "19h", "19 giờ", "7 giờ tối".upper()),
    (6, 55): ("7h kém 5", "7 giờ kém 5 phút", "7 giờ kém 5 sáng"),
    (18, 55): ("7 giờ kém 5 tối",),
    (0, 0): ("nửa đêm", "0h", "12 giờ đêm", "12:00 am", "0:00"),
    (12, 0): ("12h trưa", "giữa trưa", "12h", "12 pm", "đúng ngọ"),
    (13, 0): ("1 giờ trưa", "1 giờ chiều", "13h"),
    (15, 0): ("3 giờ chiều", "3h chiều", "15h", "3 chiều"),
    (2, 0): ("2 giờ sáng", "2h đêm", "2 giờ khuya"),
}  # fmt: skip
NOT_SAID = ("7", "25:00", "7:60", "24h", "9 giờ chiều", "3 giờ tối", "13 giờ sáng", "12 giờ sáng", "7h kém 60", "7h kém 0",
            "sáng", "7 giờ 5 hộ", "7:30 8:30", "7,5", "30 phút", "-7h", "7h rưỡi 5", "")  # fmt: skip


@pytest.mark.parametrize(("hour", "minute"), list(SAID))
def test_a_time_is_understood(hour: int, minute: int) -> None:
    assert {text: time_said(text) for text in SAID[hour, minute]} == dict.fromkeys(
        SAID[hour, minute], time(hour, minute)
    )


@pytest.mark.parametrize("text", NOT_SAID)
def test_what_is_no_time_is_asked_again(text: str) -> None:
    assert time_said(text) is None


@given(st.times())
def test_a_time_that_is_written_reads_back(at: time) -> None:
    assert time_said(at.isoformat("seconds")) == at.replace(microsecond=0)
    assert time_said(f"{at.hour}h{at.minute}") == at.replace(second=0, microsecond=0)
