"""Photos and documents: what is kept of them, what is refused, and how they leave again."""

import io
import os
import struct
import zlib
from dataclasses import replace

import pytest
from PIL import Image
from sanchoi.api import uploads
from sanchoi.api.uploads import attachments, pictures
from sanchoi.api.uploads.limits import DEFAULT
from sanchoi.api.uploads.words import Refused
from upload_files import zipped


def picture(size=(40, 30), kind="JPEG", mode="RGB", colour="red", **options):
    sink = io.BytesIO()
    Image.new(mode, size, colour).save(sink, kind, **options)
    return sink.getvalue()


def with_position(size=(40, 20), orientation=6):
    """A JPEG with the camera's maker, a place (15.5° N, 108.1° E), a comment, a profile, and turned by a quarter."""
    exif = Image.Exif()
    exif[0x010F] = "Maker of cameras"
    exif[0x0112] = orientation
    exif.get_ifd(0x8825).update({1: "N", 2: (15.0, 30.0, 0.0), 3: "E", 4: (108.0, 6.0, 0.0)})
    image = Image.new("RGB", size, "blue")
    image.paste("red", (0, 0, size[0] // 2, size[1]))
    sink = io.BytesIO()
    image.save(sink, "JPEG", exif=exif, comment=b"a secret comment", icc_profile=b"profile" * 50, quality=95)
    return sink.getvalue()


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
def test_a_photo_is_made_anew(home, kind):
    kept = uploads.photo(picture((2000, 1000), kind), "a", home)
    assert (kept.media_type, kept.extension, kept.width, kept.height) == ("image/jpeg", "jpg", 1600, 800)
    with Image.open(io.BytesIO(kept.bytes)) as image:
        assert (image.format, image.size) == ("JPEG", (1600, 800))
        red, green, blue = image.getpixel((800, 400))
    assert red > 240
    assert max(green, blue) < 20


def test_positions_and_comments_are_dropped_and_the_photo_is_upright(home):
    sent = with_position()
    assert b"secret comment" in sent
    assert b"Maker" in sent
    kept = uploads.photo(sent, "a.jpg", home)
    assert (kept.width, kept.height) == (20, 40)  # turned by a quarter
    with Image.open(io.BytesIO(kept.bytes)) as image:
        assert dict(image.getexif()) == {}
        assert image.getexif().get_ifd(0x8825) == {}
        assert not {"comment", "icc_profile", "exif", "xmp"} & set(image.info)
        top, bottom = image.getpixel((10, 5)), image.getpixel((10, 34))
    assert top[0] > 200 > 60 > top[2]  # orientation 6: what was left is now above
    assert bottom[2] > 200 > 60 > bottom[0]
    for part in (b"Exif", b"GPS", b"secret", b"Maker", b"ICC_PROFILE", b"profileprofile"):
        assert part not in kept.bytes


@pytest.mark.usefixtures("near")
@pytest.mark.parametrize(
    ("mode", "kind"), [("RGBA", "PNG"), ("LA", "PNG"), ("P", "PNG"), ("1", "PNG"), ("I;16", "PNG"), ("CMYK", "JPEG")]
)
def test_photos_of_every_mode(home, mode, kind):
    kept = uploads.photo(picture((20, 10), kind, mode, 0), "a", home)
    with Image.open(io.BytesIO(kept.bytes)) as image:
        assert (image.mode, image.size) == ("RGB", (20, 10))


@pytest.mark.usefixtures("near")
def test_what_is_clear_becomes_white(home):
    kept = uploads.photo(picture((20, 10), "PNG", "RGBA", (255, 0, 0, 0)), "a", home)
    with Image.open(io.BytesIO(kept.bytes)) as image:
        assert min(image.getpixel((10, 5))) > 250


def bomb(width, height):
    """A PNG of a few bytes that says it is huge."""

    def chunk(kind, data):
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    body = zlib.compress(b"\x00" * 1_000_000, 9)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", body) + chunk(b"IEND", b"")


def test_decompression_bomb(refused):
    assert refused(bomb(30_000, 30_000), what=uploads.photo) == "pixels"


@pytest.mark.usefixtures("near")
def test_photos_that_are_refused(refused):
    def ask(data, status=422, **options):
        return refused(data, what=uploads.photo, status=status, **options)

    assert ask(bomb(7_072, 7_072)) == "pixels"  # 50,013,184
    few = replace(DEFAULT, pixels=200)
    assert ask(picture((20, 11), "PNG"), limits=few) == "pixels"
    assert ask(b"") == "empty"
    assert ask(picture()[:300]) == "broken"
    assert ask(b"\xff\xd8\xff" + os.urandom(500)) == "broken"
    assert ask(b"GIF89a" + b"\x00" * 50, 415) == "photo_kind"
    assert ask(b"<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>", 415) == "photo_kind"
    assert ask(b"%!PS-Adobe-3.0 EPSF-3.0", 415) == "photo_kind"
    assert ask(b"\x00\x00\x00\x18ftypheic" + b"\x00" * 50, 415) == "heic"
    assert ask(picture(), 413, limits=replace(DEFAULT, photo_bytes=100)) == "large"


@pytest.mark.usefixtures("near")
def test_the_limit_of_pixels_holds_for_the_photo_alone():
    before = Image.MAX_IMAGE_PIXELS
    pictures.remake(picture((20, 20)), "JPEG", replace(DEFAULT, pixels=400))
    with pytest.raises(Refused):
        pictures.remake(picture((21, 20)), "JPEG", replace(DEFAULT, pixels=400))
    assert before == Image.MAX_IMAGE_PIXELS


def test_pixels_just_at_the_limit(home):
    assert uploads.photo(picture((20, 10), "PNG"), "a", home, limits=replace(DEFAULT, pixels=200)).width == 20


def test_heic_says_what_to_do(words):
    told = words(b"\x00\x00\x00\x18ftypheic" + b"\x00" * 50, what=uploads.photo)
    assert "Most Compatible" in told


# ── Documents ───────────────────────────────────────────────────────────────────────────────────────────────────


def office(part, types=b"<Types/>", **more):
    return zipped({"[Content_Types].xml": types, part: b"<x/>", **more})


@pytest.mark.usefixtures("near")
@pytest.mark.parametrize(
    ("data", "extension"),
    [
        (b"%PDF-1.7\n%%EOF", "pdf"),
        (office("word/document.xml"), "docx"),
        (office("xl/workbook.xml"), "xlsx"),
        (office("word/document.xml", **{"word/embeddings/a.xlsx": b"x"}), "docx"),
        (zipped({"mimetype": b"application/vnd.oasis.opendocument.text", "content.xml": b"<x/>"}), "odt"),
        ("Biên bản họp xã\t1\r\n".encode(), "txt"),
        ("\ufeffĐồng ý".encode("utf-16"), "txt"),
        (b"a < b and c > d", "txt"),
    ],
)
def test_documents_are_kept_as_they_are(home, data, extension):
    kept = uploads.document(data, "a", home)
    assert kept.bytes == data
    assert kept.extension == extension
    assert kept.width is None


def test_a_document_goes_through_a_worker(home, refused):
    assert uploads.document(office("word/document.xml"), "Tờ trình.docx", home).extension == "docx"
    assert (
        refused(office("word/document.xml", **{"word/vbaProject.bin": b"x"}), what=uploads.document, status=415)
        == "macros"
    )


MACROS = b'<Types><Override ContentType="application/vnd.ms-word.document.macroEnabled.main+xml"/></Types>'


@pytest.mark.usefixtures("near")
@pytest.mark.parametrize(
    ("data", "name", "reason", "status"),
    [
        (office("word/document.xml", **{"word/vbaProject.bin": b"x"}), "a.docx", "macros", 415),
        (office("word/document.xml", MACROS), "a.docx", "macros", 415),
        (office("xl/workbook.xml", **{"xl/macrosheets/s.xml": b"x"}), "a.xlsx", "macros", 415),
        (office("word/document.xml", **{"word/a.exe": b"x"}), "a.docx", "macros", 415),
        (zipped({"mimetype": b"application/vnd.oasis.opendocument.text", "Basic/a.xml": b""}), "a.odt", "macros", 415),
        (office("word/document.xml"), "a.docm", "macros", 415),
        (office("word/document.xml"), "a.XLSM ", "macros", 415),
        (zipped({"a.txt": b"x"}), "a.zip", "document_kind", 415),
        (zipped({"mimetype": b"application/epub+zip"}), "a.odt", "document_kind", 415),
        (office("word/document.xml", **{"../../etc/passwd": b"x"}), "a.docx", "path", 422),
        (office("word/document.xml", b"\x00" * 60_000_000), "a.docx", "inflates", 422),
        (b"MZ\x90\x00", "a.exe", "document_kind", 415),
        (b"MZ plain text", "a.txt", "document_kind", 415),
        (b"\x7fELF", "a", "document_kind", 415),
        (b"#!/bin/sh", "a", "document_kind", 415),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "a.doc", "document_kind", 415),
        (b"alert(1)", "a.js", "document_kind", 415),
        (b"hello", "a.html", "document_kind", 415),
        (b"hello", "a.txt.hta.", "document_kind", 415),
        (b"<!doctype html><p>x", "a.txt", "markup", 415),
        (b"\xef\xbb\xbf  <HTML>", "a.txt", "markup", 415),
        (b"text and then < script >alert(1)", "a.txt", "markup", 415),
        (b"<svg onload=alert(1)>", "a.txt", "markup", 415),
        ("<script>".encode("utf-16"), "a.txt", "markup", 415),
        (b"a\x00b", "a.txt", "document_kind", 415),
        (b"\xff\xfe\x00", "a.txt", "document_kind", 415),
        (b"\xe1\xe2", "a.txt", "document_kind", 415),
        (b"", "a.txt", "empty", 422),
    ],
)
def test_documents_that_are_refused(refused, data, name, reason, status):
    assert refused(data, name, what=uploads.document, status=status) == reason


# ── What is kept ────────────────────────────────────────────────────────────────────────────────────────────────

KEPT = uploads.Kept(b"%PDF-1.7", "application/pdf", "pdf")


def test_attachments_come_back(home):
    import hashlib

    name = attachments.put(home, KEPT)
    assert name == hashlib.sha256(b"%PDF-1.7").hexdigest()
    assert attachments.put(home, KEPT) == name
    place = attachments.path(home, name)
    assert place == home.data / "attachments" / name[:2] / name
    assert place.read_bytes() == KEPT.bytes
    assert [each.name for each in place.parent.iterdir()] == [name]
    assert place.stat().st_mode & 0o777 == 0o600
    assert attachments.delete(home, name)
    assert not attachments.delete(home, name)
    assert attachments.path(home, name) is None
    assert attachments.response(home, name, "a.pdf", "application/pdf") is None


def test_it_is_on_the_disk_before_it_is_said_to_be_kept(home, monkeypatch):
    synced = []
    fsync = os.fsync
    monkeypatch.setattr(
        os, "fsync", lambda handle: (synced.append(os.readlink(f"/proc/self/fd/{handle}")), fsync(handle))
    )
    name = attachments.put(home, KEPT)
    assert name in synced[0]
    assert synced[1:] == [str(home.data / "attachments" / name[:2]), str(home.data / "attachments"), str(home.data)]


def test_a_disk_that_is_full_leaves_nothing_half_kept(home, monkeypatch):
    def full(handle):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(OSError, match="No space"):
        attachments.put(home, KEPT)
    assert [path for path in (home.data / "attachments").rglob("*") if path.is_file()] == []


@pytest.mark.parametrize("name", ["", "..", "../../etc/passwd", "a" * 63, "A" * 64, "a" * 63 + "/", "a" * 64 + "\n"])
def test_names_that_are_no_hash(home, name):
    assert attachments.path(home, name) is None
    assert not attachments.delete(home, name)


def test_they_leave_as_downloads_under_their_own_policy(home):
    name = attachments.put(home, KEPT)
    answer = attachments.response(home, name, "Tờ trình Đợt 1.pdf", "application/pdf")
    assert answer.body == KEPT.bytes
    headers = answer.headers
    assert headers["content-security-policy"].startswith("sandbox; default-src 'none'")
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["cross-origin-resource-policy"] == "same-origin"
    assert headers["content-disposition"] == (
        "attachment; filename=\"To trinh Dot 1.pdf\"; filename*=UTF-8''T%E1%BB%9D%20tr%C3%ACnh%20%C4%90%E1%BB%A3t%201.pdf"
    )


@pytest.mark.parametrize(
    ("name", "wanted"),
    [
        ('a"\r\nSet-Cookie: x=1.pdf', "aSet-Cookie x=1.pdf"),
        ("../../etc/passwd", "passwd"),
        ("C:\\Users\\a\\b.pdf", "b.pdf"),
        ("\u202efdp.exe", "fdp.exe"),
        ("", "file"),
        ("...", "file"),
        ("x" * 300 + ".pdf", "x" * 96 + ".pdf"),
    ],
)
def test_names_of_downloads(name, wanted):
    assert attachments.safe_name(name) == wanted
    header = attachments.disposition(name)
    assert header.startswith("attachment; ")
    assert not {"\r", "\n"} & set(header)
    assert header.isascii()


def test_only_photos_made_anew_are_shown(home):
    photo = uploads.Kept(picture(), "image/jpeg", "jpg", 40, 30)
    shown = attachments.picture(home, attachments.put(home, photo))
    assert shown.media_type == "image/jpeg"
    assert shown.headers["x-content-type-options"] == "nosniff"
    assert attachments.picture(home, attachments.put(home, KEPT)) is None
    assert attachments.picture(home, "0" * 64) is None
