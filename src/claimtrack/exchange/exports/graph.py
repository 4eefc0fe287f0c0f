"""Entries and their oppositions as a graph: GraphML, and GEXF for Gephi.

A node is an entry, an edge a pair of the contradictions report between two of them, its weight the
strength; that weight says nothing of its timing, which is an attribute of its own. Edges have no
direction: an opposition is one of both. The source of an edge is the subject of the pair.

Source: GraphML 1.0 (Brandes et al., 2002); GEXF 1.3 (Gephi, 2022), https://gexf.net/schema.html
"""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from io import TextIOBase
from typing import IO, Any
from xml.sax.saxutils import XMLGenerator
from xml.sax.xmlreader import AttributesImpl

from claimtrack.db import Session
from claimtrack.escaping import joined
from claimtrack.exchange.exports.json_objects import ACTING
from claimtrack.exchange.exports.selection import note_left_out, pairs_between
from claimtrack.exchange.notes import Notes
from claimtrack.lookup import EntryRow, list_records
from claimtrack.query.actors import ActorTree, get_actor_refs
from claimtrack.query.filters import Filters
from claimtrack.reports.contradictions import ContradictionRow

NODE = ("kind", "actor", "on_behalf_of", "principal", "date_from", "date_to", "summary")
"""What is told of an entry."""
EDGE = {
    **dict.fromkeys(("class", "timing", "status", "reconciled_by", "basis", "via"), "string"),
    **dict.fromkeys(("propositions", "conditions", "asserted_by"), "string"),
    **dict.fromkeys(("subject_principal", "counter_principal"), "string"),
    "strength": "int",
    "days": "int",
}
"""What is told of an opposition, with its GraphML type."""
_NO_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")
"""Characters that XML 1.0 has no place for, not even escaped."""
_REFERRED = re.compile(f"[\r{ACTING}]")
"""Characters written as references: parsers would change them, or editors obey them."""


@dataclass(frozen=True, slots=True)
class _Element:
    """A node or an edge: its id, and what is told of it; an edge has two ends."""

    id: str
    told: Mapping[str, str]
    ends: tuple[str, str] | None = None


Write = Callable[[Session, IO[bytes], Filters, Notes], None]


def write_graphml(session: Session, out: IO[bytes], wanted: Filters, notes: Notes) -> None:
    """Write the graph as GraphML, streamed; what is left out is counted in `notes`."""
    xml = _begin(out, "graphml", {"xmlns": "http://graphml.graphdrawing.org/xmlns"})
    for of, types in (("node", dict.fromkeys(NODE, "string")), ("edge", EDGE)):
        for name, kind in types.items():
            keys = {"id": f"{of}-{name}", "for": of, "attr.name": name, "attr.type": kind}
            _empty(xml, "key", keys)
    _start(xml, "graph", {"id": "oppositions", "edgedefault": "undirected"})
    for of, elements in _elements(session, wanted, notes):
        for element in elements:
            ends = dict(zip(("source", "target"), element.ends or (), strict=False))
            _start(xml, of, {"id": element.id, **ends})
            for name, text in element.told.items():
                _start(xml, "data", {"key": f"{of}-{name}"})
                xml.characters(text)
                xml.endElement("data")
            xml.endElement(of)
    _end(xml, "graph", "graphml")


def write_gexf(session: Session, out: IO[bytes], wanted: Filters, notes: Notes) -> None:
    """Write the graph as GEXF 1.3, streamed; what is left out is counted in `notes`."""
    xml = _begin(out, "gexf", {"xmlns": "http://gexf.net/1.3", "version": "1.3"})
    _start(xml, "graph", {"defaultedgetype": "undirected", "mode": "static"})
    kinds = {"int": "integer", "string": "string"}
    for of, types in (("node", dict.fromkeys(NODE, "string")), ("edge", EDGE)):
        _start(xml, "attributes", {"class": of})
        for name, kind in types.items():
            _empty(xml, "attribute", {"id": name, "title": name, "type": kinds[kind]})
        xml.endElement("attributes")
    for of, elements in _elements(session, wanted, notes):
        _start(xml, f"{of}s", {})
        for element in elements:
            _start(xml, of, _gexf_attributes(element))
            _start(xml, "attvalues", {})
            for name, text in element.told.items():
                _empty(xml, "attvalue", {"for": name, "value": text})
            xml.endElement("attvalues")
            xml.endElement(of)
        xml.endElement(f"{of}s")
    _end(xml, "graph", "gexf")


def _gexf_attributes(element: _Element) -> dict[str, str]:
    if element.ends is None:
        return {"id": element.id, "label": element.id}
    source, target = element.ends
    weight = element.told["strength"]
    return {"id": element.id, "source": source, "target": target, "weight": weight}


FORMATS: Mapping[str, Write] = {".graphml": write_graphml, ".gexf": write_gexf}
"""How the ending of a file says what it is to be."""


def _elements(
    session: Session, wanted: Filters, notes: Notes
) -> Iterator[tuple[str, Iterator[_Element]]]:
    """Yield the nodes, then the edges between them."""
    note_left_out(session, wanted, notes)
    entries = list_records(session, "entry", wanted)
    principals = _principals(session)
    yield "node", (_node(row, principals, notes) for row in entries)
    yield "edge", (_edge(row, notes) for row in pairs_between(session, wanted, notes))


def _principals(session: Session) -> dict[str, str]:
    """Return the ref of the principal of each actor, by ref."""
    refs, tree = get_actor_refs(session), ActorTree(session)
    return {ref: refs[tree.get_principal(key)] for key, ref in refs.items()}


def _node(row: EntryRow, principals: Mapping[str, str], notes: Notes) -> _Element:
    principal = principals[row.on_behalf_of or row.actor]
    told = _told(row, [name for name in NODE if name != "principal"], notes)
    return _Element(row.ref, {**told, "principal": principal})


def _edge(row: ContradictionRow, notes: Notes) -> _Element:
    ends = (row.subject_ref, row.counter_ref)
    return _Element("/".join(ends), _told(row, tuple(EDGE), notes), ends)


def _told(row: Any, names: Sequence[str], notes: Notes) -> dict[str, str]:
    texts: dict[str, str] = {}
    for name in names:
        value = getattr(row, "klass" if name == "class" else name)
        if value not in (None, ()):
            texts[name], odd = _NO_XML.subn("\ufffd", joined(value))
            notes.add(name, "", "has a character that XML cannot hold: replaced by \ufffd", odd)
    return texts


class _Referring(TextIOBase):
    """A text file in UTF-8, in which what would act on an editor is a character reference."""

    def __init__(self, out: IO[bytes]) -> None:
        self._out = out

    def write(self, text: str) -> int:
        self._out.write(_REFERRED.sub(lambda sign: f"&#{ord(sign[0])};", text).encode())
        return len(text)


def _begin(out: IO[bytes], root: str, attributes: dict[str, str]) -> XMLGenerator:
    xml = XMLGenerator(_Referring(out), encoding="utf-8", short_empty_elements=True)
    xml.startDocument()
    _start(xml, root, attributes)
    return xml


def _start(xml: XMLGenerator, name: str, attributes: dict[str, str]) -> None:
    xml.startElement(name, AttributesImpl(attributes))


def _empty(xml: XMLGenerator, name: str, attributes: dict[str, str]) -> None:
    _start(xml, name, attributes)
    xml.endElement(name)


def _end(xml: XMLGenerator, *names: str) -> None:
    for name in names:
        xml.endElement(name)
    xml.ignorableWhitespace("\n")
    xml.endDocument()
