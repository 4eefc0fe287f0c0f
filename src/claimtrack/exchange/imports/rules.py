"""Evaluation of the rules of a profile on one row; the database is not used."""

import hashlib
import re
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from functools import cache
from typing import Any

from claimtrack.dates import Span
from claimtrack.dois import doi_address
from claimtrack.errors import Invalid
from claimtrack.exchange.imports.profile_texts import HOLE, When, placeholders
from claimtrack.exchange.imports.profiles import Dates, Each, Profile, Rule, Scale, Use
from claimtrack.exchange.imports.ratings import combine_rating
from claimtrack.exchange.notes import Notes
from claimtrack.exchange.readers.cell_dates import Reading, read_date, widen
from claimtrack.exchange.readers.cell_text import flatten_text, format_json, holds_anything
from claimtrack.vocab import REF_PATTERN

UNKNOWN = "is unknown to the profile, and is left empty"
"""The reason for a text that is left out, since no map or pattern of the profile has it."""
_LONGEST_REF = 64
_DIGITS_OF_DIGEST = 16


class Cells:
    """The cells of one row by name, with the values that the profile derives from them."""

    def __init__(self, profile: Profile, row: Mapping[str, Any], notes: Notes) -> None:
        self.profile, self.notes = profile, notes
        self._row = row
        self._computed: dict[str, str] = {}

    def within(self, part: Mapping[str, Any]) -> "Cells":
        """Return these cells with those of a part of one of them taking precedence."""
        return Cells(self.profile, {**self._row, **part}, self.notes)

    def unnoted(self) -> "Cells":
        """Return these cells without notes, to evaluate a rule again."""
        return Cells(self.profile, self._row, Notes())

    def raw(self, name: str) -> Any:
        """Return the value at a name or a path of names; None when there is none.

        Where a path goes through a list, a list of the values in its items.
        """
        if name in self._row:
            return self._row[name]
        steps = name.split(".")
        for at in range(len(steps) - 1, 0, -1):
            above = ".".join(steps[:at])
            if above in self._row:
                return _below(self._row[above], steps[at:])
        return None

    def text(self, name: str) -> str:
        """Return a cell, or a value made of several, as text; empty when it holds nothing.

        Raises:
            Invalid: it cannot be represented as text.
        """
        if name in self.profile.let:
            if name not in self._computed:
                self._computed[name] = evaluate_rule(self.profile.let[name], self, name)
            return self._computed[name]
        value = self.raw(name)
        if not isinstance(value, str):
            parts_are_read = name in self.profile.parents
            value = flatten_text(value, name, self.notes, parts_are_read=parts_are_read)
        text = value.strip()
        if "\0" in text or not (text.isascii() or _is_whole(text)):
            raise Invalid(f"{name} holds a NUL, or half a character: remove it")
        return "" if text in self.profile.empty else text

    def fits(self, when: When | None) -> bool:
        """Return whether the row meets a condition."""
        return all(self._fits(name, expected) for name, expected in (when or {}).items())

    def _fits(self, name: str, expected: bool | list[str]) -> bool:
        value = None if name in self.profile.let else self.raw(name)
        if isinstance(expected, bool):
            if isinstance(value, list | Mapping):
                return holds_anything(value) is expected
            return self._is_true(name, value) is expected
        if isinstance(value, list):
            texts = [flatten_text(one, name, self.notes).strip() for one in value]
        else:
            texts = [self.text(name)]
        # TRUE is how spreadsheets write what YAML and JSON call true
        spelled = [text.casefold() for text in texts if text.casefold() in _TRUTHS]
        return any(text in expected for text in (*texts, *spelled))

    def _is_true(self, name: str, value: Any) -> bool:
        """Return whether a cell is present and not false."""
        text = self.text(name)
        if text.casefold() != "false":
            return bool(text)
        if not isinstance(value, bool):
            self.notes.add(name, text, "counts as a cell that is not there, in a 'when'")
        return False

    def items(self, rule: Rule) -> tuple[str, list[Any]] | None:
        """Return the list through which the paths of a rule go, and its name.

        None when there is no such list of several items, or more than one.
        """
        lists = {above for path in rule.paths for above in self._lists_above(path)}
        if len(lists) != 1:
            return None
        (name,) = lists
        return name, self.raw(name)

    def _lists_above(self, path: str) -> Iterator[str]:
        steps = path.split(".")
        for at in range(1, len(steps)):
            above = ".".join(steps[:at])
            if not steps[at].isdecimal() and self.is_several(above):
                yield above
                return

    def is_several(self, name: str) -> bool:
        """Return whether there is a list of more than one item at a name."""
        value = self.raw(name)
        return isinstance(value, list) and sum(map(holds_anything, value)) > 1


