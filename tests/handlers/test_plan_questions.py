"""Officials ask what the plans say; and a question back that leads on, a question that goes on."""

import pytest

from storage.tables import RoleName
from tests.handlers.chatting import Phone, Town, labels, text_of


@pytest.fixture
def kind() -> str:
    return "sqlite"


@pytest.fixture
async def officer(town: Town) -> Phone:
    return await town.enrolled("xa", "Vĩnh Thông", RoleName.COMMUNE_OFFICER, "Nông Văn Tài")


async def test_the_plans_answer_with_their_clause(officer: Phone) -> None:
    norm = await officer.says("định mức hỗ trợ nhà ở bao nhiêu")
    assert "(IV.1.2)" in text_of(norm)
    assert "tối đa 1 căn nhà cấp 4" in text_of(norm)
    elsewhere = text_of(await officer.says("chỉ tiêu nước sạch của Cà Mau là bao nhiêu"))
    assert elsewhere.startswith("Máy không tìm thấy chữ “cà mau” trong kế hoạch.")
    nearest = text_of(await officer.says("định mức hỗ trợ 1 nhà tạm bao nhiêu tiền"))
    assert "Không thấy nói đúng" in nearest
    assert "(IV.1.2)" in nearest
    figure = next(label for label in labels(norm) if label.startswith("Số liệu: "))
    assert "Hộ được hỗ trợ nhà ở" in text_of(await officer.presses(figure))
    charge = text_of(await officer.says("đơn vị nào chủ trì dự án 5"))
    assert "Phòng Giáo dục và Đào tạo" in charge
    assert "(VII.4)" in charge
    assert "Kế hoạch huyện Bạch Thông 2023 (đã hết hạn 31/12/2023)" in charge
    assert "không tìm thấy “thiên văn”" in text_of(await officer.says("định mức thiên văn"))
    # an agency without a task here is not answered for by clauses that hold a word of its name
    assert "không nêu cơ quan chủ trì" not in text_of(await officer.says("So Y te lam gi"))
    # whom a support is for leads to no other norm, and its amount is not how many got it
    assert "(IV.1.2)" in text_of(await officer.says("mức hỗ trợ nhà ở cho hộ nghèo dtts"))


