"""Decoding of LaTeX in the fields of BibTeX, by pylatexenc."""

import re
from collections.abc import Iterator
from functools import cache
from typing import Any

_PLAIN = re.compile(r"(?:[\w\s.:;()/!?\[\]]|,(?!,)|-(?!-)|'(?!'))*")
"""Text that LaTeX leaves unchanged; braces around it only keep capitals."""
_SIGN = re.compile(r"(?<!\\)((?:\\\\)*)([%&])")
"""Characters that BibTeX takes literally and LaTeX does not."""
_HREF = re.compile(r"\\href\s*\{[^{}]*\}\s*")
_WRAPPED = re.compile(r"\s*(?:\\(?:url|nolinkurl)\s*)?\{(.*)\}\s*", re.DOTALL)
_MOST_WRAPPED = 5
_LINK = re.compile(r"\\(?:url|href|nolinkurl)\s*\{((?:[^{}]|\{[^{}]*\})*)\}")
_ESCAPED = re.compile(
    r"(\{)?(?:\\([%&_#$~^{}-])(?:\{\s*\})?|\\textasciitilde(?:\{\}|\s|(?![A-Za-z]))|\$\\sim\$)"
    r"(?(1)\})"
)
"""An escaped character in an address, as some programs write it; a tilde if group 2 is missing."""
_COMMAND = re.compile(r"\\([A-Za-z]+)(?![A-Za-z])(?!\s*[\[{])")
"""A command without an argument."""
_UNSEEN = {"bf", "it", "em", "sc", "rm", "sf", "tt", "sl", "relax", "par", "protect", "noindent"}
"""Commands that print nothing."""
_UNSEEN |= {"bfseries", "itshape", "scshape", "upshape", "mdseries", "rmfamily", "sffamily"}


def decode_latex(latex: str) -> str:
    """Return LaTeX as text with white space collapsed; unchanged where it cannot be parsed."""
    plain = latex.replace("{", "").replace("}", "")
    if _PLAIN.fullmatch(plain):
        return collapse_space(plain)
    from pylatexenc.latexwalker import LatexWalker, LatexWalkerError

    signed = _SIGN.sub(r"\1\\\2", _HREF.sub("", latex.replace("\\-", "")))
    try:
        nodes = LatexWalker(signed, latex_context=_commands()).get_latex_nodes()[0]
        text = str(_decoder().nodelist_to_text(nodes))
    except (LatexWalkerError, IndexError, RecursionError):  # IndexError: a command cut off
        text = latex
    return collapse_space(text)


def collapse_space(text: str) -> str:
    """Return a text with each run of white space as one space, and none at its ends."""
    return " ".join(text.split())


def list_unknown_commands(latex: str) -> Iterator[str]:
    """Yield the unknown commands that stand for a character, which decoding drops."""
    for found in _COMMAND.finditer(latex):
        if found[1] not in _UNSEEN and _symbols().get_macro_spec(found[1]) is None:
            yield found[0]


def decode_address(latex: str) -> str:
    """Return an address without the LaTeX escapes that some programs write."""
    for _ in range(_MOST_WRAPPED):
        found = _WRAPPED.fullmatch(latex)
        latex = found[1] if found else latex
    return collapse_space(_ESCAPED.sub(lambda sign: sign[2] or "~", latex))


def list_links(latex: str) -> list[str]:
    r"""Return the addresses in `\url`, `\href` and `\nolinkurl`."""
    return [decode_address(found[1]) for found in _LINK.finditer(latex)]


@cache
def _symbols() -> Any:
    from pylatexenc.latex2text import MacroTextSpec, get_default_latex_context_db

    context = get_default_latex_context_db()
    plain_url = [MacroTextSpec("url", simplify_repl="%s")]  # by default it is put in < >
    context.add_context_category("claimtrack", prepend=True, macros=plain_url)
    return context


@cache
def _commands() -> Any:
    from pylatexenc.latexwalker import get_default_latex_context_db

    return get_default_latex_context_db()


@cache
def _decoder() -> Any:
    from pylatexenc.latex2text import LatexNodes2Text

    return LatexNodes2Text(latex_context=_symbols(), math_mode="verbatim")
