"""What is asked of the plans themselves, and what is not: a figure is still a figure."""

import json

import pytest

from queries.frames import Missing, Plan, Progress
from queries.stored import from_json
from queries.understand import Asker, understand
from questionnaires.answers.text import bare
from tests.queries.test_corpus import ASKER, DICTIONARY, GAZETTEER, TODAY


@pytest.mark.parametrize(
    ("question", "about", "topic"),
    [
        ("định mức hỗ trợ nhà ở bao nhiêu", "norm", "hỗ trợ nhà ở"),
        ("dinh muc ho tro nha o", "norm", "nha o"),
        ("đơn vị nào chủ trì dự án 5", "agency", "dự án 5"),
        ("ai phụ trách giảm nghèo", "agency", "giảm nghèo"),
        ("Phòng Dân tộc phải làm gì trong tháng 12", "task", "phòng dân tộc"),
        ("hạn báo cáo 6 tháng", "deadline", "6 tháng"),
        ("tuần này ai phải nộp gì", "deadline", ""),
        ("chỉ tiêu nhà tạm đến 2025 là bao nhiêu", "target", "nhà tạm"),
        ("hạn nộp phiếu đường điện rác thải là hôm nào", "deadline", "đường điện rác thải"),
        ("khi nào phải nộp báo cáo đường điện", "deadline", "đường điện"),
        ("phiếu y tế đến ngày mấy là hết hạn", "deadline", "y tế"),
        ("bao h phải gửi bc năm cho Ủy ban dân tộc", "deadline", "dân tộc"),
        ("đến cuối 2025 tỷ lệ hộ nghèo DTTS phải giảm còn bao nhiêu", "target", "tỷ lệ hộ nghèo"),
        ("chỉ tiêu nước sạch đến 2025 tỉnh giao bao nhiêu", "target", "nước sạch"),
        ("năm nay phải đạt bao nhiêu % hộ có bhyt", "target", "bảo hiểm y tế"),
        ("what is the target for literacy by 2025", "target", "biết chữ"),
        ("muốn được hỗ trợ làm nhà thì mỗi hộ mấy triệu", "norm", "nhà"),
        ("ai là cơ quan thường trực chương trình", "agency", ""),
        ("tiểu dự án 2 dự án 4 giao ai", "agency", "tiểu dự án 2 dự án 4"),
        ("bao giờ thì Phủ Thông hết nhà tạm theo kế hoạch", "target", "nhà tạm"),
        ("năm nay huyện mình được giao xóa bao nhiêu nhà tạm", "target", "nhà tạm"),
        ("dự án 6 huyện mình có bao nhiêu tiền", "target", "dự án 6"),
        ("hỗ trợ téc nước thì được mấy cái một hộ", "norm", "téc nước"),
        ("kế hoạch nào nói về dược liệu", "content", "dược liệu"),
        ("kế hoạch năm 2023 của huyện giao xã làm gì về nước", "task", "nước"),
        ("phong nong nghiep phai lam j", "task", "phong nong nghiep"),
        ("định mức hỗ trợ làm nhà cho hộ nghèo là bao nhiêu tiền", "norm", "nhà hộ nghèo"),
        ("kế hoạch vốn dự án 5", "target", "dự án 5"),
        ("vốn dự án 9 tiểu dự án 2 được giao bao nhiêu", "target", "vốn dự án 9 tiểu dự án 2"),
        ("so sánh định mức hỗ trợ nhà ở giữa các tỉnh", "norm", "nhà ở"),
        ("chỉ tiêu nào hết hạn năm nay", "target", ""),
        ("chỉ tiêu nào của kế hoạch Bắc Kạn đến hạn 2030", "target", ""),
        ("tiến độ kế hoạch Bắc Giang về hộ nghèo", "target", "nghèo"),
        ("kế hoạch Bắc Giang hoàn thành bao nhiêu công trình ngầm", "target", "công trình ngầm"),
        ("kế hoạch Bắc Giang báo cáo mấy lần một năm", "deadline", ""),
    ],
)
def test_the_plans_are_asked(question: str, about: str, topic: str) -> None:
    meaning = understand(question, DICTIONARY, GAZETTEER, ASKER, TODAY)
    assert isinstance(meaning.query, Plan), meaning
    assert (meaning.status, meaning.query.about) == ("answer", about)
    assert set(topic.split()) <= set(meaning.query.topic) | {"hỗ", "trợ", "phòng", "dân"}


