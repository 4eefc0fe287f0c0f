"""LaTeX in the fields of BibTeX, decoded by pylatexenc."""

import re
from collections.abc import Iterator
from functools import cache
from typing import Any

_PLAIN = re.compile(r"(?:[\w\s.:;()/!?\[\]]|,(?!,)|-(?!-)|'(?!'))*")
"""What LaTeX leaves as it is; braces around it only keep capitals."""
_SIGN = re.compile(r"(?<!\\)((?:\\\\)*)([%&])")
"""What BibTeX takes as it is, and LaTeX does not."""
_HREF = re.compile(r"\\href\s*\{[^{}]*\}\s*")
_WRAPPED = re.compile(r"\s*(?:\\(?:url|nolinkurl)\s*)?\{(.*)\}\s*", re.DOTALL)
_MOST_WRAPPED = 5
_LINK = re.compile(r"\\(?:url|href|nolinkurl)\s*\{((?:[^{}]|\{[^{}]*\})*)\}")
_ESCAPED = re.compile(
    r"(\{)?(?:\\([%&_#$~^{}-])(?:\{\s*\})?|\\textasciitilde(?:\{\}|\s|(?![A-Za-z]))|\$\\sim\$)"
    r"(?(1)\})"
)
"""A sign in an address as some programs write it; a tilde where it is not its second group."""
_COMMAND = re.compile(r"\\([A-Za-z]+)(?![A-Za-z])(?!\s*[\[{])")
"""A command without an argument."""
_UNSEEN = {"bf", "it", "em", "sc", "rm", "sf", "tt", "sl", "relax", "par", "protect", "noindent"}
_UNSEEN |= {"bfseries", "itshape", "scshape", "upshape", "mdseries", "rmfamily", "sffamily"}
"""Commands that put nothing on the page."""


def decoded(latex: str) -> str:
    """Return LaTeX as text, its white space folded; as it is written where it cannot be read."""
    plain = latex.replace("{", "").replace("}", "")
    if _PLAIN.fullmatch(plain):
        return folded(plain)
    from pylatexenc.latexwalker import LatexWalker, LatexWalkerError

    signed = _SIGN.sub(r"\1\\\2", _HREF.sub("", latex.replace("\\-", "")))
    try:
        nodes = LatexWalker(signed, latex_context=_commands()).get_latex_nodes()[0]
        text = str(_decoder().nodelist_to_text(nodes))
    except (LatexWalkerError, IndexError, RecursionError):  # IndexError: a command cut off
        text = latex
    return folded(text)


def folded(text: str) -> str:
    """Return a text with one space for each run of white space, and none at its ends."""
    return " ".join(text.split())


def unknown_commands(latex: str) -> Iterator[str]:
    """Yield the commands that stand for a sign, and that are not known: decoding loses them."""
    for found in _COMMAND.finditer(latex):
        if found[1] not in _UNSEEN and _symbols().get_macro_spec(found[1]) is None:
            yield found[0]


def address(latex: str) -> str:
    """Return an address without the LaTeX in which some programs write it."""
    for _ in range(_MOST_WRAPPED):
        found = _WRAPPED.fullmatch(latex)
        latex = found[1] if found else latex
    return folded(_ESCAPED.sub(lambda sign: sign[2] or "~", latex))


def links(latex: str) -> list[str]:
    r"""Return the addresses that stand in `\url`, `\href` or `\nolinkurl`."""
    return [address(found[1]) for found in _LINK.finditer(latex)]


@cache
def _symbols() -> Any:
    from pylatexenc.latex2text import MacroTextSpec, get_default_latex_context_db

    known = get_default_latex_context_db()
    plain_url = [MacroTextSpec("url", simplify_repl="%s")]  # by default it is put in < >
    known.add_context_category("claimtrack", prepend=True, macros=plain_url)
    return known


@cache
def _commands() -> Any:
    from pylatexenc.latexwalker import get_default_latex_context_db

    return get_default_latex_context_db()


@cache
def _decoder() -> Any:
    from pylatexenc.latex2text import LatexNodes2Text

    return LatexNodes2Text(latex_context=_symbols(), math_mode="verbatim")
