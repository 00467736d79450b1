"""What is said of a survey form that is refused, and of one that is taken: what came, what was expected, what to do."""

from __future__ import annotations

from sanchoi.gis.change_words import Told
from sanchoi.gis.errors import ContractError, SanchoiError, SourceError, paired, worded

Pair = tuple[str, str]

REFUSALS: dict[str, tuple[Told, Told]] = {
    "file_missing": (
        ("không có tệp {file}", "một phiếu khảo sát đã điền", "kiểm tra lại đường dẫn"),
        ("there is no file {file}", "a filled survey form", "check the path"),
    ),
    "file_large": (
        ("{file}: tệp {came} MB", "nhiều nhất {most} MB", "gửi đúng tệp phiếu, không chèn ảnh"),
        ("{file}: a file of {came} MB", "at most {most} MB", "send the form alone, without pictures"),
    ),
    "file_old": (
        ("{file}: tệp .xls cũ hoặc có mật khẩu", "tệp .xlsx không có mật khẩu", "mở ra, lưu lại dưới dạng .xlsx"),
        (
            "{file}: an old .xls workbook, or one with a password",
            "an .xlsx without a password",
            "open it and save it as .xlsx",
        ),
    ),
    "file_kind": (
        ("{file}: không phải tệp Excel hay GeoPackage", "phiếu .xlsx hoặc .gpkg", "gửi đúng tệp phiếu đã điền"),
        ("{file}: neither a workbook nor a GeoPackage", "an .xlsx or .gpkg form", "send the form that was filled in"),
    ),
    "file_broken": (
        (
            "{file}: tệp hỏng hoặc không bình thường ({came})",
            "phiếu mở được như khi tải về",
            "mở bằng Excel hoặc QGIS, lưu lại rồi gửi lại",
        ),
        (
            "{file}: broken, or no ordinary form ({came})",
            "a form that opens as it was exported",
            "open it in a spreadsheet or in QGIS, save it and send it again",
        ),
    ),
    "no_form": (
        (
            "{file}: không phải phiếu khảo sát sân chơi",
            "phiếu do sanchoi export … --format survey làm ra",
            "gửi đúng tệp phiếu",
        ),
        ("{file} is no survey form", "a form made by sanchoi export … --format survey", "send the form itself"),
    ),
    "version": (
        ("{file}: phiếu theo mẫu số {came}", "mẫu số {known}", "tải phiếu mới rồi chép nội dung sang"),
        ("{file}: a form of version {came}", "version {known}", "export the form again and copy what was filled in"),
    ),
    "record": (
        (
            "{file}: phần ghi nhận của phiếu đã bị sửa hoặc thiếu",
            "phiếu còn nguyên trang “sanchoi”",
            "chép nội dung sang phiếu mới",
        ),
        (
            "{file}: what the form keeps of itself was changed",
            "the sheet or table “sanchoi” as it was",
            "copy what was filled in into a new form",
        ),
    ),
    "columns": (
        ("{file}: không thấy cột {came}", "các cột như khi phiếu được làm ra", "chép nội dung sang phiếu mới"),
        ("{file}: no column {came}", "the columns as the form was made", "copy what was filled in into a new form"),
    ),
    "lines": (
        ("{file}: có hơn {most} dòng", "nhiều nhất {most} dòng", "xóa các dòng thừa ở dưới bảng"),
        ("{file}: more than {most} lines", "at most {most}", "delete what stands below the table"),
    ),
    "commune": (
        (
            "{file}: phiếu của {name} (mã {came}), nghiên cứu không có xã, phường này",
            "một xã, phường của nghiên cứu",
            "chọn đúng nghiên cứu, hoặc đúng phiếu",
        ),
        (
            "{file}: a form of {name} ({came}), which the study does not have",
            "a commune of the study",
            "name the study it was made for, or another form",
        ),
    ),
    "commune_name": (
        (
            "{file}: phiếu của {name}, nhưng mã {came} trong nghiên cứu là {known}",
            "phiếu của cùng xã, phường",
            "chọn đúng nghiên cứu, hoặc đúng phiếu",
        ),
        (
            "{file}: a form of {name}, but {came} is {known} in the study",
            "the same commune",
            "name the study it was made for, or another form",
        ),
    ),
    "vintage": (
        (
            "{file}: phiếu theo địa giới ngày {came}",
            "địa giới ngày {known} như trong nghiên cứu",
            "xuất phiếu mới từ kết quả của nghiên cứu này",
        ),
        (
            "{file}: a form for the communes of {came}",
            "those of {known}, as the study has them",
            "export a form from a result of this study",
        ),
    ),
    "surveyor": (
        ("{file}: chưa ghi cơ quan khảo sát", "tên cơ quan, từ 2 đến 120 ký tự", "ghi vào ô ở đầu phiếu"),
        ("{file}: nobody is named who surveyed", "an office, 2 to 120 characters", "fill in the cell at the top"),
    ),
    "date_empty": (
        ("{file}: chưa ghi ngày khảo sát", "ngày/tháng/năm, như 05/11/2026", "ghi vào ô ở đầu phiếu"),
        ("{file}: no date of the survey", "day/month/year, such as 05/11/2026", "fill in the cell at the top"),
    ),
    "date": (
        ("{file}: ngày khảo sát “{came}”", "ngày/tháng/năm, như 05/11/2026", "sửa lại ngày"),
        ("{file}: date of the survey “{came}”", "day/month/year, such as 05/11/2026", "mend the date"),
    ),
    "date_future": (
        ("{file}: ngày khảo sát {came} chưa tới (hôm nay {today})", "ngày đã qua", "sửa lại ngày"),
        (
            "{file}: the survey is dated {came}, which is still to come (today is {today})",
            "a day that has passed",
            "mend the date",
        ),
    ),
    "date_old": (
        ("{file}: ngày khảo sát {came} đã quá {most} năm", "khảo sát gần đây", "sửa lại ngày, hoặc khảo sát lại"),
        (
            "{file}: the survey is dated {came}, more than {most} years ago",
            "a recent survey",
            "mend the date, or survey again",
        ),
    ),
    "none": (
        ("{file}: ô “không có sân chơi nào” ghi “{came}”", "X, hoặc để trống", "sửa lại ô này"),
        ("{file}: the box “there are none” holds “{came}”", "X, or nothing", "mend the box"),
    ),
    "none_and_rows": (
        (
            "{file}: ghi là không có sân chơi nào, mà bảng có {n} sân chơi ({at})",
            "một trong hai",
            "bỏ dấu X, hoặc xóa các dòng đó (sân chơi không còn: chọn “không có”)",
        ),
        (
            "{file}: says that there are none, and lists {n} ({at})",
            "one of the two",
            "clear the box, or the lines (of one that is gone: choose “there is none”)",
        ),
    ),
    "nothing": (
        (
            "{file}: phiếu chưa điền: không có dòng nào và ô “không có sân chơi nào” để trống",
            "ít nhất một sân chơi, hoặc dấu X",
            "khảo sát rồi điền phiếu; xã, phường này vẫn là chưa rõ",
        ),
        (
            "{file}: not filled in: no line, and the box “there are none” is empty",
            "a play area, or the X",
            "survey and fill it in; the commune stays unknown",
        ),
    ),
    "formula": (
        ("{file}, {at}: cột “{column}” là công thức {came}", "chữ hoặc số", "gõ thẳng giá trị vào ô"),
        ("{file}, {at}: column “{column}” holds the formula {came}", "a text or a number", "type the value itself"),
    ),
    "check_empty": (
        (
            "{file}, {at}: chưa trả lời về “{name}” đã có trên bản đồ",
            "đúng, đã sửa, hoặc không có",
            "chọn ở cột “Kiểm tra”",
        ),
        (
            "{file}, {at}: nothing is said of “{name}”, which is on record",
            "right, corrected, or there is none",
            "choose in the column “Check”",
        ),
    ),
    "check_new": (
        (
            "{file}, {at}: ghi “{came}” cho sân chơi chưa có mã",
            "để trống hoặc “mới ghi”",
            "sửa cột “Kiểm tra”; sân chơi không có thì xóa dòng",
        ),
        (
            "{file}, {at}: “{came}” of a play area that is not on record",
            "nothing, or “new”",
            "mend the column “Check”; clear the line of one that is not there",
        ),
    ),
    "unlisted": (
        (
            "{file}, {at}: mã “{came}” không có trong phiếu này",
            "mã như khi phiếu được làm ra",
            "xóa mã; sân chơi mới không cần mã",
        ),
        (
            "{file}, {at}: the id “{came}” is not in this form",
            "an id as the form was made",
            "clear it; a new play area needs none",
        ),
    ),
    "lost": (
        (
            "{file}: mất dòng của “{name}” (số {no}) đã có trên bản đồ",
            "mọi dòng có sẵn",
            "ghi lại dòng đó; sân chơi không còn thì chọn “không có”",
        ),
        (
            "{file}: the line of “{name}” (number {no}), which is on record, is missing",
            "every line that was there",
            "put it back; of one that is gone choose “there is none”",
        ),
    ),
    "choice": (
        ("{file}, {at}: cột “{column}” ghi “{came}”", "một trong: {known}", "chọn trong danh sách{near}"),
        ("{file}, {at}: column “{column}” holds “{came}”", "one of: {known}", "choose from the list{near}"),
    ),
    "choice_empty": (
        ("{file}, {at}: cột “{column}” để trống", "một trong: {known}", "chọn trong danh sách"),
        ("{file}, {at}: column “{column}” is empty", "one of: {known}", "choose from the list"),
    ),
    "text": (
        ("{file}, {at}: cột “{column}” dài {came} ký tự", "nhiều nhất {most} ký tự", "viết ngắn lại"),
        ("{file}, {at}: column “{column}” has {came} characters", "at most {most}", "make it shorter"),
    ),
    "nameless": (
        (
            "{file}, {at}: không có tên gọi và không có thôn",
            "ít nhất một trong hai",
            "ghi tên gọi hoặc thôn, tổ dân phố",
        ),
        ("{file}, {at}: neither a name nor a hamlet", "one of the two", "fill one in"),
    ),
    "area": (
        (
            "{file}, {at}: diện tích “{came}”",
            "số m² từ 1 đến {most}, không dấu chấm hàng nghìn; để trống nếu chưa biết",
            "sửa con số{near}",
        ),
        (
            "{file}, {at}: an area of “{came}”",
            "m² from 1 to {most} without marks between thousands; nothing where it is not known",
            "mend the figure{near}",
        ),
    ),
    "area_unknown": (
        ("{file}, {at}: diện tích {came} m² mà ghi là chưa biết", "một trong hai", "xóa diện tích, hoặc chọn cách đo"),
        (
            "{file}, {at}: {came} m², which is said to be unknown",
            "one of the two",
            "clear the area, or choose how it is known",
        ),
    ),
    "half": (
        (
            "{file}, {at}: chỉ có một trong hai tọa độ",
            "cả X và Y, hoặc cả vĩ độ và kinh độ",
            "ghi đủ hai số, hoặc ghi ô trên bản đồ",
        ),
        (
            "{file}, {at}: one coordinate without the other",
            "both of X and Y, or of latitude and longitude",
            "give both, or the square on the map",
        ),
    ),
    "numbers": (
        (
            "{file}, {at}: không đọc được tọa độ “{came}”",
            "hai số, như 1740250 và 560500, hoặc 15,735 và 108,565",
            "sửa lại tọa độ",
        ),
        (
            "{file}, {at}: the coordinates “{came}” cannot be read",
            "two numbers, such as 1740250 and 560500, or 15.735 and 108.565",
            "mend them",
        ),
    ),
    "nowhere": (
        (
            "{file}, {at}: không cho biết sân chơi ở đâu",
            "tọa độ, hoặc ô trên bản đồ như C4 hay C4-37",
            "ghi một trong hai",
        ),
        (
            "{file}, {at}: nothing says where it is",
            "coordinates, or a square of the map such as C4 or C4-37",
            "give one of them",
        ),
    ),
    "nowhere_drawn": (
        ("{file}, {at}: chưa vẽ hình", "một điểm hoặc một vùng", "vẽ sân chơi trên bản đồ"),
        ("{file}, {at}: has no geometry", "a point or a polygon", "draw it"),
    ),
    "outside": (
        (
            "{file}, {at}: “{name}” nằm ngoài {commune}, cách ranh giới {km} km",
            "một nơi trong {commune}",
            "kiểm tra lại tọa độ, múi chiếu",
        ),
        (
            "{file}, {at}: “{name}” lies outside {commune}, {km} km from its border",
            "a place in {commune}",
            "check the coordinates and their zone",
        ),
    ),
    "elsewhere": (
        (
            "{file}, {at}: tọa độ {came} không nằm trong {commune} theo múi chiếu nào",
            "tọa độ VN-2000 hoặc kinh độ, vĩ độ của một nơi trong {commune}",
            "kiểm tra lại tọa độ",
        ),
        (
            "{file}, {at}: {came} lies in {commune} in no zone",
            "VN-2000 or degrees of a place in {commune}",
            "check the coordinates",
        ),
    ),
    "square": (
        (
            "{file}, {at}: ô “{came}”",
            "một ô từ A1 đến {last}, có thể thêm hai số phần mười: C4-37",
            "sửa lại theo tờ bản đồ",
        ),
        (
            "{file}, {at}: the square “{came}”",
            "one from A1 to {last}, tenths may follow: C4-37",
            "mend it by the printed map",
        ),
    ),
    "square_map": (
        ("{file}, {at}: ghi ô “{came}” mà phiếu không kèm bản đồ chia ô", "tọa độ", "ghi tọa độ"),
        ("{file}, {at}: the square “{came}” in a form without a map", "coordinates", "give coordinates"),
    ),
    "square_large": (
        (
            "{file}, {at}: ô “{came}” rộng {side} m, chỉ cho biết chỗ chính xác tới {m} m",
            "chính xác tới {most} m",
            "ghi thêm phần mười (như C4-37), hoặc tọa độ trên điện thoại",
        ),
        (
            "{file}, {at}: the square “{came}” is {side} m wide: the place is known to {m} m only",
            "to {most} m or better",
            "add tenths (such as C4-37), or coordinates from a telephone",
        ),
    ),
    "shape": (
        ("{file}, {at}: hình vẽ không dùng được ({came})", "một điểm hoặc một vùng khép kín", "vẽ lại"),
        ("{file}, {at}: the geometry cannot be used ({came})", "a point or a closed area", "draw it again"),
    ),
    "twice": (
        ("{file}, {at}: trùng với {other} ({why})", "mỗi sân chơi một dòng", "xóa một dòng, hoặc ghi rõ tên khác nhau"),
        (
            "{file}, {at}: the same as {other} ({why})",
            "one line for each play area",
            "delete one, or tell them apart by name",
        ),
    ),
    "on_record": (
        (
            "{file}, {at}: “{name}” trùng chỗ với {other} đã có trong nghiên cứu",
            "sân chơi chưa có trong nghiên cứu",
            "xóa dòng này, hoặc xuất phiếu mới để sửa sân chơi đã có",
        ),
        (
            "{file}, {at}: “{name}” stands where the study has {other}",
            "one that the study does not have",
            "delete the line, or export a new form and correct that one",
        ),
    ),
    "forms_differ": (
        (
            "{one} và {two}: hai phiếu của {name} không giống nhau",
            "mỗi xã, phường một phiếu",
            "gộp lại trong một phiếu, rồi nhập phiếu đó",
        ),
        ("{one} and {two}: two forms of {name} that differ", "one form a commune", "put everything into one of them"),
    ),
    "done": (
        (
            "{file}: {name} đã có phiếu khảo sát ngày {date} trong nghiên cứu này, nội dung khác",
            "xã, phường chưa khảo sát",
            "nếu phiếu này đúng hơn: nhập lại các phiếu đúng từ nghiên cứu gốc; nếu không thì không cần làm gì",
        ),
        (
            "{file}: {name} has another form in this study, of {date}",
            "a commune that is not surveyed yet",
            "if this one is right, import the right forms into the study as it was before; else nothing need be done",
        ),
    ),
    "surveyed": (
        (
            "{file}: {name} đã được khảo sát trong nghiên cứu này, không phải từ phiếu",
            "xã, phường chưa khảo sát",
            "không cần nhập phiếu; muốn sửa thì sửa lớp sân chơi",
        ),
        (
            "{file}: {name} is surveyed in this study already, not by a form",
            "a commune that is not",
            "nothing need be done; to mend it, mend the layer of play areas",
        ),
    ),
    "nothing_new": (
        (
            "mọi phiếu đã có trong nghiên cứu này từ trước: không thêm gì nữa",
            "ít nhất một phiếu mới",
            "không cần làm gì; nghiên cứu đã đủ",
        ),
        (
            "every form is in this study already: nothing is added twice",
            "a form that is new",
            "nothing need be done; the study has them",
        ),
    ),
    "none_and_stock": (
        (
            "{file}: ghi là không có sân chơi nào, nhưng nghiên cứu có {n} sân chơi trong xã mà phiếu này không liệt kê ({names})",
            "phiếu liệt kê mọi sân chơi mà nghiên cứu có ở xã đó",
            "xuất phiếu mới từ nghiên cứu này và ghi “không có” ở từng sân chơi",
        ),
        (
            "{file}: says that there are none, and the study has play areas there that this form does not list, {n}: {names}",
            "a form that lists every play area that the study has in the commune",
            "export the form again from this study and say of each that there is none",
        ),
    ),
    "gone_unknown": (
        (
            "{file}: “{name}” ({came}) không còn trong nghiên cứu",
            "lớp sân chơi như khi phiếu được làm ra",
            "xuất phiếu mới từ nghiên cứu này",
        ),
        (
            "{file}: “{name}” ({came}) is no longer in the study",
            "the play areas as the form was made",
            "export the form again from this study",
        ),
    ),
}

