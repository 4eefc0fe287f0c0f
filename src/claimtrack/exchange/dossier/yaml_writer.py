"""YAML as dossiers and fragments are written: the same text on every run.

Every text is parsed back unchanged: it is written plain if that is safe, folded or literal if it is
long, and quoted otherwise.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from enum import Enum

from claimtrack.exchange.dossier.yaml_reader import resolved

WIDTH = 100
_PLAIN = re.compile(r"[^\W_]([^:#]|:(?=\S)|(?<=\S)#)*")
_FLOW_SIGNS = frozenset(",:[]{}")
_BLOCK_TEXT = re.compile(
    "[\x20-\x7e\xa0-\u2027\u202a-\ud7ff\ue000-\ufefe\uff00-\ufffd\U00010000-\U0010ffff]+"
)
_OTHERS_MISREAD = re.compile(
    r"y|n|yes|no|on|off|[-+0-9][-+0-9_.,:eE]*:[-+0-9_.,:eE]*|[-+]?[0-9][0-9_,.]*", re.IGNORECASE
)
"""Words that are booleans or numbers in YAML 1.1, and are quoted for its parsers."""
_ESCAPES = {"\\": "\\\\", '"': '\\"', "\n": "\\n", "\t": "\\t", "\r": "\\r"}


def scalar(value: object, *, flow: bool = True) -> str:
    """Return a scalar on one line; it reads back as the same value, with `flow` within [] and {}.

    Dates and words are written as the text they are in a file.
    """
    match value:
        case None:
            return "null"
        case bool():
            return "true" if value else "false"
        case Enum():
            return scalar(value.value)
        case date():
            return value.isoformat()
        case str():
            return value if _is_plain(value, flow) else _quoted(value)
        case _:
            return repr(value)


def _is_plain(text: str, flow: bool) -> bool:
    return (
        _PLAIN.fullmatch(text) is not None
        and text[-1] != " "
        and text.isprintable()
        and not (flow and _FLOW_SIGNS.intersection(text))
        and isinstance(resolved(text), str)
        and not _OTHERS_MISREAD.fullmatch(text)
    )


def _quoted(text: str) -> str:
    return '"' + "".join(map(_escaped, text)) + '"'


def _escaped(letter: str) -> str:
    if letter in _ESCAPES:
        return _ESCAPES[letter]
    if letter.isprintable():
        return letter
    code = ord(letter)
    return f"\\x{code:02x}" if code < 0x100 else f"\\U{code:08x}"


def field_lines(key: str, value: object, indent: int) -> Iterator[str]:
    """Yield the lines, without their ends, for one key of a mapping indented by `indent`."""
    start = " " * indent + f"{key}:"
    if isinstance(value, list):
        yield from _list_lines(start, value, indent)
        return
    short = f"{start} {scalar(value, flow=False)}"
    if not isinstance(value, str) or (len(short) <= WIDTH and "\n" not in value):
        yield short
        return
    inner = " " * (indent + 2)
    lines = value.removesuffix("\n").split("\n")
    if _is_literal(lines):
        yield f"{start} |" if value.endswith("\n") else f"{start} |-"
        yield from (inner + line if line else "" for line in lines)
    elif _is_prose(value):
        yield f"{start} >-"
        yield from (inner + line for line in _folded(value, WIDTH - indent - 2))
    else:
        yield short


def _list_lines(start: str, values: Sequence[object], indent: int) -> Iterator[str]:
    short = f"{start} {_flow(values)}"
    if not any(isinstance(value, Mapping) for value in values) and len(short) <= WIDTH:
        yield short
        return
    yield start
    for value in values:
        if isinstance(value, Mapping):
            yield from row_lines(value, indent + 2)
        else:
            yield " " * (indent + 2) + f"- {scalar(value, flow=False)}"


def row_lines(row: Mapping[str, object], indent: int) -> Iterator[str]:
    """Yield the lines for one mapping in a list: one line if it fits, else a line for each key."""
    short = ", ".join(f"{key}: {_flow(value)}" for key, value in row.items())
    if len(short) + indent + 4 <= WIDTH and not any(_holds_rows(part) for part in row.values()):
        yield " " * indent + f"- {{{short}}}"
        return
    lines = (line for key, value in row.items() for line in field_lines(key, value, indent + 2))
    yield " " * indent + "- " + next(lines).lstrip(" ")
    yield from lines


def _holds_rows(value: object) -> bool:
    return isinstance(value, list) and any(isinstance(part, Mapping) for part in value)


def _flow(value: object) -> str:
    if isinstance(value, Sequence) and not isinstance(value, str):
        return f"[{', '.join(map(scalar, value))}]"
    return scalar(value)


def _is_literal(lines: Sequence[str]) -> bool:
    """Whether lines can be a literal block, whose first line sets the indentation."""
    plain = (line == "" or (_BLOCK_TEXT.fullmatch(line) and line[-1] != " ") for line in lines)
    return len(lines) > 1 and lines[0][:1].strip() != "" and lines[-1] != "" and all(plain)


def _is_prose(text: str) -> bool:
    """Whether text can be broken at its spaces."""
    single = " " in text and "  " not in text and text.strip(" ") == text
    return single and _BLOCK_TEXT.fullmatch(text) is not None


def _folded(text: str, width: int) -> Iterator[str]:
    line = ""
    for word in text.split(" "):
        if line and len(line) + 1 + len(word) > width:
            yield line
            line = word
        else:
            line = f"{line} {word}" if line else word
    yield line
