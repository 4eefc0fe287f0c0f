"""Matching of personal names across scripts: Russian, Ukrainian and Belarusian in any spelling.

`phonetic_key` maps a word to a key that is the same in Cyrillic and in Latin letters, whichever
system transliterated it, and in all three languages. The keys serve comparison alone: different
names may share one.

Source: the tables of BGN/PCGN (1947 Russian, 2019 Ukrainian, 1979 Belarusian), ISO 9:1995, GOST R
52535.1-2006 and ICAO 9303 (passports), Ukraine's resolution 55 of 2010, and the spelling of German
and French newspapers.
"""

import re
import unicodedata
from dataclasses import dataclass
from functools import lru_cache

_CYRILLIC = str.maketrans(
    {
        **dict(zip("абвгґдезийіклмнопрстуфхыэ", "abvhhdeziiiklmnoprstufhie", strict=True)),
        **{"ё": "e", "є": "e", "ї": "i", "ж": "zh", "ц": "ts", "ч": "ch", "ш": "sh", "щ": "sh"},
        **{"ъ": "", "ь": "", "ю": "iu", "я": "ia", "ў": "v"},
        **{"ј": "i", "љ": "l", "њ": "n", "ћ": "ch", "ђ": "d", "џ": "zh", "ѓ": "h", "ќ": "k"},
    }
)
_LOOK_ALIKE = str.maketrans("аеосрхуіјѕкмтвн", "aeocpxyijskmtbh")
"""Cyrillic letters typed for the Latin ones that look the same, in words that hold both scripts."""
_LATIN = str.maketrans({"š": "sh", "č": "ch", "ž": "zh", "ŝ": "sh", "ŭ": "v", "ł": "l"})
_APOSTROPHES = re.compile("['`\u00b4\u02b9\u02ba\u02bc\u2018\u2019\u2033]")
_WORD = re.compile(r"[^\W_]+")
_HAS_CYRILLIC = re.compile("[\u0400-\u052f]")
_HAS_LATIN = re.compile("[A-Za-z\u00c0-\u024f]")

_FOLDS = [
    (re.compile(pattern), replacement)
    for pattern, replacement in (
        ("shch|schtsch|stsch|szcz|sch", "sh"),
        ("tsch|tch|cz", "ch"),
        ("ph", "f"),
        ("w", "v"),
        ("x", "ks"),
        ("(?<=[oe])ff?$", "v"),  # Kasparoff
        ("(?<=[oa])u(?=sk|$)", "v"),  # Tsikhanouski
        ("(?<=[csz]h)[oe]v", "ev"),  # Gorbachov
        ("ine$", "in"),  # Poutine
        ("ou", "u"),
        ("t[sz](?=[eiy])", "t"),  # Tsikhanouski
        ("tz|(?<![sckt])c(?=[eiy])", "ts"),
        ("dz(?=[eiym])", "d"),  # Dzmitry
        ("c(?!h)", "k"),
        ("kh|gh|g", "h"),
        ("[yj]o", "e"),
        ("[yji]+", "i"),
        ("i(?=[aeu])", ""),
        (r"(\D)\1+", r"\1"),
        ("(?<=...)i$", ""),
        ("(?<=[ea]nk)[oa]$", ""),
    )
]
"""What differs between systems and languages, in this order, and what replacement for all of it."""