REMARKS: dict[str, Pair] = {
    "swapped": ("{at}: X và Y ghi đổi chỗ, đã hiểu đúng", "{at}: X and Y came swapped, and were understood"),
    "zone": (
        "{at}: tọa độ theo {zone}, không phải múi của nghiên cứu",
        "{at}: coordinates in the zone {zone}, not the study's",
    ),
    "degrees": ("{at}: hiểu là vĩ độ, kinh độ", "{at}: taken as latitude and longitude"),
    "edge": (
        "{at}: cách ranh giới {commune} {m} m về phía ngoài, vẫn nhận",
        "{at}: {m} m outside the border of {commune}, accepted",
    ),
    "square": ("{at}: chỗ theo ô {came}, chính xác tới {m} m", "{at}: placed by the square {came}, to {m} m"),
    "no_area": ("{at}: chưa biết diện tích, không coi là 0", "{at}: its area is not known, and not taken as 0"),
    "no_access": ("{at}: chưa rõ ai được vào; tạm coi là mở cửa", "{at}: who may use it is not known; taken as open"),
    "not_kind": (
        "{at}: “{kind}” được ghi lại, nhưng không được tính là sân chơi cho mọi trẻ",
        "{at}: “{kind}” is recorded, and does not count as a play area for every child",
    ),
    "not_open": (
        "{at}: “{access}” nên được ghi lại, nhưng không được tính là sân chơi cho mọi trẻ",
        "{at}: “{access}”: it is recorded, and does not count as a play area for every child",
    ),
    "moved": ("{at}: sân chơi đã có được dời tới chỗ mới, cách {m} m", "{at}: moved {m} m from where it was on record"),
    "unlisted": (
        "{file}: nghiên cứu có {n} sân chơi ở {name} mà phiếu không liệt kê ({names}); chưa ai kiểm tra, vẫn được tính",
        "{file}: the study has play areas in {name} that the form does not list, {n}: {names}; nobody checked them, and they "
        "count as before",
    ),
    "same": ("{file}: giống hệt {other}, chỉ nhập một lần", "{file}: the same as {other}, taken once"),
    "again": (
        "{file}: phiếu này đã có trong nghiên cứu, không thêm lần nữa",
        "{file}: this form is in the study already, and is not added again",
    ),
    "taken": (
        "{name}: đã khảo sát ngày {date}, {new} sân chơi mới, {kept} đã có, {gone} không còn",
        "{name}: surveyed on {date}; play areas: {new} new, {kept} on record, {gone} gone",
    ),
}


def refusal(word: str, /, **values: object) -> SanchoiError:
    """The error for what is refused, in both languages; a value may be a pair of words."""
    kind = SourceError if word.startswith("file_") else ContractError
    return worded(kind, *REFUSALS[word], **values)


def remark(word: str, /, **values: object) -> Pair:
    """A remark in both languages; a value may be a pair of words."""
    return paired(*REMARKS[word], **values)
