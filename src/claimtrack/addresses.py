"""Addresses of documents: validation, and a key for those that may be the same page.

An address is a URI or IRI (RFC 3986, RFC 3987) with any scheme: `https://...`, `urn:isbn:...`,
`doi:...`, `tg://...`, `archive:fond-12`. A shelf mark without a scheme is none.
"""

import re
import unicodedata
from contextlib import suppress
from urllib.parse import SplitResult, quote, urlsplit

from claimtrack.dois import doi_address
from claimtrack.errors import InvalidValue

_WEB_HOST = re.compile(r"https?://[^/?#]", re.IGNORECASE)
_ASCII_CONTROLS = re.compile(r"[\x00-\x1f\x7f-\x9f]")
_SCHEME = re.compile(r"([A-Za-z][A-Za-z0-9+-]+):(?=.)", re.DOTALL)
"""At least two letters, so that the `C:` of a path is no scheme; no dot, for `example.org:80`.

Source: RFC 3986, 3.1, which allows both; no registered scheme in use has either.
"""
_PROGRAMS = ("javascript", "vbscript", "data", "blob", "about", "view-source")
"""Schemes that hold a program or content, or name what a browser shows, rather than a location."""
_OF_HOSTS = ("http", "https", "ftp", "ftps", "ws", "wss")
"""Schemes whose addresses need a host."""
_JOINERS = "\u200c\u200d"
"""Zero-width (non-)joiners, which occur in words of Persian and Hindi and in emoji."""
_NEVER = re.compile(r'["<>]')
"""Characters that RFC 3986 and RFC 3987 allow nowhere; they come from HTML around an address."""
_HOST = re.compile(r"[^\s,;|'()*+!$&=\\/?#@^`{}]+")
_SECOND = re.compile(
    r"(?:(?<=[,;|\])}'])|(?<=\w)(?<!%[0-9A-Fa-f]{2}))(?:https?|ftp)://"
    r"|(?<=[,;|])[A-Za-z][A-Za-z0-9+-]+://",
    re.IGNORECASE,
)
"""The beginning of a second address, but not one within the first, as in
`.../web/2024/https://...`.
"""
_BETWEEN = re.compile(
    r"(?<![\s,;|])[\s,;|]++(?=[A-Za-z][A-Za-z0-9+-]+:)|\s++(?:and|or|und|et|и|та)\s++|\s++"
)
_PLAIN = re.compile(
    r"https?://[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)+(?:[/?#][A-Za-z0-9/?#&=%._~+@!$*-]*)?", re.ASCII
)
"""Common addresses, which need none of the slower checks."""
_LONGEST = 2_000
"""Bytes of an address at most: a PostgreSQL index entry holds 2,704."""
_LONGEST_SHOWN = 60


def check_address(what: str, text: str) -> None:
    """Refuse a text that is not one address.

    Args:
        what: What the value is, for the sentence.
        text: The text.

    Raises:
        InvalidValue: it is no address, or more than one.
    """
    if why := find_fault(text):
        expected = f"one address with its scheme, such as https://example.org/page, and this {why}"
        raise InvalidValue(what, shorten(text), expected)


def shorten(text: str) -> str:
    """Return a text cut to 60 characters, for a sentence."""
    return text if len(text) <= _LONGEST_SHOWN else f"{text[: _LONGEST_SHOWN - 3]}..."


def find_fault(text: str) -> str | None:
    """Return what is wrong with an address, such as "has no scheme"; None for a valid one."""
    if len(text.encode(errors="replace")) > _LONGEST:
        return f"is longer than {_LONGEST:,} bytes"
    if _PLAIN.fullmatch(text):
        return None
    if text[:1] in ("{", "["):
        return "is JSON"
    if any(letter.isspace() for letter in text):
        several = len(split_addresses(text)) > 1
        return "is more than one" if several else "holds white space"
    if text.strip(_JOINERS) != text or not all(map(_is_visible, text)):
        return "contains an invisible character"
    scheme = _SCHEME.match(text)
    if scheme is None:
        return "has no scheme"
    if _SECOND.search(text, scheme.end()):
        return "is more than one"
    if _NEVER.search(text):
        return "holds a quotation mark or an angle bracket"
    return _fault_of(scheme[1].lower(), text)


def _is_visible(letter: str) -> bool:
    return letter in _JOINERS or unicodedata.category(letter) not in ("Cc", "Cf", "Cs", "Cn")


def _fault_of(scheme: str, text: str) -> str | None:
    """Return what is wrong with an address of a scheme; None for a valid one."""
    if scheme in _PROGRAMS:
        return f"begins with {scheme}:, which names no place"
    if scheme == "file":
        return (
            "names a file that nobody else can open ('claimtrack document capture' keeps its bytes)"
        )
    if scheme not in _OF_HOSTS:
        return None
    try:
        parts = urlsplit(text)
        host, _ = parts.hostname, parts.port
    except ValueError:
        return "names no host"
    if not host or host in _OF_HOSTS or not _HOST.fullmatch(host):
        return "names no host"
    return None


