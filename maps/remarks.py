"""Warnings of a run in plain words, by code: Vietnamese, English. A code that is not here is shown with the run's own message."""

from __future__ import annotations

REMARKS: dict[str, tuple[str, str]] = {
    "unverified_norm": (
        "Có con số quy định chưa được đối chiếu với văn bản gốc. Hãy kiểm tra trước khi đưa vào hồ sơ.",
        "Some figures of the norm were not checked against the legal text. Check them before they go into a dossier.",
    ),
    "norm_out_of_date": (
        "Quy định được chọn không có hiệu lực vào ngày xét.",
        "The chosen norm is not in force on the study's date.",
    ),
    "distance_only": (
        "Quy định không nêu số m² mỗi trẻ, nên chỉ xét khoảng cách đi bộ; không thể kết luận sân có quá chật hay không.",
        "The norm sets no m² per child, so only the walking distance is judged; crowding cannot be told.",
    ),
    "no_walking_limit": (
        "Quy định không nêu khoảng cách đi bộ, nên chưa thể đánh giá nơi nào quá xa.",
        "The norm sets no walking distance, so what is too far cannot be judged.",
    ),
    "band_straddles": (
        "Có nhóm tuổi không khớp với nhóm tuổi của quy định; đã dùng mức chặt hơn.",
        "An age group does not match the ages of the norm; the stricter limit is used.",
    ),
    "communes_overlap": (
        "Có xã, phường chồng lên nhau trên bản đồ; phần chồng được tính cho nơi nhỏ hơn.",
        "Some communes overlap; the shared ground is counted in the smaller one.",
    ),
    "weights_fell_back": (
        "Ở một số nơi không dùng được lớp dữ liệu tốt nhất để biết trẻ ở đâu; đã dùng lớp kế tiếp.",
        "In some places the best layer for where children live could not be used; the next one was.",
    ),
    "children_outside": (
        "Một số trẻ em ở ngoài các xã, phường của nghiên cứu và không được tính.",
        "Some children live outside the communes of the study and are left out.",
    ),
    "children_missing": (
        "Một số nơi không có số trẻ em trong bảng: coi là chưa biết, không phải bằng 0.",
        "The table has no children for some places: they are unknown, not zero.",
    ),
    "children_spare": (
        "Một số dòng trong bảng trẻ em không khớp với xã, phường nào và bị bỏ qua.",
        "Some rows of the children table match no commune and are left out.",
    ),
    "place_by_square": (
        "Có sân chơi chỉ biết chỗ theo ô của bản đồ khảo sát, không có tọa độ đo: khoảng cách và số trẻ tới được sân đó phụ thuộc "
        "vào chỗ thật của sân trong ô.",
        "Some play areas are known only to a square of a survey map: distances to them, and who is covered, depend on where in the "
        "square they are.",
    ),
    "kind_unknown": (
        "Có loại sân chơi lạ trong danh mục; vẫn được tính là sân chơi.",
        "The inventory has kinds of play area that are not known; they are counted all the same.",
    ),
    "halo_overlaps": (
        "Vùng lân cận có phần nằm trong các xã, phường của nghiên cứu; phần đó bị bỏ qua, không tính trẻ hai lần.",
        "The ground beyond the study overlaps its communes; that part is left out, so that no child counts twice.",
    ),
    "zones_missing": (
        "Một số xã, phường nằm ngoài vùng có số liệu trẻ em: số trẻ chưa biết, không phải bằng 0.",
        "Some communes lie outside the zones that children were counted for: their children are unknown, not zero.",
    ),
    "area_zero": (
        "Có sân chơi ghi diện tích 0 m²: coi là chưa biết.",
        "Some play areas have a recorded area of 0 m²: it is taken as unknown.",
    ),
    "siting_by_need": (
        "Chưa khảo sát nơi nào: vị trí được chọn theo số trẻ ở gần, không phải theo số trẻ đang thiếu sân chơi.",
        "Nothing is surveyed: sites are chosen by the children near them, not by those who lack a play area.",
    ),
    "cost_unknown": (
        "Một số thửa đất chưa có chi phí nên không được chọn trong ngân sách.",
        "Some parcels have no cost and cannot be chosen under a budget.",
    ),
    "surveyed_unset": (
        "Chưa khai báo nơi nào đã khảo sát sân chơi: mọi nơi được coi là chưa khảo sát.",
        "The study does not say where play areas were surveyed: every commune is taken as not surveyed.",
    ),
    "codes_unused": (
        "Bảng mã loại đất của nghiên cứu có mã không thửa nào dùng; hãy xem lại cách viết.",
        "The study explains land-use codes that no parcel has; check how they are written.",
    ),
    "cost_not_read": (
        "Một số thửa ghi chi phí không phải là số tiền: chi phí của các thửa đó là chưa biết.",
        "Some parcels have a cost that is no amount: their cost is unknown.",
    ),
    "geometry_repaired": (
        "Một số ranh giới bị lỗi và đã được sửa; hãy so lại với dữ liệu gốc.",
        "Some outlines were not valid and were repaired; compare them with the source.",
    ),
    "osm_broken_areas": (
        "Một số vùng trong bản đồ OpenStreetMap có đường bao không khép kín và không được tính là vùng.",
        "Some areas of the OpenStreetMap extract have an outline that does not close; they do not count as areas.",
    ),
    "osm_extent": (
        "Tệp OpenStreetMap không phủ hết các xã, phường; ngoài rìa tệp không thấy gì.",
        "The OpenStreetMap extract ends before the communes do; beyond its edge nothing is seen.",
    ),
    "osm_layer_empty": (
        "OpenStreetMap không vẽ gì của một lớp điều kiện ở đây. Không vẽ không có nghĩa là không có: lớp đó coi là chưa kiểm tra.",
        "OpenStreetMap maps nothing of a constraint layer here. Nothing mapped is not nothing there: it is not checked.",
    ),
    "parcels_empty": (
        "Lớp thửa đất trống: không có đất để xét.",
        "The layer of parcels is empty: there is no land to judge.",
    ),
    "parcels_numbered": (
        "Dữ liệu không có mã thửa; các thửa được đánh số theo thứ tự trong tệp. Tệp đổi thì số đổi: đừng đưa số này vào hồ sơ.",
        "The data have no parcel ids; parcels are numbered by their order in the file. A new file means new numbers: keep them out "
        "of a dossier.",
    ),
    "parcels_outside": (
        "Một số thửa đất nằm ngoài các xã, phường của nghiên cứu và không được xét.",
        "Some parcels lie in no commune of the study and are left out.",
    ),
    "parcels_overlap": (
        "Có thửa đất chồng lên nhau; phần chồng được tính cho thửa nhỏ hơn, không tính hai lần.",
        "Some parcels overlap; the shared ground belongs to the smaller one and is not used twice.",
    ),
    "parcels_slivers": (
        "Có mảnh đất quá nhỏ, không phải thửa thật, đã bị bỏ qua.",
        "Some parcels are slivers with no ground to build on; they are left out.",
    ),
    "parcels_split": (
        "Thửa đất lớn hơn nhiều so với một sân chơi được chia thành các phần, mã có dấu # và số thứ tự; mỗi phần được xét riêng.",
        "Parcels much larger than a play area are cut into plots, with # and a number in the id; each is judged on its own.",
    ),
    "siting_unsurveyed": (
        "Có xã, phường chưa khảo sát sân chơi; trẻ em ở đó không được tính khi chọn địa điểm.",
        "Some communes were not surveyed; their children count nothing in the choice of sites.",
    ),
    "where_selects_nothing": (
        "Điều kiện lọc của một lớp dữ liệu không chọn được đối tượng nào; lớp đó coi là chưa kiểm tra.",
        "The condition of a layer selects no feature; it is not checked.",
    ),
    "plan_not_verified": (
        "Tính lại phương án bằng chương trình riêng cho kết quả khác. Không dùng phương án này; hãy báo lỗi phần mềm.",
        "Separate code came to other numbers for the plan. Do not use it; report the fault.",
    ),
    "terrain_partly": (
        "Dữ liệu độ cao không phủ hết các thửa; ở những thửa đó độ dốc có thể chưa kiểm tra được.",
        "The heights do not reach under every parcel; the slope of some may not be checked.",
    ),
    "fragments": (
        "Có những đoạn đường ngắn trong bản đồ không nối với đường nào; trẻ ở đó được coi là đi từ con đường gần nhất có nối.",
        "Some short ways on the map join no other; children beside them are taken to start from the nearest way that leads on.",
    ),
    "play_areas_empty": (
        "Danh mục sân chơi trống: mọi nơi đã khảo sát được coi là không có sân chơi.",
        "The inventory of play areas is empty: every surveyed commune reads as having none.",
    ),
    "text_decoded": (
        "Chữ trong một lớp dùng bảng mã cũ (TCVN3, VNI…) đã được chuyển sang Unicode; hãy xem lại vài tên.",
        "Text of a layer in an old encoding (TCVN3, VNI…) was turned into Unicode; look at some of the names.",
    ),
    "text_exceptions": (
        "Trong một lớp có vài giá trị dùng bảng mã khác với phần còn lại; đã đọc theo bảng mã của chúng.",
        "Some values of a layer are in another encoding than the rest; they were read in their own.",
    ),
    "text_ambiguous": (
        "Chưa rõ bảng mã chữ của một lớp; chữ được giữ nguyên.",
        "The encoding of a layer's text cannot be told; it is left as it is.",
    ),
    "crs_assumed": (
        "Một lớp không ghi hệ tọa độ; đã lấy hệ mà người làm nghiên cứu xác nhận.",
        "A layer names no CRS; it is taken to be in the one that the study confirms.",
    ),
    "crs_overruled": (
        "Một lớp ghi hệ tọa độ khác; đã lấy hệ mà người làm nghiên cứu xác nhận.",
        "A layer names another CRS; it is taken to be in the one that the study confirms.",
    ),
    "datum_mended": (
        "Một lớp MapInfo đã mất hệ quy chiếu VN-2000 (lệch khoảng 225 m); đã được khôi phục.",
        "A MapInfo layer had lost the datum of VN-2000 (about 225 m); it is restored.",
    ),
    "axes_swapped": (
        "Một lớp ghi X (bắc) trước Y (đông); đã được đổi lại.",
        "A layer gives north before east; the axes were swapped.",
    ),
    "heading_found": (
        "Bảng tính có tiêu đề nhiều dòng; tên cột được ghép lại từ các dòng đó.",
        "A sheet has a heading of several rows; the names of its columns are put together from them.",
    ),
    "numbers_row": (
        "Bảng tính có dòng đánh số cột; dòng đó được bỏ qua.",
        "A sheet has a row that numbers its columns; it is passed over.",
    ),
    "merged_filled": (
        "Bảng tính có ô gộp nhiều dòng; mỗi dòng được điền giá trị của ô đó.",
        "A sheet has cells merged over several rows; each row is given their value.",
    ),
    "merged_numbers": (
        "Bảng tính có số trong ô gộp nhiều dòng: đó là số chung của các dòng, không phải của từng dòng.",
        "A sheet has numbers in cells merged over several rows: they are of all those rows together, and of none alone.",
    ),
    "stray": (
        "Một lớp có hình nằm rất xa vùng này.",
        "A layer has features that lie far from here.",
    ),
    "paper": (
        "Bỏ qua các hình của khung bản in trong bản vẽ.",
        "Shapes of the printed sheets of a drawing are left out.",
    ),
    "hidden": (
        "Bản vẽ có hình ở lớp đang tắt; chúng vẫn được đọc.",
        "A drawing has shapes on layers that are switched off; they are read all the same.",
    ),
    "hatches": (
        "Vùng tô trong bản vẽ không được lấy làm ranh thửa.",
        "Hatches of a drawing are not taken for borders of parcels.",
    ),
    "faces": (
        "Các thửa đất được khép từ đường vẽ của bản vẽ.",
        "Parcels were made of the lines of a drawing.",
    ),
    "gaps": (
        "Bản vẽ thửa đất có chỗ hở giữa các đường; hãy xem lại ranh các thửa ở đó.",
        "The drawing of parcels has gaps between its lines; look at the outlines there.",
    ),
    "loose": (
        "Bản vẽ thửa đất có đường không nối vào đâu.",
        "The drawing of parcels has lines that lead nowhere.",
    ),
    "label_none": (
        "Một số thửa trong bản vẽ không có nhãn: thuộc tính chưa biết.",
        "Some parcels of the drawing hold no text: their attributes are unknown.",
    ),
    "label_several": (
        "Một số thửa trong bản vẽ có nhiều nhãn khác nhau: thuộc tính chưa biết.",
        "Some parcels of the drawing hold texts of several parcels: their attributes are unknown.",
    ),
    "label_area": (
        "Một số thửa ghi diện tích khác với hình vẽ; đã dùng diện tích của hình vẽ.",
        "Some parcels state another area than is drawn; the drawn area is used.",
    ),
}
