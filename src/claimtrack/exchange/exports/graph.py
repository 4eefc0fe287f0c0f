"""Entries and their oppositions as a graph: GraphML, and GEXF for Gephi.

A node is an entry. An edge is a pair of the contradictions report, its weight the strength (1 or
2); the weight does not reflect timing, which is an attribute of its own. Edges have no direction,
as each side opposes the other; their source is the subject of the pair.

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
from claimtrack.escaping import format_cell
from claimtrack.exchange.exports.exporting import Export
from claimtrack.exchange.exports.json_objects import CONTROL_CHARACTERS
from claimtrack.exchange.exports.selection import note_left_out, stream_pairs
from claimtrack.exchange.notes import Notes
from claimtrack.lookup import EntryRow, list_records
from claimtrack.query.actors import ActorTree, get_actor_refs
from claimtrack.query.filters import Filters
from claimtrack.reports.contradictions import ContradictionRow

NODE = ("kind", "actor", "on_behalf_of", "principal", "date_from", "date_to", "summary")
"""The attributes of an entry."""
EDGE = {
    **dict.fromkeys(("class", "timing", "status", "reconciled_by", "basis", "via"), "string"),
    **dict.fromkeys(("propositions", "measures", "conditions", "asserted_by"), "string"),
    **dict.fromkeys(("subject_principal", "counter_principal"), "string"),
    "strength": "int",
    "days": "int",
}
"""The attributes of an opposition, with their GraphML types."""
_NO_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")
"""Characters that XML 1.0 does not allow, not even escaped."""
_REFERRED = re.compile(f"[\r{CONTROL_CHARACTERS}]")
"""Characters written as references: parsers would change them, or editors act on them."""


@dataclass(frozen=True, slots=True)
class _Element:
    """A node or an edge.

    Attributes:
        id: Its id.
        attributes: Its attributes as texts, by name.
        ends: The ids of the two nodes of an edge; None for a node.
    """

    id: str
    attributes: Mapping[str, str]
    ends: tuple[str, str] | None = None


Write = Callable[[Session, IO[bytes], Filters, Notes], None]


def write_graphml(session: Session, out: IO[bytes], filters: Filters, notes: Notes) -> None:
    """Write the graph as GraphML, streamed; what is left out is counted in `notes`."""
    xml = _begin(out, "graphml", {"xmlns": "http://graphml.graphdrawing.org/xmlns"})
    for of, types in (("node", dict.fromkeys(NODE, "string")), ("edge", EDGE)):
        for name, kind in types.items():
            keys = {"id": f"{of}-{name}", "for": of, "attr.name": name, "attr.type": kind}
            _empty(xml, "key", keys)
    _start(xml, "graph", {"id": "oppositions", "edgedefault": "undirected"})
    for of, elements in _elements(session, filters, notes):
        for element in elements:
            ends = dict(zip(("source", "target"), element.ends or (), strict=False))
            _start(xml, of, {"id": element.id, **ends})
            for name, text in element.attributes.items():
                _start(xml, "data", {"key": f"{of}-{name}"})
                xml.characters(text)
                xml.endElement("data")
            xml.endElement(of)
    _end(xml, "graph", "graphml")


def write_gexf(session: Session, out: IO[bytes], filters: Filters, notes: Notes) -> None:
    """Write the graph as GEXF 1.3, streamed; what is left out is counted in `notes`."""
    xml = _begin(out, "gexf", {"xmlns": "http://gexf.net/1.3", "version": "1.3"})
    _start(xml, "graph", {"defaultedgetype": "undirected", "mode": "static"})
    kinds = {"int": "integer", "string": "string"}
    for of, types in (("node", dict.fromkeys(NODE, "string")), ("edge", EDGE)):
        _start(xml, "attributes", {"class": of})
        for name, kind in types.items():
            _empty(xml, "attribute", {"id": name, "title": name, "type": kinds[kind]})
        xml.endElement("attributes")
    for of, elements in _elements(session, filters, notes):
        _start(xml, f"{of}s", {})
        for element in elements:
            _start(xml, of, _gexf_attributes(element))
            _start(xml, "attvalues", {})
            for name, text in element.attributes.items():
                _empty(xml, "attvalue", {"for": name, "value": text})
            xml.endElement("attvalues")
            xml.endElement(of)
        xml.endElement(f"{of}s")
    _end(xml, "graph", "gexf")


def _gexf_attributes(element: _Element) -> dict[str, str]:
    if element.ends is None:
        return {"id": element.id, "label": element.id}
    source, target = element.ends
    weight = element.attributes["strength"]
    return {"id": element.id, "source": source, "target": target, "weight": weight}


FORMATS: Mapping[str, Write] = {".graphml": write_graphml, ".gexf": write_gexf}
"""The writers, by the suffix of the file."""


def export(work: Export, out: IO[bytes]) -> None:
    """Write the graph of an export, as the ending of its file says."""
    FORMATS[work.target.suffix.lower()](work.session, out, work.filters, work.notes)


def _elements(
    session: Session, filters: Filters, notes: Notes
) -> Iterator[tuple[str, Iterator[_Element]]]:
    """Yield the nodes, then the edges between them."""
    note_left_out(session, filters, notes)
    entries = list_records(session, "entry", filters)
    principals = _principals(session)
    yield "node", (_node(row, principals, notes) for row in entries)
    yield "edge", (_edge(row, notes) for row in stream_pairs(session, filters, notes))


def _principals(session: Session) -> dict[str, str]:
    """Return the ref of the principal of each actor, by ref."""
    refs, tree = get_actor_refs(session), ActorTree(session)
    return {ref: refs[tree.get_principal(key)] for key, ref in refs.items()}


def _node(row: EntryRow, principals: Mapping[str, str], notes: Notes) -> _Element:
    principal = principals[row.on_behalf_of or row.actor]
    attributes = _get_attributes(row, [name for name in NODE if name != "principal"], notes)
    return _Element(row.ref, {**attributes, "principal": principal})


def _edge(row: ContradictionRow, notes: Notes) -> _Element:
    ends = (row.subject_ref, row.counter_ref)
    return _Element("/".join(ends), _get_attributes(row, tuple(EDGE), notes), ends)


def _get_attributes(row: Any, names: Sequence[str], notes: Notes) -> dict[str, str]:
    texts: dict[str, str] = {}
    for name in names:
        value = getattr(row, "klass" if name == "class" else name)
        if value not in (None, ()):
            texts[name], odd = _NO_XML.subn("\ufffd", format_cell(value))
            notes.add(name, "", "has a character that XML cannot hold: replaced by \ufffd", odd)
    return texts


class _Referring(TextIOBase):
    """A UTF-8 text file in which characters that an editor acts on are character references."""

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