@pytest.mark.parametrize(
    ("question", "first", "then"),
    [
        ("kế hoạch giao hỗ trợ nhà ở mấy hộ, mỗi hộ bao nhiêu tiền", "target", ["norm"]),
        ("hỗ trợ đất sản xuất ai chủ trì, định mức bao nhiêu", "agency", ["norm"]),
        ("đào tạo nghề ai phụ trách, hạn báo cáo khi nào", "agency", ["deadline"]),
        ("mức hỗ trợ nước phân tán bao nhiêu, kế hoạch giao mấy hộ, ai làm", "norm", ["target", "agency"]),
    ],
)
def test_several_things_asked_at_once_all_stay(question: str, first: str, then: list[str]) -> None:
    meaning = understand(question, DICTIONARY, GAZETTEER, ASKER, TODAY)
    others = [from_json(json.loads(offer.value)) for offer in meaning.beside]
    asked = [one.about for one in (meaning.query, *others) if isinstance(one, Plan)]
    assert asked == [first, *then]


@pytest.mark.parametrize(
    "question",
    [
        "nhà tạm đạt chỉ tiêu chưa",
        "các chỉ tiêu giáo dục",
        "các chỉ tiêu chậm tiến độ",
        "chỉ tiêu nào sắp hết hạn",
        "tiến độ kế hoạch về nhà tạm",
    ],
)
def test_where_a_place_stands_is_no_question_about_the_plans(question: str) -> None:
    assert isinstance(understand(question, DICTIONARY, GAZETTEER, ASKER, TODAY).query, Progress)


@pytest.mark.parametrize(
    ("question", "plans", "unread"),
    [
        ("Bắc Giang đặt mục tiêu hộ nghèo thế nào", ["bac-giang-55-ctr"], []),
        ("so sánh mục tiêu nước sạch Bắc Kạn với Lạng Sơn", ["bac-kan-ctdt", "lang-son-23-ctr"], []),
        ("mục tiêu hộ nghèo của Nghệ An năm 2023", ["nghe-an-352"], []),
        ("chỉ tiêu nước sạch của Cà Mau là bao nhiêu", [], ["cà mau"]),
        ("mục tiêu hộ nghèo tái nghèo năm 2025 là bao nhiêu", [], ["tái nghèo"]),
        ("chỉ tiêu nước sạch của đồng bào Mông đến 2025", [], ["đồng bào mông"]),
        ("mục tiêu hộ nghèo năm 2025 là bao nhiêu", [], []),
    ],
)
def test_a_place_that_is_not_the_askers_is_not_dropped(
    question: str, plans: list[str], unread: list[str]
) -> None:
    """It names its plan, or the answer says that no plan here mentions it; so do other words that no table knows."""
    query = understand(question, DICTIONARY, GAZETTEER, ASKER, TODAY).query
    assert isinstance(query, Plan)
    assert (sorted(query.plans), list(query.unread)) == (plans, unread)


@pytest.mark.parametrize(
    "question",
    [
        "nước hợp vệ sinh tỉnh Bắc Kạn",
        "tỷ lệ hộ nghèo tỉnh Bắc Kạn 2025",
        "hộ nghèo bắc kạn đã đạt chỉ tiêu chưa",
    ],
)
def test_the_plan_of_a_place_that_is_not_the_askers_is_offered(question: str) -> None:
    meaning = understand(question, DICTIONARY, GAZETTEER, ASKER, TODAY)
    assert meaning.doubt == "no_place"
    offered = from_json(json.loads(meaning.offers[0].value))
    assert isinstance(offered, Plan)
    assert (offered.plans, offered.about, offered.stands) == (("bac-kan-ctdt",), "target", True)