def split_addresses(text: str) -> list[str]:
    """Return the addresses in a text that holds nothing else; empty when it holds anything else.

    They may be separated by white space, commas, semicolons, bars, or a word such as "and".
    """
    parts = [part.strip(",;|") for part in _BETWEEN.split(text.strip())]
    found = [part for part in parts if part]
    return found if all(find_fault(part) is None for part in found) else []


# --- which may be the same ------------------------------------------------------------------------

_WEB = ("http", "https")
_PORTS = (None, 80, 443)
_DOI_HOSTS = ("doi.org", "dx.doi.org")
_TRACKING = frozenset(
    """
    _branch_match_id _ga _gl _hsenc _hsmi _openstat at_campaign at_link_id at_link_origin
    at_link_type at_medium campaign_id cmpid dclid fb_action_ids fb_action_types fb_comment_id
    fb_ref fb_source fbclid gbraid gclid gclsrc gs_l guccounter guce_referrer guce_referrer_sig
    hsctatracking igsh igshid mbid mc_cid mc_eid mibextid mkt_tok ml_subscriber ml_subscriber_hash
    msclkid ns_campaign ns_linkname ns_mchannel ns_source ocid oly_anon_id oly_enc_id pk_campaign
    pk_content pk_cid pk_kwd pk_medium pk_source rb_clickid ref_src ref_url s_cid s_kwcid sc_cid
    smid srsltid ttclid twclid vero_conv vero_id wbraid wickedid wt_mc wt_zmc xtor yclid ymclid
    ysclid
    """.split()  # noqa: SIM905 - a word list reads as one
)
"""Query parameters that track how a reader came to a page, in lower case.

Source: what Firefox strips (Query Parameter Stripping), ClearURLs and Matomo, as of 2025.
"""
_TRACKING_BEGINS = ("utm_", "mtm_", "matomo_", "piwik_", "hsa_", "__cft__", "__tn__")
_TRACKING_AT = {
    "twitter.com": ("s", "t"),
    "x.com": ("s", "t"),
    "youtube.com": ("si", "feature", "pp", "ab_channel"),
    "youtu.be": ("si", "feature"),
    "open.spotify.com": ("si",),
}
_UNRESERVED = re.compile(r"[A-Za-z0-9._~-]")
_KEPT_AS_THEY_ARE = "%/:?#[]@!$&'()*+,;=~"
_ESCAPED = re.compile(r"%([0-9A-Fa-f]{2})")


def comparison_key(address: str) -> str:
    """Return a key that is equal for addresses that may lead to the same page.

    It ignores `http` or `https`, `www.`, the default port, the case of the host, a slash at the
    end, how characters are escaped, tracking parameters and fragments; but a fragment that begins
    with `!` or `/` names a page and counts. All spellings of a DOI have the same key.
    """
    address = doi_address(address) or address
    scheme, _, rest = address.partition(":")
    if scheme.lower() not in _WEB:
        return f"{scheme.lower()}:{rest}"
    try:
        parts = urlsplit(address)
        port = "" if parts.port in _PORTS else f":{parts.port}"
    except ValueError:
        return address
    host = _host(parts.hostname or "")
    path = _normalise(parts.path).removesuffix("/")
    if host in _DOI_HOSTS:
        host, path = _DOI_HOSTS[0], path.lower()
    fragment = parts.fragment.partition(":~:")[0]
    named = f"#{_normalise(fragment)}" if fragment[:1] in ("!", "/") else ""
    user = f"{parts.username}@" if parts.username else ""
    return f"//{user}{host}{port}{path}{_query(parts, host)}{named}"


def _host(name: str) -> str:
    """Return a host in lower case and Punycode, without `www.`."""
    name = name.rstrip(".")
    if not name.isascii():
        with suppress(UnicodeError):
            name = name.encode("idna").decode()
    bare = name.removeprefix("www.")
    return bare if "." in bare else name


def _query(parts: SplitResult, host: str) -> str:
    remaining = [part for part in parts.query.split("&") if part and not _is_tracking(part, host)]
    return f"?{_normalise('&'.join(remaining))}" if remaining else ""


def _is_tracking(part: str, host: str) -> bool:
    name = part.partition("=")[0].lower()
    here = _TRACKING_AT.get(host, ())
    return name in _TRACKING or name.startswith(_TRACKING_BEGINS) or name in here


def _normalise(text: str) -> str:
    """Return a part of an address in one way of percent-encoding (RFC 3986, 6.2.2.2)."""
    escaped = quote(text, safe=_KEPT_AS_THEY_ARE, errors="replace")
    return _ESCAPED.sub(_unescaped, escaped)


def _unescaped(found: re.Match[str]) -> str:
    sign = chr(int(found[1], 16))
    return sign if _UNRESERVED.fullmatch(sign) else found[0].upper()


def to_web_uri(url: str | None) -> str | None:
    """Return an http or https address as a URI that is safe to link to; None for anything else.

    Every export makes links by this rule alone: never of `javascript:` or a file. Characters that a
    URI does not allow are percent-encoded.
    """
    if not url or not _WEB_HOST.match(url) or _ASCII_CONTROLS.search(url):
        return None
    try:
        host = urlsplit(url).hostname and quote(url, safe="%/:?#[]@!$&'()*+,;=~")
    except ValueError:  # such as an unclosed [, or half a character
        return None
    return host or None
