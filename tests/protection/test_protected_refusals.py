"""What commands that write answer or refuse does not tell what a protected record hides."""

import re

import pytest

from commandline import CommandLine
from protection.canaries import assert_silent

WRITES = {
    "near": ("actor add X --kind person --parent anary-ref", 3),
    "still named": ("actor remove four", 4),
    "a ref taken": ("actor add X --kind person --ref canary-ref", 4),
    "an address taken": ("document add --publisher press --url https://canary.example/1", 4),
    "a circle": ("actor edit four --parent canary-ref", 2),
    "a stance": ("stance set C9 ready 1 --asserted-by canary-judge", 0),
    "the same link": ("link add S responds_to C9 --asserted-by canary-judge", 4),
    "a citation": ("citation add C9 canary-doc", 0),
    "no such citation": ("citation remove C9 canary-doc --via open", 3),
    "a merge": ("actor merge canary-judge canary-ref", 0),
    "one alike": ("claim add ready-to-talk --actor canary-ref --ref C10", 0),
    "an edit": ("actor edit canary-ref --name Canary", 0),
}


@pytest.mark.parametrize("name", WRITES)
def test_what_a_writer_is_told_gives_nothing_away(changing: str, name: str) -> None:
    words, code = WRITES[name]
    answer = CommandLine(changing).run(*words.split(" "))
    assert answer.code == code, answer
    assert_silent(answer.stdout + answer.stderr)


REFUSED = {
    "who is above it": (
        "actor edit russia --parent below",
        "parent 'below' would create a cycle: choose a parent that is not below it",
    ),
    "what it belongs to": (
        "actor remove four",
        "actor 'four' is still used by entry C8, 1 protected actor: change or remove those first",
    ),
    "how many it is": (
        "actor edit canary-ref --count-max 3",
        "count_min is more than count_max: swap them",
    ),
    "who it resembles": ("actor add X --kind person --parent anary-ref", "no actor 'anary-ref'"),
    "what it is called": ("claim add X --actor Canaryname", "no actor 'Canaryname'"),
    "a title": ("claim add X --actor four --document canary-dok", "no document 'canary-dok'"),
    "words of its text": (
        "citation add C9 canary-doc --quote zz --start 4 --end 9",
        "the quotation is not at that position in document 'PSEUDONYM'",
    ),
    "where it is quoted": (
        "document remove canary-doc",
        "document 'PSEUDONYM' is still used by capture PSEUDONYM, citation C9/PSEUDONYM, "
        "figure C9/deaths/PSEUDONYM: change or remove those first",
    ),
    "how it is cited": (
        "citation remove C9 canary-doc --start 7",
        "no citation 'C9/PSEUDONYM'",
    ),
    "its captures": ("document text canary-doc --capture ffff", "no capture 'PSEUDONYM/ffff'"),
}
"""Commands that are refused because of what a protected record hides, and what they say."""


@pytest.mark.parametrize("name", REFUSED)
def test_a_refusal_does_not_tell_what_a_protected_record_hides(changing: str, name: str) -> None:
    line = CommandLine(changing)
    words, sentence = REFUSED[name]
    line.does("document", "capture", "canary-doc", "-", input="<p>page</p>")
    assert (
        re.sub("protected-[0-9a-f]{12}", "PSEUDONYM", line.refuses(*words.split(" "))[1])
        == sentence
    )