@pytest.mark.parametrize(
    ("question", "said", "unsaid"),
    [
        ("mức hỗ trợ làm nhà ở cho một hộ nghèo là bao nhiêu tiền", "(IV.1.2)", "không tìm thấy “"),
        ("ban dân tộc báo cáo trung ương hạn nào", "ban dân tộc phải báo cáo trung ương", "Hạn gửi phiếu"),
        ("Ban Dân tộc phải báo cáo Ủy ban Dân tộc ngày nào", "nơi nhận: Ủy ban nhân dân tỉnh", "Các sở"),
        ("định mức làm nhà mới một hộ", "không tìm thấy chữ “mới”", "không tìm thấy “"),
        ("giống lúa lai hỗ trợ mấy phần trăm", "tối đa 80%", "không tìm thấy “"),
        ("hỗ trợ cây giống bao nhiêu", "Dành cho: dự án vùng trồng dược liệu quý.", "không tìm thấy “"),
        ("xã phải làm gì để phòng chống tảo hôn", "(IV.9.2.1.a)", "không tìm thấy “"),
        ("kế hoạch Bạch Thông 2023 đặt mục tiêu giảm nghèo bao nhiêu %", "(III, gạch đầu dòng 1)", "Bắc Kạn"),
        ("nhiệm vụ của UBND xã theo kế hoạch 2023", "Ủy ban nhân dân các xã", "Phòng Lao động"),
        (
            "định mức hỗ trợ nhà ở giữa các tỉnh",
            "không tìm thấy gì trong: Kế hoạch 55-CTr",
            "không tìm thấy “",
        ),
        ("nhiệm vụ đã xong của Sở Tài chính", "không có báo cáo những việc này", "Đã xong: "),
        ("xã phải làm gì", "Ủy ban nhân dân các xã", "Lao động - Thương binh và Xã hội"),
        # plans side by side, each by what it has: the figure that is named, or only its words
        ("các kế hoạch đặt phụ nữ có thai khám thai bao nhiêu", "Trên 95% phụ nữ", "trong: Kế hoạch 55-CTr"),
        ("kế hoạch nào đặt chỉ tiêu nhà văn hóa thôn cao nhất", "96% thôn", "trong: Kế hoạch 55-CTr"),
        ("kế hoạch bắc kạn hộ nghèo giảm bao nhiêu", "xuống dưới 10%", "Không tìm thấy"),
        ("kế hoạch bắc kạn nhà tạm đạt chưa", "423 hộ", "Không tìm thấy"),
        ("kế hoạch lạng sơn bao nhiêu hộ dùng điện lưới", "99,6%", "Chưa có báo cáo nào"),
        # the other part of what is named, which another figure counts
        ("trường học trạm y tế kiên cố chỉ tiêu bao nhiêu", "80% số trường", "không tìm thấy “"),
        ("đến 2030 giảm bao nhiêu phần trăm xã thôn đặc biệt khó khăn", "30% các xã", "không tìm thấy “"),
        ("theo kế hoạch bắc giang hộ nghèo giảm bao nhiêu một năm", "các xã ĐBKK", "không tìm thấy “"),
        # by a heading, a level that only names the plan, several of an office
        ("nhiệm vụ đột phá của kế hoạch bắc kạn gồm những gì", "(III.1.b)", "(III.2"),
        ("kế hoạch bắc kạn có mấy nhiệm vụ đột phá", "(III.1.b)", "(III.2"),
        # the figures of the place asked from are not those of another province's plan
        ("theo kế hoạch bắc giang rừng che phủ bao nhiêu", "tối thiểu 37%", "chưa có báo cáo"),
        ("giải pháp thực hiện của kế hoạch bắc kạn gồm gì", "(IV.1)", "(II.1"),
        ("ubnd xã phải báo cáo gì theo kế hoạch bạch thông", "(VII.15, gạch đầu dòng 3)", "không tìm thấy"),
        ("xã phải làm những nhiệm vụ gì theo kế hoạch huyện", "(VII.15, gạch đầu dòng 2)", "không tìm thấy"),
        ("kế hoạch bạch thông nói gì về chợ", "(IV.10.2, gạch đầu dòng 3)", "đất ở"),
        ("nhiệm vụ đối ngoại của kế hoạch bắc kạn", "tuyên truyền đối ngoại;", "không tìm thấy"),
        ("nhà ở xã mình được giao mấy hộ", "423 hộ", "Tổng số hộ"),
        # words of a plan that sets no number
        ("có bao nhiêu thôn đặc biệt khó khăn giai đoạn 2026-2030", "12.368", "Không thấy nói đúng"),
        ("dự án 9 là gì", "(IV.9.1)", "muốn hỏi chỉ số nào"),
        ("kế hoạch Bạch Thông 2023 đưa mấy thôn ra khỏi đặc biệt khó khăn", "02 thôn", "không đặt mức"),
        ("theo chiến lược Bắc Kạn, hộ nghèo đến 2030 còn bao nhiêu", "dưới 10%", "không tìm thấy “"),
        ("cần giảm bao nhiêu hộ nghèo để đạt chỉ tiêu 2030", "dưới 10%", "2.030"),
        ("còn bao nhiêu hộ nghèo nữa thì đạt kế hoạch 2030", "dưới 10%", "2.030"),
        ("phòng kế hoạch tuyên truyền báo cáo trước ngày nào", "Hạn: 19/12/2026", "Hạn gửi phiếu"),
        ("bắc giang hạn báo cáo cuối năm của huyện", "Hạn: 14/12/2026", "Hạn gửi phiếu"),
        ("hạn báo cáo kế hoạch Bắc Giang", "Hạn: 14/12/2026", "Hạn gửi phiếu"),
        ("kế hoạch Bạch Thông 2023 nhiệm vụ dự án 6", "Tất cả 13 mục; đây là mục 1-6.", "muốn hỏi"),
        ("kế hoạch Bạch Thông 2023 nhiệm vụ dự án 5", "Tất cả 21 mục; đây là mục 1-6.", "muốn hỏi"),
        (
            "Chỉ tiêu thu nhập bình quân người dân tộc thiểu số bằng ít nhất 1/2 mức bình quân chung của cả nước",
            "(II.2.b, gạch đầu dòng 2)",
            "Không tìm thấy",
        ),
        (
            "Chỉ tiêu thu nhập bình quân của người DTTS bằng 1/2 bình quân chung của cả nước của Bắc Giang",
            "(II.2.2)",
            "tăng trên 2 lần",
        ),
        ("Kế hoạch đặt bao nhiêu % xã ra khỏi địa bàn ĐBKK của Bắc Giang", "(II.2.1(2))", "Chưa hiểu"),
        ("sắp xếp dân cư cho bao nhiêu hộ theo kế hoạch Bắc Kạn", "trên 200 hộ", "không tìm thấy “"),
        ("nhiệm vụ xóa mù chữ của kế hoạch Bạch Thông", "(IV.5.1, gạch đầu dòng 3)", "Chưa hiểu"),
        ("kế hoạch nào có chỉ tiêu bảo hiểm y tế", "Kế hoạch 55-CTr tỉnh Bắc Giang\n", "Chưa hiểu"),
        # an agency of two syllables that mean something else alone
        ("Trung tâm Y tế huyện làm nhiệm vụ nào", "Trung tâm Y tế huyện. Hạn", "Văn bản không nêu"),
        ("độ che phủ rừng phải giữ bao nhiêu", "(II.2.b, gạch đầu dòng 10)", "Chưa hiểu"),
        (
            "Chỉ tiêu dự án 8: Thực hiện bình đẳng giới và giải quyết những vấn đề cấp thiết đối với phụ nữ và trẻ em"
            " – vốn sự nghiệp: 24.501 triệu đồng",
            "(III.8.a)",
            "Chưa hiểu",
        ),
        (
            "Chỉ tiêu tuổi thọ trung bình người dân tộc thiểu số đạt trên 75 tuổi",
            "(II.2.b, gạch đầu dòng 5)",
            "Không thấy nói đúng",
        ),
        (
            "Chỉ tiêu giảm tỷ lệ trẻ em suy dinh dưỡng thể nhẹ cân xuống dưới 17%",
            "(II.2.a, gạch đầu dòng 11)",
            "Không tìm thấy",
        ),
        (
            "Chỉ tiêu tỷ lệ thôn có đường ô tô đến trung tâm thôn được cứng hóa đạt 80%",
            "(II.1, đoạn kết cấu hạ tầng)",
            "Không tìm thấy",
        ),
        ("Chỉ tiêu 98% đồng bào DTTS tham gia bảo hiểm y tế", "Trên 98% đồng bào", "Tình hình"),
        ("bao giờ phải nộp báo cáo quý", "Nhà ở, quý IV/2026 (thôn gửi)", "6 tháng"),
        ("hạn chót báo cáo 6 tháng cuối năm là ngày nào", "6 tháng cuối năm 2026 (thôn gửi)", "quý"),
        (
            "hạn nộp phiếu đường điện rác thải là hôm nào",
            "Đường, điện, rác thải, 6 tháng cuối",
            "không nói gì",
        ),
        # questionnaires of capital, by what they ask if no title here says so
        ("hạn nộp phiếu giải ngân", "Vốn xã làm chủ đầu tư, quý IV/2026", "không tìm thấy “"),
        # how far it was at the end of the year named
        ("đến hết năm 2025 nước hợp vệ sinh đạt được chỉ tiêu chưa", "Kỳ: năm 2025", "tháng 11/2026"),
        ("khi nào phải nộp báo cáo nước", "đã quá hạn; vẫn gửi được đến hết", "không tìm thấy “"),
        ("kế hoạch Bắc Kạn đặt chỉ tiêu biết chữ đến 2025 bao nhiêu", "trên 90%", "không tìm thấy “"),
        ("mục tiêu nước sạch của kế hoạch Bắc Kạn là bao nhiêu", "90% đồng bào", "Bắc Giang"),
        ("định mức đất ở hỗ trợ cho 1 hộ", "Kế hoạch không ghi mức bằng số", "không tìm thấy “"),
        (
            "đường trục thôn cứng hóa kế hoạch Bắc Kạn phải đạt bao nhiêu",
            "không đặt mức cho đúng",
            "không nói",
        ),
        # nearest to a figure of the minorities is that of everybody, not another with the same words
        ("mục tiêu hộ nghèo DTTS 2030 là gì", "dưới 10 %", "sạt lở"),
        ("mục tiêu 2045", "năm 2045", "nằm ngoài"),
        # in the plan's own words, which are no figure's
        (
            "theo kế hoạch tập trung giải quyết tình trạng thiếu đất ở cho bao nhiêu hộ DTTS",
            "97 hộ",
            "số riêng",
        ),
        ("cơ quan nào làm ưu tiên kiên cố hóa đường giao thông", "không nêu cơ quan chủ trì", "Bắc Giang"),
        ("kế hoạch nói gì về phòng chống bệnh Thalassemia tại vùng DTTS", "(IV.7.2", "hai cách"),
        ("hạn nộp báo cáo theo kế hoạch Lạng Sơn", "nơi nhận: Ban Dân tộc tỉnh (suy ra)", "không tìm thấy “"),
        (
            "kế hoạch Bắc Kạn nói gì về hợp tác xã",
            "Theo dõi bằng: Hợp tác xã đang hoạt động",
            "không tìm thấy “",
        ),
    ],
)
async def test_the_clause_is_looked_for_by_what_it_is_about(
    officer: Phone, question: str, said: str, unsaid: str
) -> None:
    text = text_of(await officer.says(question))
    assert said in text
    assert unsaid not in text