_GIVEN_NAMES = """
aleksandr oleksandr aliaksandr alexander olexander +
aleksandra oleksandra aliaksandra alexandra +
aleksei oleksii aliaksei
anatoly anatol +
andrei andrii andrey +
anna hanna +
arkady arkadz
artem artyom artsiom
bogdan bohdan bahdan
boris barys +
daniil danylo danila +
denis denys dzianis +
dmitry dmytro dzmitry
ekaterina kateryna katsiaryna yekaterina
elena olena alena yelena +
evgeny yevhen yauhen jewgeni eugene
evgeniya yevheniia yauheniya
fyodor fedir fiodar fedor
galina halyna +
gennady hennadii henadz
georgy heorhii
grigory hryhorii ryhor
igor ihor ihar
ilya illia
iosif yosyp +
irina iryna +
kirill kyrylo kiryl
konstantin kostiantyn kanstantsin +
kseniya oksana aksana +
leonid leanid +
lyudmila liudmyla ludmila
maksim maksym +
maria mariia maryia +
mikhail mykhailo
natalya nataliia natallia +
nikita mykyta mikita +
nikolai mykola mikalai
oleg oleh aleh
olga olha volha +
pavel pavlo paval +
pyotr petro piatro petr +
roman raman +
rostislav rastsislau
semyon siamion semen
sergei serhii siarhei
stanislav stanislau +
stepan stsiapan +
svetlana svitlana sviatlana
svyatoslav sviatoslav
tatyana tetiana tatsiana +
timofei tymofii tsimafei
vadim vadym vadzim +
valentin valentyn valiantsin +
valentina valentyna valiantsina +
valery valerii valer +
vasily vasyl vasil
viktor viktar +
vitaly vital +
vladimir volodymyr uladzimir wladimir
vladislav vladyslav uladzislau
vyacheslav viachaslau
yaroslav yaraslau
yulia yuliia julia +
yury yurii iouri juri +
"""
"""Given names, a name's variants a line. A plus marks names that other languages have too."""
_SURNAME = re.compile(".{2,}(?:[oei]va?|sk|ska|[ea]nk|chuk|shin)")
"""Endings of surnames that only these languages have, as phonetic keys."""
_PATRONYMIC = re.compile("(?P<of>.{2,}?)(?:[oei]vi?ch|[oei]vna|ich|ichna)")


def _folded(word: str) -> str:
    for pattern, replacement in _FOLDS:
        word = pattern.sub(replacement, word)
    return word


_LINES = [line.split() for line in _GIVEN_NAMES.strip().splitlines()]
_ONE_OF = {_folded(name): _folded(line[0]) for line in _LINES for name in line if name != "+"}
_ONLY_THEIRS = {_folded(line[0]) for line in _LINES if line[-1] != "+"}


@lru_cache(maxsize=65_536)  # names share most of their words
def phonetic_key(word: str) -> str:
    """Return the key under which all spellings of a word of a name fall; cached."""
    word = unicodedata.normalize("NFC", _APOSTROPHES.sub("", word)).casefold()
    if _HAS_CYRILLIC.search(word):
        if _HAS_LATIN.search(word):
            word = word.translate(_LOOK_ALIKE)
        word = word.replace("йо", "ё").replace("ьо", "ё").translate(_CYRILLIC)
    plain = unicodedata.normalize("NFKD", word.translate(_LATIN))
    folded = _folded("".join(mark for mark in plain if not unicodedata.combining(mark)))
    return _ONE_OF.get(folded, folded)


def is_east_slavic(word: str) -> bool:
    """Return whether a word is in Cyrillic, or is a name that only these three languages have."""
    if _HAS_CYRILLIC.search(word):
        return True
    key = phonetic_key(word)
    return key in _ONLY_THEIRS or _SURNAME.fullmatch(key) is not None


@dataclass(frozen=True, slots=True)
class PhoneticName:
    """A name as its phonetic keys.

    Attributes:
        words: The keys of its words but for the patronymic, sorted and joined by spaces.
        patronymic: The key of the father's name; empty without a patronymic.
        theirs: Whether it is a name of these languages; only such names are compared by sound.
    """

    words: str
    patronymic: str
    theirs: bool


def get_phonetic_name(name: str) -> PhoneticName:
    """Return the phonetic keys of a name."""
    words = split_words(name)
    sounds = [phonetic_key(word) for word in words]
    patronymic = ""
    for at in range(1, len(sounds)) if len(sounds) > 2 else ():
        if found := _PATRONYMIC.fullmatch(sounds[at]):
            patronymic = _ONE_OF.get(found["of"], found["of"])
            del sounds[at]
            break
    return PhoneticName(" ".join(sorted(set(sounds))), patronymic, any(map(is_east_slavic, words)))


def split_words(name: str) -> list[str]:
    """Return the words of a name, in order, without apostrophes."""
    return _WORD.findall(_APOSTROPHES.sub("", name))