_TRUTHS = ("true", "false")


def _below(value: Any, steps: Sequence[str]) -> Any:
    for at, step in enumerate(steps):
        if isinstance(value, list) and not step.isdecimal():
            below = (_below(item, steps[at:]) for item in value)
            found = [one for part in below for one in (part if isinstance(part, list) else [part])]
            found = [one for one in found if one is not None]
            return found if len(found) > 1 else next(iter(found), None)
        if isinstance(value, list):
            value = value[int(step)] if int(step) < len(value) else None
        else:
            value = value.get(step) if isinstance(value, Mapping) else None
    return value


def _is_whole(text: str) -> bool:
    return not any("\ud800" <= letter <= "\udfff" for letter in text)


def evaluate_rule(rule: Rule | None, cells: Cells, key: str) -> str:
    """Return the value of a rule for a row, as text; empty if it has none.

    Raises:
        Invalid: A text is not in the rule's map, or does not match its pattern.
    """
    if rule is None:
        return ""
    if rule.paths and rule.digest is None and (several := cells.items(rule)):
        return _made_of_each(rule, *several, cells, key)
    if not cells.fits(rule.when):
        return ""
    if rule.first is not None:
        texts = (evaluate_rule(one, cells, key) for one in rule.first)
        text = next((text for text in texts if text), "")
    elif rule.scale is not None:
        text = _scaled(rule.scale, cells, key)
    else:
        text = _source(rule, cells)
    return _map_words(rule, text, cells, key) if text else ""


def _made_of_each(rule: Rule, name: str, items: list[Any], cells: Cells, key: str) -> str:
    """Return the texts that a rule makes of the items of a list, joined; one if all are equal."""
    texts = [evaluate_rule(rule, cells.within({name: item}), key) for item in items]
    if not any(texts):
        return ""
    for item, text in zip(items, texts, strict=True):
        if not text and holds_anything(item):
            shown_item = item if isinstance(item, str) else format_json(item)
            cells.notes.add(name, shown_item, f"gives no {key}, as others do, and is left out")
    return texts[0] if len(set(texts)) == 1 else "; ".join(filter(None, texts))


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
    """Return a template with its cells filled in; empty when one of them is."""
    return _filled(template, cells) if all(map(cells.text, placeholders(template))) else ""


def _filled(template: str, cells: Cells) -> str:
    def put(found: re.Match[str]) -> str:
        return found[0][0] if found[1] is None else cells.text(found[1].strip())

    return HOLE.sub(put, template)


def digest(*parts: str) -> str:
    """Return a short digest of some texts."""
    whole = "\x1f".join(parts).encode(errors="surrogatepass")
    return hashlib.sha256(whole).hexdigest()[:_DIGITS_OF_DIGEST]


def _scaled(scale: Scale, cells: Cells, key: str) -> str:
    """Return a rating as an integer from -2 to 2; empty, with a note, when it gives none."""
    value, worst, best, words = (
        filled(text or "", cells) for text in (scale.value, scale.worst, scale.best, scale.words)
    )
    rating = combine_rating(value, worst, best, words, scale.meaning)
    for column, reason in rating.notes:
        cells.notes.add(column, "", reason)
    if rating.unknown:
        cells.notes.add(key, words, UNKNOWN)
    return "" if rating.value is None else str(rating.value)


def _map_words(rule: Rule, text: str, cells: Cells, key: str) -> str:
    """Return the value for a text by the pattern and the maps of a rule."""
    if rule.pattern is not None:
        found = _compiled(rule.pattern).search(text)
        if found is None:
            return _unknown(rule, text, cells, key)
        text = (found[1] or "").strip() if found.re.groups else found[0].strip()
    if rule.map is None and rule.match is None:
        return text
    if text in (rule.map or {}):
        return (rule.map or {})[text] or ""
    for pattern, replacement in (rule.match or {}).items():
        if _compiled(pattern).search(text):
            return replacement or ""
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
    named = labelled(key, rule, cells.profile)
    raise Invalid(f"{named} {shown(text)} is unknown to the profile: {near}")


def labelled(key: str, rule: Rule, profile: Profile) -> str:
    """Return a key with the columns of the file from which its value is made."""
    columns = profile.columns_of(rule)
    if not columns or columns == [key]:
        return key
    return f"{key} (column{'' if len(columns) == 1 else 's'} {', '.join(columns)})"