async def test_an_incomplete_question_goes_on_from_the_newest_and_from_nothing_after_the_menu(
    officer: Phone,
) -> None:
    await officer.says("nhà tạm tháng 10")
    back = await officer.says("nước hợp vệ sinh tuyệt mỹ")
    assert "tuyệt mỹ" in text_of(back)
    drop = next(label for label in labels(back) if label.startswith("Trả lời, bỏ chữ “tuyệt mỹ”"))
    later = text_of(await officer.says("còn thôn Nà Hin?"))
    assert later.startswith("Vẫn hỏi: Hộ dùng nước hợp vệ sinh")
    assert "tháng 10" not in later
    assert "thôn Nà Hin" in later
    await officer.says("/menu")
    assert "muốn hỏi chỉ số nào" in text_of(await officer.says("còn thôn Nà Hin?"))
    assert "Hộ dùng nước hợp vệ sinh" in text_of(await officer.presses(drop))


async def test_an_agency_that_the_clause_does_not_name_is_said_to_be_inferred(officer: Phone) -> None:
    said = text_of(await officer.says("đơn vị nào chủ trì khoán bảo vệ rừng"))
    assert "Chủ trì: Hạt Kiểm lâm Bạch Thông (suy ra, mục này không nêu)." in said


async def test_what_else_was_asked_is_a_button_below_the_answer(officer: Phone) -> None:
    said = await officer.says("nhà tạm toàn xã, thôn nào chưa báo cáo")
    assert "Hộ ở nhà tạm, nhà dột nát" in text_of(said)
    other = next(label for label in labels(said) if label.startswith("ai chưa báo cáo"))
    assert "thôn đã báo cáo" in text_of(await officer.presses(other))


