"""The rules of a profile, worked out on one row; nothing is read from the database or written."""

import hashlib
import re
from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from typing import Any

from claimtrack.dates import Span
from claimtrack.errors import Invalid
from claimtrack.exchange.celldates import Reading, read_date, widened
from claimtrack.exchange.notes import Notes
from claimtrack.exchange.profile import (
    HOLE,
    Dates,
    Each,
    Profile,
    Rule,
    Scale,
    Use,
    When,
    holes,
)
from claimtrack.exchange.ratings import rated
from claimtrack.vocab import REF_PATTERN

UNKNOWN = "is unknown to the profile and left empty"
"""Why a text that no map and no pattern knows is not taken over."""
_LONGEST_REF = 64
_DIGITS_OF_DIGEST = 16


class Cells:
    """The cells of one row by name, with what a profile makes of them and of their parts."""

    def __init__(self, profile: Profile, row: Mapping[str, Any], notes: Notes) -> None:
        self.profile, self.notes = profile, notes
        self._row = row
        self._made: dict[str, str] = {}

    def within(self, part: Mapping[str, Any]) -> "Cells":
        """Return the same cells with those of a part of one of them before them."""
        return Cells(self.profile, {**self._row, **part}, self.notes)

    def raw(self, name: str) -> Any:
        """Return what stands under a name, or under a path of names; None when nothing does."""
        if name in self._row:
            return self._row[name]
        value: Any = self._row
        for step in name.split("."):
            if isinstance(value, list) and not step.isdecimal():
                value = value[0] if value else None
            if isinstance(value, list):
                value = value[int(step)] if int(step) < len(value) else None
            else:
                value = value.get(step) if isinstance(value, Mapping) else None
        return value

    def text(self, name: str) -> str:
        """Return a cell, or a value made of several, as text; empty when it says nothing.

        Raises:
            Invalid: it holds what no text can.
        """
        if name in self.profile.let:
            if name not in self._made:
                self._made[name] = made(self.profile.let[name], self, name)
            return self._made[name]
        text = said(self.raw(name)).strip()
        if "\0" in text or not (text.isascii() or _is_whole(text)):
            raise Invalid(f"{name} holds a NUL, or half a character: take it out")
        return "" if text in self.profile.empty else text

    def fits(self, when: When | None) -> bool:
        """Whether the row is one of those that a condition means."""
        for name, wanted in (when or {}).items():
            text = self.text(name)
            if (bool(text) is not wanted) if isinstance(wanted, bool) else text not in wanted:
                return False
        return True


def _is_whole(text: str) -> bool:
    return not any("\ud800" <= letter <= "\udfff" for letter in text)


def said(value: Any) -> str:
    """Return a value of a file as text; lists are joined, of JSON-LD values their text is taken."""
    match value:
        case None:
            return ""
        case bool():
            return "true" if value else "false"
        case list():
            return "; ".join(filter(None, map(said, value)))
        case Mapping():
            return said(value.get("@value"))
    return str(value)


def made(rule: Rule | None, cells: Cells, key: str) -> str:
    """Return the text that a rule makes of a row, empty when it makes none.

    Raises:
        Invalid: a text is unknown, or not as a pattern wants it.
    """
    if rule is None or not cells.fits(rule.when):
        return ""
    if rule.first is not None:
        texts = (made(one, cells, key) for one in rule.first)
        text = next((text for text in texts if text), "")
    elif rule.scale is not None:
        text = _scaled(rule.scale, cells, key)
    else:
        text = _source(rule, cells)
    return _known(rule, text, cells, key) if text else ""


def _source(rule: Rule, cells: Cells) -> str:
    if rule.join is not None:
        parts = [part for part in (filled(one, cells) for one in rule.join) if part]
        return rule.with_.join(sorted(parts) if rule.sort else parts)
    text = filled(rule.from_, cells) if rule.from_ else ""
    if rule.digest is None:
        return text
    parts = [_filled(one, cells) for one in rule.digest]
    return f"{text}{digest(*parts)}" if any(parts) and (text or not rule.from_) else ""


def filled(template: str, cells: Cells) -> str:
    """Return a template with its cells; empty when one of them is."""
    return _filled(template, cells) if all(map(cells.text, holes(template))) else ""


def _filled(template: str, cells: Cells) -> str:
    def put(found: re.Match[str]) -> str:
        return found[0][0] if found[1] is None else cells.text(found[1].strip())

    return HOLE.sub(put, template)


def digest(*parts: str) -> str:
    """Return a short name for some texts: the same for the same, another for others."""
    whole = "\x1f".join(parts).encode(errors="surrogatepass")
    return hashlib.sha256(whole).hexdigest()[:_DIGITS_OF_DIGEST]


def _scaled(scale: Scale, cells: Cells, key: str) -> str:
    """Return a rating as a whole number from -2 to 2; empty, and a note, when it says none."""
    value, worst, best, words = (
        filled(text or "", cells) for text in (scale.value, scale.worst, scale.best, scale.words)
    )
    rating = rated(value, worst, best, words, scale.meaning)
    for column, reason in rating.notes:
        cells.notes.add(column, "", reason)
    if rating.unknown:
        cells.notes.add(key, words, UNKNOWN)
    return "" if rating.value is None else str(rating.value)


