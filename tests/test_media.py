"""What captured bytes are, and the text in them."""

import pytest

from claimtrack import media
from claimtrack.errors import InvalidValue
from claimtrack.media import extract_text, guess_media_type


@pytest.mark.parametrize(
    ("name", "head", "expected"),
    [
        pytest.param("page.html", b"", "text/html", id="by name"),
        pytest.param("PAGE.HTM", b"%PDF-1.7", "text/html", id="the name first"),
        pytest.param("page.html.gz", b"\x1f\x8b", media.UNKNOWN, id="packed"),
        pytest.param("-", b"\xef\xbb\xbf\n<!DOCTYPE HTML>\n", "text/html", id="a page"),
        pytest.param("-", b"<!-- saved --><html lang=ru>", "text/html", id="after a comment"),
        pytest.param("-", b"%PDF-1.7\n", "application/pdf", id="a PDF"),
        pytest.param("-", "Привет".encode(), "text/plain", id="a text"),
        pytest.param("-", "Привет".encode()[:-1], "text/plain", id="a text cut within a letter"),
        pytest.param("-", b"\xcf\xf0", media.UNKNOWN, id="a text in no known encoding"),
        pytest.param("-", b"a\x00b", media.UNKNOWN, id="something else"),
    ],
)
def test_the_media_type_is_guessed(name: str, head: bytes, expected: str) -> None:
    assert guess_media_type(name, head) == expected


PAGE = """<!doctype html><html><head><title>Title</title><style>p{}</style></head>
<body><script>x < y</script><template><p>none</template><!-- none -->
<h1>Kremlin&#39;s  answer</h1><p>He&nbsp;said <b>&laquo;no</b>pe&raquo;,
<a href=x>again</a>.<br>Then&#x301; 😀<ul><li>one<li>two</ul><table><tr><td>a<td>b</table>
<pre>  x
  y</pre>end</body></html>"""
LINES = "Kremlin's answer\nHe said «nope», again.\nThen\u0301 😀\none\ntwo\na\nb\nx y\nend"


@pytest.mark.parametrize("media_type", ["text/html", "application/xhtml+xml", "TEXT/HTML; a=b"])
def test_a_page_is_read_as_it_is_shown(media_type: str) -> None:
    assert extract_text(PAGE.encode(), media_type) == LINES


def test_a_plain_text_keeps_its_lines_and_its_spaces() -> None:
    said = "\ufeffone\u00a0 two\r\n\r\nthree\n"
    assert extract_text(said.encode(), "text/plain") == "one  two\n\nthree\n"


def test_a_deep_page_loses_nothing() -> None:
    assert extract_text(b"<div>" * 20_000 + b"deep", "text/html") == "deep"


@pytest.mark.parametrize(
    ("content", "media_type"),
    [
        pytest.param(b"<meta charset='windows-1251'><p>%s", "text/html", id="a meta element"),
        pytest.param(
            b'<meta http-equiv=Content-Type content="text/html; charset=windows-1251">%s',
            "text/html",
            id="an older one",
        ),
        pytest.param(b"<meta charset=utf-8><p>%s", "text/html; charset=cp1251", id="from outside"),
        pytest.param(b"%s", "text/plain; charset=windows-1251", id="a plain text"),
    ],
)
def test_the_declared_encoding_is_used(content: bytes, media_type: str) -> None:
    said = "Путин"
    assert extract_text(content % said.encode("cp1251"), media_type) == said


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16"])
def test_a_byte_order_mark_decides(encoding: str) -> None:
    page = "<meta charset=windows-1251><p>Путин".encode(encoding)
    assert extract_text(page, "text/html; charset=koi8-r") == "Путин"


def test_latin_1_means_what_browsers_read() -> None:
    assert extract_text(b"<meta charset=iso-8859-1>\x93no\x94", "text/html") == "“no”"


@pytest.mark.parametrize(
    ("content", "media_type", "sentence"),
    [
        pytest.param(b"%PDF-", "application/pdf", "expected text/plain, or text/html", id="a PDF"),
        pytest.param(
            "Путин".encode("cp1251"), "text/plain", "encoding 'utf-8'.*byte 0 is not", id="no UTF-8"
        ),
        pytest.param(
            b"<meta charset=shift_jis>\xff",
            "text/html",
            "encoding 'shift_jis'.*byte 24 is not: name the right one with --encoding",
            id="not the one declared",
        ),
        pytest.param(b"<meta charset=x-y>a", "text/html", "encoding 'x-y'.*is known", id="unknown"),
        pytest.param(b"a", "text/plain; charset=hex", "encoding 'hex'.*is known", id="no charset"),
        pytest.param(b"a", "text/plain; charset=idna", "'idna'.*is known", id="nor that"),
        pytest.param(b"<p> &nbsp; <br>", "text/html", "expected words", id="no words"),
        pytest.param(b"a\x00b", "text/plain", "no NUL", id="a NUL"),
    ],
)
def test_what_makes_no_text_is_refused(content: bytes, media_type: str, sentence: str) -> None:
    with pytest.raises(InvalidValue, match=sentence):
        extract_text(content, media_type)


def test_more_than_a_text_can_be_made_of_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(media, "MAX_TEXT_BYTES", 4)
    with pytest.raises(InvalidValue, match="size 5 is not valid: expected 4 bytes at most"):
        extract_text(b"12345", "text/plain")


def test_another_encoding_can_be_named() -> None:
    page = "<meta charset=utf-8><p>Путин".encode("cp1251")
    assert extract_text(page, "text/html", "windows-1251") == "Путин"