async def test_what_nobody_reports_is_said_and_the_nearest_offered(officer: Phone) -> None:
    said = await officer.says("bao nhiêu hộ có nhà tiêu ở thôn Nà Hin")
    assert "không có phiếu nào hỏi về “nhà tiêu”" in text_of(said)
    assert "thôn Nà Hin" in text_of(await officer.presses("Hộ dùng nước hợp vệ sinh"))


async def test_a_button_that_drops_a_word_inherits_no_time(officer: Phone) -> None:
    await officer.says("nhà tạm tháng 10")
    back = await officer.says("còn nước hợp vệ sinh tuyệt mỹ")
    drop = next(label for label in labels(back) if label.startswith("Trả lời, bỏ chữ"))
    assert "tháng 10" not in text_of(await officer.presses(drop))


@pytest.mark.parametrize(
    ("question", "said"),
    [
        ("thôn nào chưa báo cáo quý IV", "Hộ được hỗ trợ, quý IV/2026"),
        ("số lao động được đào tạo nghề năm 2026", "không riêng phần mới"),
        ("nước sạch toàn xã", "Cách đếm: Số hộ dùng nước hợp vệ sinh"),
        ("số liệu khó khăn vướng mắc gửi lên", "Khó khăn, vướng mắc: xã Vĩnh Thông"),
        ("thôn nào chưa nộp báo cáo tháng 11", "Các phiếu của tháng 11/2026"),
        (
            "kế hoạch huyện Bạch Thông 2023 giao bao nhiêu vốn",
            "(đã hết hạn 31/12/2023)\n- Kinh phí thực hiện Chương trình",
        ),
        ("thôn nào nộp muộn nhất", "Cần đôn đốc nhất đứng trước: thôn "),
    ],
)
async def test_an_answer_says_what_it_is_of(officer: Phone, question: str, said: str) -> None:
    assert said in text_of(await officer.says(question))


