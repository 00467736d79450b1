"""Tables as spreadsheets and offices save them, and points read from their columns lon and lat."""

import unicodedata

import pandas as pd
import pytest
from sanchoi.gis.errors import ContractError, SourceError
from sanchoi.gis.sources import table, vector


def text(path, content, encoding="utf-8"):
    path.write_bytes(content.encode(encoding))
    return path


@pytest.mark.parametrize("mark", [",", ";", "\t"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig"])
@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_any_usual_mark_parts_the_columns(tmp_path, mark, encoding, end):
    lines = ["mã|tên|trẻ", "00123|Hòa Phú|7", "00124|Đại Lãnh|"]
    path = text(tmp_path / "t.csv", end.join(lines).replace("|", mark) + end, encoding)
    got = table.read(path)
    assert got.columns.tolist() == ["mã", "tên", "trẻ"]
    assert got["mã"].tolist() == ["00123", "00124"]
    assert got["tên"].tolist() == ["Hòa Phú", "Đại Lãnh"]
    assert got["trẻ"].isna().tolist() == [False, True]


def test_text_is_not_interpreted(tmp_path):
    """ "NA" is a name, "1e3" and "007" are ids, and only an empty cell is unknown."""
    got = table.read(text(tmp_path / "t.csv", "id,b\nNA,null\n1e3,nan\n007,\n"))
    assert got["id"].tolist() == ["NA", "1e3", "007"]
    assert got["b"].tolist()[:2] == ["null", "nan"]
    assert got["b"].isna().tolist() == [False, False, True]


def test_quotes_hold_marks_and_line_ends(tmp_path):
    got = table.read(text(tmp_path / "t.csv", 'id,name\n1,"Hòa Phú, xã"\n2,"a\nb"\n3,"say ""x"""\n'))
    assert got["name"].tolist() == ["Hòa Phú, xã", "a\nb", 'say "x"']


def test_a_tsv_and_one_column(tmp_path):
    assert table.read(text(tmp_path / "t.tsv", "a\tb\n1\t2\n")).to_dict("list") == {"a": ["1"], "b": ["2"]}
    assert table.read(text(tmp_path / "t.csv", "a\n1\n")).to_dict("list") == {"a": ["1"]}
    assert len(table.read(text(tmp_path / "t.csv", "a,b\n"))) == 0


def test_headings_are_composed(tmp_path):
    path = text(tmp_path / "t.csv", unicodedata.normalize("NFD", "mã xã,Trẻ em ") + "\n1,2\n")
    assert table.read(path).columns.tolist() == ["mã xã", "Trẻ em"]


def test_a_workbook_keeps_text_and_numbers(tmp_path):
    pd.DataFrame({"mã": ["00123", "00124"], "trẻ": [7, None], "tỷ lệ": [0.5, 1.0]}).to_excel(
        tmp_path / "t.xlsx", index=False
    )
    got = table.read(tmp_path / "t.xlsx")
    assert got.columns.tolist() == ["mã", "trẻ", "tỷ lệ"]
    assert got["mã"].tolist() == ["00123", "00124"]
    assert (got["trẻ"][0], got["trẻ"].isna().tolist()) == (7, [False, True])
    assert got["tỷ lệ"].tolist() == [0.5, 1.0]


def test_other_encodings_are_refused_with_the_byte(tmp_path):
    """In Windows-1252 é is one byte, the fourth of the second line: byte 5 + 3 of the file."""
    path = text(tmp_path / "t.csv", "a,bé\nHué,1\n", "cp1252")
    with pytest.raises(SourceError, match=r"t\.csv is not in UTF-8 \(byte 3\)"):
        table.read(path)
    with pytest.raises(SourceError, match="UTF-8"):
        table.read(text(tmp_path / "u.csv", "a,b\n1,2\n", "utf-16"))


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("t.xlsx", b""),
        ("t.xlsx", b"no workbook"),
        ("t.xlsx", b"PK\x03\x04 half a workbook"),
        ("t.csv", b""),
        ("t.csv", b'a,b\n1,"2\n'),
        ("t.csv", b"a,b\n1,2,3\n1,2,3,4\n"),
        ("t.csv", None),
        ("t.xlsx", None),
    ],
)
def test_a_broken_or_missing_table_is_named(tmp_path, name, content):
    if content is not None:
        (tmp_path / name).write_bytes(content)
    with pytest.raises(SourceError, match=r"t\.(csv|xlsx) cannot be read"):
        table.read(tmp_path / name)


@pytest.mark.parametrize("name", ["t.ods", "t.xls", "t"])
def test_other_kinds_are_refused(tmp_path, name):
    with pytest.raises(SourceError, match=rf"{name} is not a table.*\.csv, \.tsv, \.xlsx"):
        table.read(tmp_path / name)


POINTS = pd.DataFrame({"id": ["A", "B"], "lon": [105.0, 105.0], "lat": [0.0, 10.0]})
NORTHING_10 = 0.9996 * 1_105_854.83  # of 105° E, 10° N: UTM's scale × the meridian from the equator (WGS 84)


def csv(path):
    POINTS.to_csv(path, index=False)


def semicolons(path):
    POINTS.rename(columns={"lon": " Longitude", "lat": "LAT"}).to_csv(path, index=False, sep=";", encoding="utf-8-sig")


def vietnamese(path):
    headings = {"lon": "Kinh độ", "lat": unicodedata.normalize("NFD", "Vĩ độ")}
    POINTS.rename(columns=headings).to_csv(path, index=False, sep="\t", encoding="utf-8")


def xlsx(path):
    POINTS.to_excel(path, index=False)


@pytest.mark.parametrize(
    ("name", "write"), [("p.csv", csv), ("p.csv", semicolons), ("p.tsv", vietnamese), ("p.xlsx", xlsx)]
)
def test_a_table_with_lon_and_lat_gives_points(tmp_path, name, write):
    """On the central meridian of UTM 48N x is 500 km, and the northing the length of the meridian."""
    write(tmp_path / name)
    got = vector.read(tmp_path / name, crs="EPSG:32648")
    assert got["id"].tolist() == ["A", "B"]
    assert got.geometry.x.tolist() == [pytest.approx(500_000, abs=1e-3)] * 2
    assert got.geometry.y.tolist() == [pytest.approx(0, abs=1e-3), pytest.approx(NORTHING_10, abs=0.1)]
    assert got.attrs["raw"] == ((105.0, 0.0, 105.0, 10.0), "EPSG:4326")


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("id,x,y\nA,1,2\n", ["no columns lon and lat", "id, x, y"]),
        ("id,lon,lat\nA,108.5,15.5\nB,,15.5\n", ["row 3", "(1 rows"]),
        ("id;lon;lat\nA;108,5;15,5\n", ["row 2", "108,5", "decimal point"]),
    ],
)
def test_a_table_without_places_is_refused(tmp_path, text, words):
    (tmp_path / "p.csv").write_text(text, encoding="utf-8")
    with pytest.raises(ContractError) as caught:
        vector.read(tmp_path / "p.csv", name="play_areas")
    assert all(word in str(caught.value) for word in words), str(caught.value)


def test_where_of_a_table(tmp_path):
    csv(tmp_path / "p.csv")
    assert vector.read(tmp_path / "p.csv", where="id = 'B'")["id"].tolist() == ["B"]
