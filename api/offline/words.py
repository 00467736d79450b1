"""Words of the offline form: Vietnamese and English, with {values} that the form fills in."""

from __future__ import annotations

WORDS: dict[str, tuple[str, str]] = {
    "title": ("Tờ khai đề xuất sân chơi (không cần mạng)", "Proposal of a play area (no network needed)"),
    "about": (
        "{names} · {study} · số liệu ngày {date} · {vintage}",
        "{names} · {study} · data of {date} · {vintage}",
    ),
    "synthetic": (
        "Đây là số liệu mẫu, không có thật. Chỉ dùng để tập làm.",
        "These are sample data; nothing in them is real. For practice only.",
    ),
    "h_land": ("1. Khu đất ở đâu?", "1. Where is the land?"),
    "how_draw": (
        "Bấm (chạm) lên bản đồ để đặt từng điểm góc ranh, đi một vòng quanh khu đất. Kéo một điểm để sửa. Kéo bản "
        "đồ để di chuyển. "
        "Nếu có bảng tọa độ {crs}, mở phần “Gõ hoặc dán tọa độ” bên dưới.",
        "Tap the map to set the corners one after another, once round the land. Drag a corner to move it; drag "
        "the map to move on. "
        'If you have a table of {crs} coordinates, open "Type or paste coordinates" below.',
    ),
    "choose": ("Xem xã, phường", "Look at the commune"),
    "tools": ("Nút của bản đồ", "Buttons of the map"),
    "in": ("Phóng to", "Zoom in"),
    "out": ("Thu nhỏ", "Zoom out"),
    "whole": ("Toàn xã", "Whole commune"),
    "to_land": ("Khu đất đã vẽ", "The land drawn"),
    "undo": ("Hoàn tác", "Undo"),
    "clear": ("Vẽ lại từ đầu", "Draw anew"),
    "map": ("Bản đồ {names}. Đặt điểm góc ranh của khu đất", "Map of {names}. Set the corners of the land"),
    "keys": (
        "Dùng bàn phím: các phím mũi tên để di chuyển, + và − để phóng to, thu nhỏ, Enter để đặt điểm góc ở dấu "
        "cộng giữa bản đồ, "
        "Backspace để xóa điểm cuối.",
        "With the keyboard: arrows move, + and − zoom, Enter sets a corner at the cross in the middle, Backspace "
        "removes the last one.",
    ),
    "l_out": ("ngoài xã: không đề xuất được", "outside the commune: not to be proposed"),
    "l_road": ("đường đi", "ways"),
    "l_play": ("sân chơi đã có", "present play area"),
    "l_bar": ("sông, đường lớn chắn lối đi", "river or road that bars the way"),
    "l_e": ("thửa đất đạt điều kiện", "parcel that meets the conditions"),
    "l_c": ("thửa đất đạt, nhưng phải làm thêm thủ tục hoặc còn điều chưa rõ", "parcel with conditions"),
    "l_x": ("thửa đất bị loại", "parcel that is ruled out"),
    "l_cell": ("ô {m} m có trẻ em chưa tới được sân chơi", "square of {m} m with children whom no play area reaches"),
    "l_cell_low": (
        "ô {m} m: dưới {high} trẻ em chưa tới được sân chơi",
        "square of {m} m: under {high} children whom no play area reaches",
    ),
    "l_cell_mid": ("từ {low} đến dưới {high} trẻ em", "{low} to under {high} children"),
    "l_cell_high": ("từ {low} trẻ em trở lên", "{low} children and more"),
    "added": ("Đã đặt điểm góc {n}.", "Corner {n} is set."),
    "moved": ("Đã sửa điểm góc {n}.", "Corner {n} is changed."),
    "removed": ("Đã xóa điểm góc {n}.", "Corner {n} is removed."),
    "chosen": (
        "Đang chọn điểm góc {n}: kéo để dời, bấm phím Delete để xóa (hoặc dấu × trong bảng tọa độ).",
        "Corner {n}: drag it, or press Delete to remove it (or × in the table).",
    ),
    "undone": ("Đã hoàn tác.", "Undone."),
    "cleared": (
        "Đã xóa hình vẽ. Bấm “Hoàn tác” nếu muốn lấy lại.",
        'The drawing is removed. Press "Undo" to have it back.',
    ),
    "h_answer": ("Tờ khai này cho biết ngay", "What this form can tell at once"),
    "limited": (
        "Khi không có mạng, tờ khai chỉ kiểm tra được những điều trên. Số trẻ em được phục vụ thêm, hành lang "
        "đường, điện, sông, điểm và "
        "thứ hạng thì chưa biết: câu trả lời đầy đủ có khi tệp được nộp vào hệ thống.",
        "Without a network the form can check no more than this. Children newly served, corridors of roads, power "
        "lines and rivers, score "
        "and rank are not known here: the full answer comes when the file is handed in.",
    ),
    "no_corner": (
        "Chưa có điểm góc nào. Bấm lên bản đồ để bắt đầu vẽ.",
        "There is no corner yet. Tap the map to begin.",
    ),
    "few_corners": ("Mới có {n} điểm góc; cần ít nhất 3.", "Corners so far: {n}; at least 3 are needed."),
    "crosses": (
        "Đường ranh tự cắt nhau: cạnh {a}–{b} và cạnh {c}–{d}. Hãy dời điểm góc, hoặc đặt lại theo đúng một vòng quanh khu đất.",
        "The outline crosses itself: edges {a}–{b} and {c}–{d}. Move a corner, or set them again once round the land.",
    ),
    "area": (
        "Diện tích {m2} m² ({ha} ha), chu vi {m} m, {n} điểm góc.",
        "Area {m2} m² ({ha} ha), outline {m} m, {n} corners.",
    ),
    "large_enough": ("Đủ rộng: sân chơi cần ít nhất {m2} m².", "Large enough: a play area needs at least {m2} m²."),
    "too_small": (
        "Quá nhỏ: sân chơi cần ít nhất {m2} m² đất dùng được.",
        "Too small: a play area needs at least {m2} m² of usable ground.",
    ),
    "too_large": (
        "Rộng hơn mức một sân chơi trong nghiên cứu này ({m2} m²). Có thể chỉ cần một phần khu đất.",
        "Larger than one play area in this study ({m2} m²). A part of the land may do.",
    ),
    "inside": ("Nằm trọn trong {name}.", "Lies wholly in {name}."),
    "partly": (
        "{share} % khu đất nằm trong {name}; phần còn lại ở ngoài.",
        "{share} % of the land lies in {name}, the rest outside.",
    ),
    "partly_bad": (
        "Chỉ {share} % khu đất nằm trong {name}. Khi nộp, phần nằm ngoài xã sẽ không được nhận: hãy kéo điểm góc "
        "vào trong ranh giới.",
        "Only {share} % of the land lies in {name}. It will be refused when handed in: drag the corners inside the border.",
    ),
    "outside": (
        "Khu đất nằm ngoài {name}. Nếu đã gõ tọa độ, hãy kiểm tra kinh tuyến trục và hai cột X, Y.",
        "The land lies outside {name}. If you typed coordinates, check the zone and the columns X and Y.",
    ),
    "border": (
        "(Ranh giới trong tờ khai vẽ giản lược, có chỗ lệch tới {m} m.)",
        "(The border in this form is simplified, up to {m} m off.)",
    ),
    "on_parcel": (
        "Nằm trên thửa {id} ({use}): {share} % khu đất. Kết quả kiểm tra thửa này: {verdict}.",
        "Lies on parcel {id} ({use}): {share} % of the land. What was found of that parcel: {verdict}.",
    ),
    "no_use": ("không rõ loại đất", "land use not known"),
    "more_parcels": (
        "Và {n} thửa khác (mỗi thửa chiếm phần nhỏ hơn).",
        "And {n} other parcels (each a smaller part).",
    ),
    "no_parcel": (
        "Không nằm trên thửa đất nào đã có trong danh sách.",
        "Lies on no parcel of the study's list.",
    ),
    "no_parcel_drawn": (
        "Không nằm trên thửa đất nào có trong tệp này (một số thửa không có trong tệp).",
        "Lies on no parcel of this file (some are not in it).",
    ),
    "on_play": ("Trong khu đất đã có sân chơi: {name}.", "There is a play area on this land already: {name}."),
    "nameless": ("không rõ tên", "name not known"),
    "v_e": ("đạt điều kiện", "meets the conditions"),
    "v_c": ("đạt, có điều kiện kèm theo", "meets them, with conditions"),
    "v_x": ("bị loại", "ruled out"),
    "h_typing": ("Gõ hoặc dán tọa độ các điểm góc ({crs})", "Type or paste coordinates of the corners ({crs})"),
    "how_typing": (
        "Theo giấy tờ đất: X là số phía bắc (bắt đầu thường là 1…, 7 chữ số), Y là số phía đông (6 chữ số). Nếu "
        "hai cột bị đổi chỗ, tờ khai "
        "nhận ra và tự sửa.",
        "As land papers give them: X is north (7 digits), Y is east (6 digits). Swapped columns are recognised and put right.",
    ),
    "how_typing_other": (
        "X là số phía bắc, Y là số phía đông, bằng mét, theo hệ {crs}. Nếu hai cột bị đổi chỗ, tờ khai nhận ra và tự sửa.",
        "X is north, Y is east, in metres of {crs}. Swapped columns are recognised and put right.",
    ),
    "zone": ("Kinh tuyến trục (xem trên giấy tờ đất)", "Zone (its central meridian stands on the land papers)"),
    "usual": ("(thường dùng ở đây)", "(usual here)"),
    "other_zone": (
        "Với kinh tuyến trục đang chọn, khu đất nằm ngoài xã. Với {zone} thì khu đất nằm trong xã.",
        "With the zone chosen, the land lies outside the commune. With {zone} it lies inside.",
    ),
    "take_zone": ("Chọn {zone}", "Take {zone}"),
    "h_table": ("Bảng tọa độ điểm góc", "Table of corners"),
    "corner": ("Góc", "Corner"),
    "x_north": ("X – bắc (m)", "X – north (m)"),
    "y_east": ("Y – đông (m)", "Y – east (m)"),
    "x_of": ("X của điểm góc {n}", "X of corner {n}"),
    "y_of": ("Y của điểm góc {n}", "Y of corner {n}"),
    "edge": ("Cạnh tới góc sau", "Edge to the next"),
    "remove": ("Xóa", "Remove"),
    "remove_n": ("Xóa điểm góc {n}", "Remove corner {n}"),
    "more": ("Thêm dòng", "One more line"),
    "paste": (
        "Hoặc dán cả bảng vào đây, mỗi dòng một điểm góc",
        "Or paste the whole table here, one corner a line",
    ),
    "read": ("Đọc bảng đã dán", "Read the table"),
    "paste_few": (
        "Chỉ đọc được {n} điểm góc; cần ít nhất 3 dòng, mỗi dòng có X và Y (mét).",
        "Corners that could be read: {n}; at least 3 lines are needed, each with X and Y (metres).",
    ),
    "paste_read": ("Đã đọc {n} điểm góc.", "Corners read: {n}."),
    "skipped": ("{n} dòng không đọc được và bị bỏ qua.", "Lines that could not be read and were left out: {n}."),
    "swapped": (
        "Hai cột X và Y bị đổi chỗ; đã sửa lại: X là bắc, Y là đông.",
        "The columns X and Y were swapped; put right: X north, Y east.",
    ),
    "not_read": (
        "Điểm góc {n}: không hiểu “{came}”. Cần X (bắc) và Y (đông) bằng mét, ở trong hoặc gần xã.",
        'Corner {n}: "{came}" cannot be read. Expected: X (north) and Y (east) in metres, in or near the commune.',
    ),
    "h_facts": ("2. Thông tin", "2. About it"),
    "name": ("Tên đề xuất (bắt buộc)", "Name of the proposal (required)"),
    "name_hint": ("Ví dụ: Sân chơi nhà văn hóa thôn 2", "For example: Play area at the hall of village 2"),
    "land_use": ("Loại đất", "Land use"),
    "use_unknown": ("chưa biết", "not known yet"),
    "owner": ("Chủ sử dụng đất", "Owner of the land"),
    "backer": ("Người/đơn vị đứng ra đề xuất", "Who stands behind it"),
    "cost": ("Tiền đất dự kiến (đồng)", "Cost of the land (VND)"),
    "cost_hint": (
        "Để trống nếu chưa biết. Tiền xây dựng được cộng sau.",
        "Leave empty if not known. What building costs is added later.",
    ),
    "cost_is": ("{vnd} đồng", "{vnd} VND"),
    "note": ("Ghi chú", "Note"),
    "h_photos": ("3. Ảnh khu đất (nếu có)", "3. Photos of the land (if any)"),
    "photos": ("Chọn ảnh", "Choose photos"),
    "photo_hint": (
        "Ảnh được thu nhỏ; vị trí và thông tin máy ảnh ghi kèm trong ảnh bị bỏ đi. Nhiều nhất 10 ảnh, tổng cộng 8 MB.",
        "Photos are made smaller; the place and the camera written beside them are dropped. At most 10 photos, 8 MB in all.",
    ),
    "photo_wait": ("Đang thu nhỏ ảnh…", "Making the photo smaller…"),
    "photo_sum": ("Có {n} ảnh, {mb} MB.", "Photos: {n}, {mb} MB."),
    "photo_bad": ("Không đọc được ảnh {name}.", "{name} cannot be read as a photo."),
    "photo_full": (
        "Không thêm được {name}: tổng số ảnh sẽ quá 8 MB.",
        "{name} does not fit: photos would be over 8 MB in all.",
    ),
    "photo_many": ("Không thêm được {name}: đã đủ {n} ảnh.", "{name} was left out: there are {n} photos already."),
    "photo_remove": ("Xóa ảnh {name}", "Remove photo {name}"),
    "h_save": ("4. Lưu và nộp", "4. Save and hand in"),
    "how_save": (
        "Bấm “Lưu tệp đề xuất”. Tệp nằm trong thư mục Tải xuống (Downloads) của máy. Chép tệp đó vào USB hoặc gửi "
        "đi; người có tài khoản "
        "nhập tệp vào hệ thống ở trang “Nhập tệp đề xuất”.",
        'Press "Save the proposal file". The file is then in your Downloads folder. Copy it to a USB stick or '
        "send it; somebody with an "
        'account hands it in on the page "Import proposal files".',
    ),
    "save": ("Lưu tệp đề xuất", "Save the proposal file"),
    "saved": (
        "Đã lưu tệp {name} vào thư mục Tải xuống. Hãy đem nộp tệp này. Nộp hai lần cũng chỉ thành một đề xuất.",
        "Saved as {name} in your Downloads. Hand this file in. Handing it in twice still makes one proposal.",
    ),
    "m_land": ("Chưa vẽ khu đất: cần ít nhất 3 điểm góc.", "The land is not drawn: at least 3 corners are needed."),
    "m_cross": ("Đường ranh tự cắt nhau: hãy sửa điểm góc.", "The outline crosses itself: mend the corners."),
    "m_outside": ("Khu đất nằm ngoài xã.", "The land lies outside the commune."),
    "m_name": ("Chưa ghi tên đề xuất.", "The proposal has no name."),
    "m_cost": (
        "Tiền đất: chỉ ghi số, ví dụ 400 000 000.",
        "Cost: an amount in digits, such as 400 000 000.",
    ),
    "draft": ("Lưu bản nháp", "Save a draft"),
    "open": ("Mở bản nháp", "Open a draft"),
    "fresh": ("Tờ khai mới", "New form"),
    "fresh_sure": (
        "Xóa hết nội dung đang có để làm tờ khai mới? Nếu còn cần, hãy bấm “Lưu bản nháp” trước.",
        'Empty the form and begin a new one? If you still need what is in it, press "Save a draft" first.',
    ),
    "fresh_yes": ("Xóa, làm tờ mới", "Empty it"),
    "fresh_no": ("Không, giữ lại", "No, keep it"),
    "emptied": ("Tờ khai đã trống.", "The form is empty."),
    "draft_saved": (
        "Đã lưu bản nháp {name} vào thư mục Tải xuống. Lần sau bấm “Mở bản nháp” để làm tiếp.",
        'Draft saved as {name} in your Downloads. Press "Open a draft" to go on with it.',
    ),
    "opened": ("Đã mở {name}.", "{name} is open."),
    "o_broken": (
        "Tệp này bị hỏng hoặc bị cắt bớt khi chép. Hãy chép lại từ máy đã lưu.",
        "This file is damaged or was cut short when copied. Copy it again from where it was saved.",
    ),
    "o_other": (
        "Đây không phải là bản nháp hay tệp đề xuất của tờ khai này.",
        "This is no draft and no proposal file of this form.",
    ),
    "o_newer": (
        "Tệp này do tờ khai bản mới hơn lưu. Hãy tải tờ khai mới.",
        "This file was saved by a newer form. Download the newer form.",
    ),
    "o_place": (
        "Tệp này thuộc về nơi khác: {name}. Hãy mở bằng tờ khai của nơi đó.",
        "This file belongs elsewhere: {name}. Open it with the form of that place.",
    ),
    "kept": (
        "Nội dung được tự giữ trong trình duyệt này; đóng lại rồi mở ra vẫn còn. Muốn chắc chắn, hãy lưu bản nháp.",
        "What you type is kept in this browser and is still there when you open the form again. To be sure, save a draft.",
    ),
    "kept_no_photos": (
        "Chữ và hình vẽ được tự giữ trong trình duyệt này, nhưng ảnh thì quá lớn: hãy bấm “Lưu bản nháp” trước khi đóng.",
        'Text and drawing are kept in this browser, but the photos are too large: press "Save a draft" before you close it.',
    ),
    "not_kept": (
        "Trình duyệt này không tự giữ nội dung được: hãy bấm “Lưu bản nháp” trước khi đóng.",
        'This browser keeps nothing by itself: press "Save a draft" before you close it.',
    ),
    "restored": (
        "Đã mở lại nội dung bạn làm lần trước trong trình duyệt này. Muốn làm đề xuất khác, bấm “Tờ khai mới” ở cuối trang.",
        'This is what you had typed before in this browser. For another proposal press "New form" at the end.',
    ),
    "h_about": ("Về tờ khai này", "About this form"),
    "a_run": ("Kết quả {id}, lần tính {run}.", "Result {id}, run {run}."),
    "a_made": ("Tờ khai làm ngày {date}.", "This form was made on {date}."),
    "a_whole": ("Không có gì phải bỏ bớt khi vẽ bản đồ.", "Nothing had to be left out of the map."),
    "a_source": ("Nguồn số liệu: {source}", "Source of data: {source}"),
    "checksum": (
        "Tệp lưu ra có mã kiểm tra để phát hiện tệp bị cắt hay hỏng khi chép. Mã này không phải là biện pháp bảo "
        "mật; hệ thống kiểm tra lại "
        "mọi nội dung khi nhận tệp.",
        "Saved files carry a checksum that tells a copy that was cut or damaged. It is no security measure; "
        "everything is checked again when "
        "the file is handed in.",
    ),
    "file_about": (
        "Tệp đề xuất sân chơi. Đừng sửa tệp này bằng tay. Nộp ở trang “Nhập tệp đề xuất”.",
        'A proposal of a play area. Do not edit it by hand. Hand it in on the page "Import proposal files".',
    ),
}