async def test_what_does_not_fit_an_answer_about_plans_is_a_page_further(officer: Phone) -> None:
    first = await officer.says("phòng dân tộc phải làm những gì")
    assert "đây là mục 1-6" in text_of(first)
    second = text_of(await officer.presses("Xem tiếp"))
    assert "đây là mục 7-" in second
    clauses = [
        {line for line in text.splitlines() if line.startswith("- ")} for text in (text_of(first), second)
    ]
    assert all(clauses)
    assert clauses[0].isdisjoint(clauses[1])


async def test_targets_with_their_figures_lead_on_to_the_further_targets(officer: Phone) -> None:
    first = await officer.says("kế hoạch có mấy chỉ tiêu về y tế")
    assert "đây là mục 1-6." in text_of(first)
    assert "Người DTTS có bảo hiểm y tế: " in text_of(first)
    second = text_of(await officer.presses("Xem tiếp"))
    assert "đây là mục 7-" in second
    assert "Người DTTS có bảo hiểm y tế: " not in second


async def test_a_head_is_told_what_a_figure_means(town: Town) -> None:
    head = await town.head("h")
    assert "Cách đếm: Nhà tạm: làm bằng vật liệu tạm" in text_of(await head.says("thế nào là nhà tạm"))
    assert "Cách đếm: " in text_of(await head.says("hộ cận nghèo là gì"))


async def test_an_amount_of_the_province_is_named_as_the_provinces(town: Town) -> None:
    """A commune that asks what it was given hears that the plan sets no part of it; the province hears only the clause."""
    asked = "hỗ trợ nhà ở được giao bao nhiêu hộ"
    commune = await town.enrolled("ml", "Mỹ Lý", RoleName.COMMUNE_OFFICER, "Lô Văn Hải")
    told = text_of(await commune.says(asked))
    assert "179 hộ" in told
    assert "(Mức trên là của cả tỉnh Nghệ An; kế hoạch không chia riêng cho xã Mỹ Lý.)" in told
    province = await town.enrolled("na", "Nghệ An", RoleName.PROVINCE_OFFICER, "Vi Thị Hoa")
    assert "của cả tỉnh" not in text_of(await province.says(asked))