def _known(rule: Rule, text: str, cells: Cells, key: str) -> str:
    """Return what stands for a text by the pattern and the maps of a rule."""
    if rule.pattern is not None:
        found = _compiled(rule.pattern).search(text)
        if found is None:
            return _unknown(rule, text, cells, key)
        text = (found[1] or "").strip() if found.re.groups else found[0].strip()
    if rule.map is None and rule.match is None:
        return text
    if text in (rule.map or {}):
        return (rule.map or {})[text] or ""
    for pattern, stands in (rule.match or {}).items():
        if _compiled(pattern).search(text):
            return stands or ""
    return _unknown(rule, text, cells, key)


def _unknown(rule: Rule, text: str, cells: Cells, key: str) -> str:
    if rule.otherwise is not None:
        return rule.otherwise
    if rule.unknown == "keep":
        return text
    if rule.unknown == "empty":
        cells.notes.add(key, text, UNKNOWN)
        return ""
    near = f"known are {', '.join(list(rule.map)[:8])}" if rule.map else "it fits no pattern"
    raise Invalid(f"{key} {shown(text)} is unknown to the profile: {near}")


def shown(text: str) -> str:
    """Return a text in quotes, cut where it is long."""
    return repr(text if len(text) <= 60 else f"{text[:57]}...")


@cache
def _compiled(pattern: str) -> re.Pattern[str]:
    return re.compile(pattern)


def ref_made(rule: Rule, cells: Cells) -> str:
    """Return a ref made of a row; where it would be none, a digest behind its constant beginning.

    Raises:
        Invalid: the cells that it is made of are empty.
    """
    text = made(rule, cells, "ref")
    if not text:
        named = ", ".join(_named(rule)) or "its source"
        raise Invalid(f"there is nothing to make a ref of: {named} is empty")
    if re.fullmatch(REF_PATTERN, text):
        return text
    template = rule.from_ or ""
    begun = re.sub(r"[^A-Za-z0-9._-]", "", template.partition("{")[0])
    return f"{begun[: _LONGEST_REF - _DIGITS_OF_DIGEST]}{digest(text)}".lstrip("._-")


def _named(rule: Rule) -> Iterator[str]:
    for one in (rule, *(rule.first or ())):
        for template in (one.from_ or "", *(one.join or ()), *(one.digest or ())):
            yield from holes(template)


def reading_of(rule: Rule, usual: Dates) -> Reading:
    """Return how the dates of a rule are written."""
    day_first = usual.day_first if rule.day_first is None else rule.day_first
    return Reading(day_first, rule.formats or usual.formats)


def date_made(rule: Rule, cells: Cells, key: str) -> Span | None:
    """Return the bounds of a date that a rule makes of a row; None when it makes none.

    Raises:
        Invalid: it makes a text that is no date, and that is not to be left empty.
    """
    if rule.first is not None:
        if not cells.fits(rule.when):
            return None
        found = (date_made(one, cells, key) for one in rule.first)
        return next((span for span in found if span is not None), None)
    text = made(rule, cells, key)
    if not text:
        return None
    try:
        span = read_date(text, reading_of(rule, cells.profile.dates), what=key)
    except Invalid:
        if rule.unknown != "empty":
            raise
        cells.notes.add(key, text, UNKNOWN)
        return None
    return widened(span, rule.widen) if rule.widen else span


def chosen(choice: Sequence[Use] | None, cells: Cells) -> Iterator[str]:
    """Yield the names that a choice allows in a row, the first of them first."""
    yield from (one.use for one in choice or () if cells.fits(one.when))


def parts_of(each: Each | None, cells: Cells) -> Iterator[Cells]:
    """Yield the cells of each thing that one cell holds; without such a cell, the row's own.

    Raises:
        Invalid: one does not fit the pattern.
    """
    if each is None:
        yield cells
        return
    value = cells.raw(each.from_)
    if isinstance(value, list):
        parts: list[Any] = value
    elif isinstance(value, Mapping):
        parts = [value]
    else:
        text = cells.text(each.from_).removeprefix(each.strip).removesuffix(each.strip)
        parts = text.split(each.split) if each.split else [text]
    for part in parts:
        if isinstance(part, Mapping):
            yield cells.within({"part": part})
            continue
        text = said(part).strip()
        found = None if each.pattern is None else _compiled(each.pattern).fullmatch(text)
        if not text or (each.pattern and found is None and each.unknown == "empty"):
            if text:
                cells.notes.add(each.from_, text, UNKNOWN)
        elif each.pattern is None or found is not None or each.unknown == "keep":
            groups = found.groupdict("") if found else {}
            yield cells.within({"part": text, **groups})
        else:
            raise Invalid(f"{each.from_} holds {shown(text)}, which does not fit its pattern")