@pytest.mark.parametrize(
    "question",
    [
        "số liệu Bạch Thông quý III đã khoá sổ chưa",
        "Bạch Thông còn thôn nào chưa báo cáo",
        "bao cao dung han bach thong",
        "hộ nghèo Bạch Thông",
        "xã nào nghèo nhất Bạch Thông",
        "bảng chỉ tiêu Bạch Thông",
    ],
)
def test_a_district_far_away_is_not_read_as_part_of_a_figures_name(question: str) -> None:
    """An indicator is called "Nhiệm vụ huyện theo kế hoạch Bạch Thông đã triển khai"; no place of Nghệ An is."""
    own = frozenset({10, 11, 14})
    far = Asker(10, {"tinh": 10, "nuoc": 1}, own, own | {1})
    meaning = understand(question, DICTIONARY, GAZETTEER, far, TODAY)
    assert (meaning.doubt, [bare(word) for word in meaning.words]) == ("no_place", ["bach", "thong"])


def test_a_question_about_the_plans_goes_on() -> None:
    """What "thế còn …" names is asked of the plans in the same way; the rest is taken over."""
    first = understand("hạn gửi báo cáo 6 tháng cho ủy ban dân tộc", DICTIONARY, GAZETTEER, ASKER, TODAY)
    second = understand("thế còn báo cáo năm", DICTIONARY, GAZETTEER, ASKER, TODAY, first.as_before)
    assert isinstance(first.query, Plan)
    assert isinstance(second.query, Plan)
    assert (first.query.every, second.query.every) == ("half", "year")
    assert (second.query.about, second.went_on) == ("deadline", True)


def test_a_target_of_nothing_is_that_of_what_was_asked_before() -> None:
    figure = understand("nhà tạm xã Vĩnh Thông", DICTIONARY, GAZETTEER, ASKER, TODAY)
    target = understand("mục tiêu là bao nhiêu", DICTIONARY, GAZETTEER, ASKER, TODAY, figure.as_before)
    assert isinstance(target.query, Plan)
    assert (target.query.indicators, target.query.places) == (("nha-tam",), figure.query.places)


def test_one_deadline_is_not_asked_between_two_readings() -> None:
    meaning = understand("hạn nộp phiếu đường, điện, rác thải", DICTIONARY, GAZETTEER, ASKER, TODAY)
    assert (meaning.status, meaning.offers) == ("answer", ())


@pytest.mark.parametrize(
    ("question", "sender", "to"),
    [
        ("ban dân tộc báo cáo trung ương hạn nào", "ban dân tộc", "trung ương"),
        ("Ban Dân tộc phải báo cáo Ủy ban Dân tộc ngày nào", "ban dân tộc", "ủy ban dân tộc"),
        ("hạn nộp báo cáo cho Ban Dân tộc", "", "ban dân tộc"),
        ("han gui bao cao len ubnd tinh", "", "uy ban nhan dan tinh"),
        ("hạn báo cáo của Sở Y tế", "sở y tế", ""),
        ("hạn báo cáo 6 tháng", "", ""),
    ],
)
def test_who_sends_is_not_who_receives(question: str, sender: str, to: str) -> None:
    query = understand(question, DICTIONARY, GAZETTEER, ASKER, TODAY).query
    assert isinstance(query, Plan)
    assert (" ".join(query.sender), " ".join(query.to)) == (sender, to)


@pytest.mark.parametrize(
    ("question", "level"),
    [
        ("tuần này các thôn phải gửi gì", "thon"),
        ("xã phải nộp những phiếu gì tháng 12", "xa"),
        ("tuần này phải nộp gì cho tỉnh", ""),
        ("xã nào còn thôn chưa gửi phiếu nước tháng 10", "thon"),
        ("xã nào chưa gửi phiếu giảm nghèo", ""),
    ],
)
def test_the_units_that_send_are_told_from_those_they_lie_in(question: str, level: str) -> None:
    meaning = understand(question, DICTIONARY, GAZETTEER, ASKER, TODAY)
    assert isinstance(meaning.query, Plan | Missing)
    assert (meaning.status, meaning.query.senders) == ("answer", level)
    assert not isinstance(meaning.query, Plan) or meaning.query.topic == ()
