"""What is an address, which addresses may be one, and where that is asked."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from casebook import Casebook
from claimtrack import addresses, changes, db
from claimtrack.changes import PendingRecord
from claimtrack.db import sessions
from claimtrack.errors import InvalidValue
from claimtrack.models import Document
from claimtrack.records import get
from claimtrack.reports.lints import WARNINGS
from claimtrack.schemas import NewDocument
from claimtrack.validation import validate_record
from commandline import CommandLine
from conftest import NewTarget


@pytest.fixture
def cli(new_target: NewTarget) -> Iterator[CommandLine]:
    """The command line at an empty casebook."""
    with new_target("sqlite") as target:
        yield CommandLine(target)


@pytest.fixture
def older(new_target: NewTarget) -> Iterator[CommandLine]:
    """The command line at a casebook with what is no address."""
    with new_target("sqlite") as target:
        with sessions.writing(db.connect(target), author="Test Analyst") as session:
            Casebook(session).document("D", url="RG 59")
        yield CommandLine(target)


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("https://example.org/a?b=1,2;c#d", id="of the web"),
        pytest.param("HTTP://EXAMPLE.ORG", id="in capitals"),
        pytest.param("https://uk.wikipedia.org/wiki/Львів_(місто)", id="letters of any script"),
        pytest.param("https://кремль.рф/вести", id="a host in Cyrillic"),
        pytest.param("https://hi.example/क्\u200dष", id="a joiner within a word"),
        pytest.param("https://web.archive.org/web/2024id_/https://example.org/", id="archived"),
        pytest.param("https://example.org/login?to=https://other.example/", id="one as parameter"),
        pytest.param("https://example.org/?u=https%3A%2F%2Fother.example", id="one escaped"),
        pytest.param("https://[2001:db8::1]:8080/x", id="a host by number"),
        pytest.param("https://ann@example.org/", id="a user"),
        pytest.param("http://localhost/x", id="a host of one word"),
        pytest.param("urn:isbn:9780140328721", id="urn"),
        pytest.param("doi:10.1000/ex.1", id="doi"),
        pytest.param("tg://resolve?domain=channel&post=1", id="tg"),
        pytest.param("archive:fond-1/opis-2/delo-3", id="an archive with a scheme of its own"),
        pytest.param("ftp://example.org/a", id="ftp"),
    ],
)
def test_an_address_is_one(text: str) -> None:
    assert addresses.find_fault(text) is None


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        pytest.param("not a url", "holds white space", id="words"),
        pytest.param("https://example.org/a b", "holds white space", id="a space"),
        pytest.param("https://example.org/a\u00a0b", "holds white space", id="a no-break space"),
        pytest.param("https://example.org/a\nb", "holds white space", id="a line feed"),
        pytest.param(
            "https://example.org/\x1b[31m", "contains an invisible character", id="an escape"
        ),
        pytest.param(
            "https://example.org/\u202egnp", "contains an invisible character", id="turned"
        ),
        pytest.param(
            "https://exa\u200bmple.org/", "contains an invisible character", id="no width"
        ),
        pytest.param(
            "https://example.org/\u200d", "contains an invisible character", id="a joiner at end"
        ),
        pytest.param("example.org/a", "has no scheme", id="no scheme"),
        pytest.param("www.example.org", "has no scheme", id="www"),
        pytest.param("//example.org/a", "has no scheme", id="the scheme left out"),
        pytest.param("example.org:8080/a", "has no scheme", id="a port for a scheme"),
        pytest.param("NARA-RG59-1234", "has no scheme", id="a shelf mark"),
        pytest.param("C:\\papers\\a.pdf", "has no scheme", id="a path"),
        pytest.param("urn:", "has no scheme", id="a scheme alone"),
        pytest.param("https://", "names no host", id="no host"),
        pytest.param("https:/example.org", "names no host", id="one slash"),
        pytest.param("https://https://example.org", "names no host", id="the scheme twice"),
        pytest.param("https://example.org:99999/", "names no host", id="no port"),
        pytest.param("https://[1/", "names no host", id="a bracket"),
        pytest.param("https://a.example,b.example/", "names no host", id="two hosts"),
        pytest.param('{"url": "https://example.org"}', "is JSON", id="a JSON object"),
        pytest.param('["https://example.org"]', "is JSON", id="a JSON list"),
        pytest.param('https://example.org/">link</a>', "holds a quotation", id="HTML"),
        pytest.param("https://a.example/1, https://b.example/2", "is more than one", id="a comma"),
        pytest.param("https://a.example/1,https://b.example/2", "is more than one", id="no space"),
        pytest.param("https://a.example/1;https://b.example/2", "is more than one", id="semicolon"),
        pytest.param("https://a.example/1|https://b.example/2", "is more than one", id="a bar"),
        pytest.param("https://a.example/1\nhttps://b.example/2", "is more than one", id="lines"),
        pytest.param("https://a.example/1 and https://b.example/2", "is more than one", id="and"),
        pytest.param("https://a.example/1https://b.example/2", "is more than one", id="joined"),
        pytest.param("doi:10.1/a;https://b.example", "is more than one", id="other schemes"),
        pytest.param("javascript:alert(1)", "begins with javascript:", id="a program"),
        pytest.param("JavaScript:alert(1)", "begins with javascript:", id="one in capitals"),
        pytest.param("data:text/plain,x", "begins with data:", id="a content"),
        pytest.param("file:///home/ann/a.pdf", "names a file", id="a file"),
        pytest.param(f"https://example.org/{'a' * 2000}", "is longer than 2,000", id="too long"),
    ],
)
def test_what_is_no_single_address_has_a_fault(text: str, fault: str) -> None:
    found = addresses.find_fault(text)
    assert found is not None
    assert found.startswith(fault)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param("https://a.example/1, https://b.example/2", ["/1", "/2"], id="a comma"),
        pytest.param("https://a.example/1;https://b.example/2", ["/1", "/2"], id="a semicolon"),
        pytest.param("https://a.example/1\nhttps://b.example/2\n", ["/1", "/2"], id="lines"),
        pytest.param("https://a.example/1 and https://b.example/2", ["/1", "/2"], id="and"),
        pytest.param("https://a.example/1", ["/1"], id="one"),
        pytest.param("https://a.example/1 (see p. 2)", [], id="words beside"),
        pytest.param("", [], id="nothing"),
        pytest.param(f"https://a.example/1{',' * 100_000}x", [], id="very many commas"),
    ],
)
def test_a_list_of_addresses_is_split_where_it_holds_nothing_else(
    text: str, expected: list[str]
) -> None:
    assert [one[-2:] for one in addresses.split_addresses(text)] == expected


@pytest.mark.parametrize(
    "other",
    [
        pytest.param("http://example.org/a", id="http"),
        pytest.param("https://example.org/a/", id="a slash at the end"),
        pytest.param("https://www.example.org/a", id="www"),
        pytest.param("https://EXAMPLE.org./a", id="the host spelled otherwise"),
        pytest.param("https://example.org:443/a", id="the usual port"),
        pytest.param("http://example.org:80/a", id="the usual port of http"),
        pytest.param("https://example.org/a#part", id="a fragment"),
        pytest.param("https://example.org/a#:~:text=words", id="a text fragment"),
        pytest.param("https://example.org/a?utm_source=x&fbclid=y&gclid=z", id="tracking"),
        pytest.param("https://example.org/a?UTM_Source=x", id="tracking in capitals"),
        pytest.param("https://example.org/%61", id="a letter escaped"),
        pytest.param("HTTP://www.example.org/a/?igshid=1#x", id="all together"),
    ],
)
def test_addresses_may_be_one_that_differ_in_nothing_that_matters(other: str) -> None:
    assert addresses.comparison_key(other) == addresses.comparison_key("https://example.org/a")


@pytest.mark.parametrize(
    "other",
    [
        pytest.param("https://example.org/A", id="the case of the path"),
        pytest.param("https://example.org/a?id=1", id="a parameter"),
        pytest.param("https://example.org/a?id=1&utm_source=x", id="a parameter beside tracking"),
        pytest.param("https://example.org/a#!/page", id="a page behind #!"),
        pytest.param("https://example.org/a#/page", id="a page behind #/"),
        pytest.param("https://example.org:8080/a", id="another port"),
        pytest.param("https://m.example.org/a", id="another host"),
        pytest.param("https://ann@example.org/a", id="a user"),
        pytest.param("ftp://example.org/a", id="another scheme"),
    ],
)
def test_addresses_are_two_that_differ_in_more(other: str) -> None:
    assert addresses.comparison_key(other) != addresses.comparison_key("https://example.org/a")


@pytest.mark.parametrize(
    ("one", "other"),
    [
        pytest.param("https://кремль.рф/я", "https://xn--e1ajeds9e.xn--p1ai/%d1%8F", id="IDN"),
        pytest.param("https://dx.doi.org/10.1/AB", "http://doi.org/10.1/ab", id="a DOI"),
        pytest.param(
            "doi:10.1000/AB", "https://www.doi.org/10.1000/ab?x=1#y", id="a DOI by itself"
        ),
        pytest.param("https://x.com/a/status/1?s=20", "https://x.com/a/status/1", id="X"),
        pytest.param("https://example.org", "http://www.example.org/", id="a host alone"),
        pytest.param("https://a.example/#!x:~:text=y", "https://a.example/#!x", id="text of #!"),
    ],
)
def test_addresses_may_be_one_however_they_are_spelled(one: str, other: str) -> None:
    assert addresses.comparison_key(one) == addresses.comparison_key(other)


# --- where it is asked ----------------------------------------------------------------------------


def test_a_new_document_with_what_is_no_address_is_refused(cli: CommandLine) -> None:
    cli.does("actor", "add", "Ann", "--kind", "person")
    add = ("document", "add", "--publisher", "ann", "--title", "T")
    assert cli.refuses(*add, "--url", "not a url") == (
        2,
        "url 'not a url' is not valid: expected one address with its scheme, such as "
        "https://example.org/page, and this holds white space",
    )
    code, sentence = cli.refuses(*add, "--archive-url", "archive.today/x")
    assert (code, sentence.split(",")[-1]) == (2, " and this has no scheme")
    cli.does(*add, "--ref", "D", "--url", "https://example.org/a")
    code, sentence = cli.refuses("document", "edit", "D", "--url", "see note 3")
    assert (code, sentence[:17]) == (2, "url 'see note 3' ")


def test_a_document_of_an_older_casebook_keeps_what_is_no_address(case: Casebook) -> None:
    case.document("D", url="RG 59", archive_url="shelf 3")
    session = case.session
    list(changes.describe_unchecked_addresses(session))  # from now on new ones are refused
    case.put(NewDocument, ref="D", title="A letter")
    document = get(session, Document, "D")
    assert (document.title, document.url, document.archive_url) == ("A letter", "RG 59", "shelf 3")
    with pytest.raises(InvalidValue, match=r"^url 'RG 60' is not valid"):
        case.put(NewDocument, ref="D", url="RG 60")
    (outcome,) = changes.put_many(
        session,
        [
            PendingRecord(
                validate_record(NewDocument, {"ref": "E", "publisher": "press", "url": "RG 60"})
            )
        ],
    )
    assert isinstance(outcome, InvalidValue)
    case.put(NewDocument, ref="D", url=None)
    assert document.url is None


def test_removing_what_replaced_it_brings_an_old_address_back(older: CommandLine) -> None:
    line = older
    line.does("document", "edit", "D", "--url", "https://example.org/a")
    change = line.does("log", "--format", "csv", "--limit", "1").splitlines()[1].split(",")[3]
    line.does("revert", change)
    assert "RG 59" in line.does("document", "show", "D")


def test_the_dump_of_an_older_casebook_can_be_loaded(
    older: CommandLine, cli: CommandLine, tmp_path: Path
) -> None:
    file = tmp_path / "old.yaml"
    older.does("dump", "--output", str(file))
    answer = cli.run("load", str(file))
    assert answer.code == 0
    assert (
        "warning: url 'RG 59' of D is not one address, as it holds white space: kept as it is, "
        "and listed by 'claimtrack check'"
    ) in answer.stderr
    assert cli.does("dump") == file.read_text(encoding="utf-8")
    assert "warning" not in cli.run("load", str(file)).stderr


def test_the_tables_of_an_older_casebook_can_be_imported(
    older: CommandLine, cli: CommandLine, tmp_path: Path
) -> None:
    folder = str(tmp_path / "tables")
    older.does("export", "datapackage", folder)
    answer = cli.run("import", "tables", folder)
    assert answer.code == 0
    assert "warning: url 'RG 59' of D is not one address" in answer.stderr
    assert cli.does("dump") == older.does("dump")


def test_of_many_texts_that_are_no_addresses_some_are_named(case: Casebook) -> None:
    case.actor("press")
    changes.accept_any_address(case.session)
    for number in range(20):
        case.put(NewDocument, ref=f"D{number}", publisher="press", url=f"RG {number}")
    told = list(changes.describe_unchecked_addresses(case.session))
    assert len(told) == 9
    assert told[-1] == "and 12 more texts that are not addresses"


WORKS = """[
 {"id": "x1", "type": "webpage", "title": "T1", "URL": "https://www.example.org/a/?utm_source=x"},
 {"id": "x2", "type": "webpage", "title": "T2", "URL": "http://example.org/a#top"},
 {"id": "x3", "type": "webpage", "title": "T3", "URL": "http://example.org/b"}
]"""


def test_an_import_notes_which_documents_may_be_one(cli: CommandLine, tmp_path: Path) -> None:
    file = tmp_path / "works.json"
    file.write_text(WORKS, encoding="utf-8")
    answer = cli.run("import", "csl-json", str(file))
    assert [line for line in answer.stderr.splitlines() if "may be" in line] == [
        "warning: url 'https://www.example.org/a/?utm_source=x' may be the address of 'x2' as well "
        "(1 time)",
        "warning: url 'http://example.org/a#top' may be the address of 'x1' as well (1 time)",
    ]
    assert "may be" not in cli.run("import", "csl-json", str(file)).stderr
    file.write_text(WORKS.replace("x3", "x4").replace("/b", "/a?"), encoding="utf-8")
    told = cli.run("import", "csl-json", str(file)).stderr
    assert "url 'http://example.org/a?' may be the address of 'x1' as well" in told


def test_an_import_names_no_protected_document_that_may_be_one(
    cli: CommandLine, tmp_path: Path
) -> None:
    cli.does("actor", "add", "Ann", "--kind", "person")
    secret = ("--ref", "SECRET", "--url", "https://example.org/b/", "--protected")
    cli.does("document", "add", "--publisher", "ann", *secret)
    file = tmp_path / "works.json"
    file.write_text(WORKS, encoding="utf-8")
    assert "example.org/b" not in cli.run("import", "csl-json", str(file)).stderr
    assert "same_address" in cli.does("check", "--format", "csv")
    file.write_text(WORKS.replace("x3", "x4").replace("/b", "/b#"), encoding="utf-8")
    told = cli.run("import", "csl-json", str(file), "--include-protected").stderr
    assert "url 'http://example.org/b#' may be the address of 'SECRET' as well" in told


def test_an_import_leaves_out_and_names_what_is_no_address(
    cli: CommandLine, tmp_path: Path
) -> None:
    file = tmp_path / "works.json"
    file.write_text(WORKS.replace("http://example.org/b", "see note 3"), encoding="utf-8")
    said = cli.run("import", "csl-json", str(file)).stderr
    assert "warning: URL 'see note 3' is not an address, and is left out (1 time)" in said
    assert "see note 3" not in cli.does("document", "list", "--format", "csv")


def test_check_names_documents_whose_addresses_may_be_one(case: Casebook) -> None:
    case.document("A", url="https://example.org/a").document("B", url="http://www.example.org/a/")
    case.document("C", url="https://example.org/c").document("D", url="https://example.org/c#2")
    case.document("D", canonical="C").document("E")
    assert list(WARNINGS["same_address"](case.session)) == [
        (
            ("A", "B"),
            "the addresses of A (https://example.org/a) and B (http://www.example.org/a/) may be "
            "one: keep one document, or make it the canonical one of the others with 'claimtrack "
            "document edit REF --canonical'",
        )
    ]


def test_check_lists_addresses_that_are_none(case: Casebook) -> None:
    case.document("D", url="RG 59", archive_url="example.org/a").document("E", url="urn:isbn:1")
    assert list(WARNINGS["bad_address"](case.session)) == [
        (("D",), "url 'RG 59' of D is not one address: it holds white space"),
        (("D",), "archive_url 'example.org/a' of D is not one address: it has no scheme"),
    ]