def shown(text: str) -> str:
    """Return a text in quotes, shortened if it is long."""
    return repr(text if len(text) <= 60 else f"{text[:57]}...")


@cache
def _compiled(pattern: str) -> re.Pattern[str]:
    return re.compile(pattern)


def ref_made(rule: Rule, cells: Cells) -> str:
    """Return the ref that a rule makes of a row.

    If the text is not a valid ref, returns the constant beginning of the rule and a digest.

    Raises:
        Invalid: The cells of which it is made are empty.
    """
    text = evaluate_rule(rule, cells, "ref")
    if not text:
        named = ", ".join(rule.columns) or "its source"
        raise Invalid(f"there is nothing to make a ref of: {named} is empty")
    if re.fullmatch(REF_PATTERN, text):
        return text
    prefix = _beginning(rule)
    return f"{prefix[: _LONGEST_REF - _DIGITS_OF_DIGEST]}{digest(text)}".lstrip("._-")


def begins_like(ref: str, rule: Rule) -> bool:
    """Return whether a ref has the constant beginning of a rule."""
    return any(ref.startswith(_beginning(one)) for one in rule.first or [rule])


def _beginning(rule: Rule) -> str:
    return re.sub(r"[^A-Za-z0-9._-]", "", (rule.from_ or "").partition("{")[0])


def address_made(rule: Rule | None, cells: Cells, key: str) -> str:
    """Return the address that a rule makes of a row; a DOI in any spelling becomes its web address.

    A text that begins with `doi:` but is not a DOI is dropped and noted, and so are the addresses
    of further alternatives.
    """
    if rule is None or rule.first is None or not cells.fits(rule.when):
        return _one_address(evaluate_rule(rule, cells, key), cells, key)
    found = list[str]()
    for one in rule.first:
        with suppress(*([Invalid] if found else [])):
            found.append(address_made(one, cells, key))
        found = [address for address in dict.fromkeys(found) if address]
    for address in found[1:]:
        shown = "" if doi_address(address) else address
        what = "is a second address" if shown else "is also a DOI, a second address"
        cells.notes.add(key, shown, f"{what}, and is left out: a document has one")
    return found[0] if found else ""


def _one_address(text: str, cells: Cells, key: str) -> str:
    address = doi_address(text)
    if address is None and text[:4].lower() == "doi:":
        cells.notes.add(key, text, "is not a DOI, and is left out")
        return ""
    return address or text


def reading_of(rule: Rule, usual: Dates) -> Reading:
    """Return how the dates of a rule are written: as the rule says, else as the profile does."""
    day_first = usual.day_first if rule.day_first is None else rule.day_first
    return Reading(day_first, rule.formats or usual.formats)


def evaluate_date(rule: Rule, cells: Cells, key: str) -> tuple[Span, str] | None:
    """Return the bounds and the text of a date that a rule makes of a row; None without one.

    Raises:
        Invalid: The text is not a date, and the rule does not say to leave it empty.
    """
    if rule.first is not None:
        if not cells.fits(rule.when):
            return None
        found = (evaluate_date(one, cells, key) for one in rule.first)
        return next((one for one in found if one is not None), None)
    text = evaluate_rule(rule, cells, key)
    if not text:
        return None
    try:
        named = labelled(key, rule, cells.profile)
        span = read_date(text, reading_of(rule, cells.profile.dates), what=named)
    except Invalid:
        if rule.unknown != "empty":
            raise
        cells.notes.add(key, text, UNKNOWN)
        return None
    return (widen(span, rule.widen) if rule.widen else span), text


def list_choices(choice: Sequence[Use] | None, cells: Cells) -> Iterator[str]:
    """Yield the names that a choice allows in a row, the first choice first."""
    yield from (one.use for one in choice or () if cells.fits(one.when))


def split_parts(each: Each | None, cells: Cells) -> Iterator[Cells]:
    """Yield the cells of each part of a cell with several things; else the row's own cells.

    Raises:
        Invalid: a part does not match the pattern.
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
        text = flatten_text(part, each.from_, cells.notes).strip()
        found = None if each.pattern is None else _compiled(each.pattern).fullmatch(text)
        if not text or (each.pattern and found is None and each.unknown == "empty"):
            if text:
                cells.notes.add(each.from_, text, UNKNOWN)
        elif each.pattern is None or found is not None or each.unknown == "keep":
            groups = found.groupdict("") if found else {}
            yield cells.within({"part": text, **groups})
        else:
            raise Invalid(f"{each.from_} holds {shown(text)}, which does not fit its pattern")
