"""Names that may be one: Russian, Ukrainian and Belarusian names, in Cyrillic or in Latin letters.

`sound` brings a word to a form that is the same in both scripts, whichever system spelled it, and
however a neighbouring language does. It is for comparing alone, and loses more than it keeps.

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
"""Cyrillic letters that are taken for Latin ones, where a word has both."""
_LATIN = str.maketrans({"š": "sh", "č": "ch", "ž": "zh", "ŝ": "sh", "ŭ": "v", "ł": "l"})
_APOSTROPHES = re.compile("['`\u00b4\u02b9\u02ba\u02bc\u2018\u2019\u2033]")
_WORD = re.compile(r"[^\W_]+")
_HAS_CYRILLIC = re.compile("[\u0400-\u052f]")
_HAS_LATIN = re.compile("[A-Za-z\u00c0-\u024f]")

_FOLDS = [
    (re.compile(pattern), stands)
    for pattern, stands in (
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
"""What differs between systems and languages, in this order, and what stands for all of it."""

_GIVEN = """
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
"""Given names: those of a line are one. A plus stands behind those that others bear as well."""
_SURNAME = re.compile(".{2,}(?:[oei]va?|sk|ska|[ea]nk|chuk|shin)")
"""How surnames end that nobody else bears, as `sound` has them."""
_PATRONYMIC = re.compile("(?P<of>.{2,}?)(?:[oei]vi?ch|[oei]vna|ich|ichna)")


def _folded(word: str) -> str:
    for pattern, stands in _FOLDS:
        word = pattern.sub(stands, word)
    return word


_LINES = [line.split() for line in _GIVEN.strip().splitlines()]
_ONE_OF = {_folded(name): _folded(line[0]) for line in _LINES for name in line if name != "+"}
_ONLY_THEIRS = {_folded(line[0]) for line in _LINES if line[-1] != "+"}


@lru_cache(maxsize=65_536)
def sound(word: str) -> str:
    """Return what a word of a name comes down to in both scripts and all three languages."""
    word = unicodedata.normalize("NFC", _APOSTROPHES.sub("", word)).casefold()
    if _HAS_CYRILLIC.search(word):
        if _HAS_LATIN.search(word):
            word = word.translate(_LOOK_ALIKE)
        word = word.replace("йо", "ё").replace("ьо", "ё").translate(_CYRILLIC)
    plain = unicodedata.normalize("NFKD", word.translate(_LATIN))
    folded = _folded("".join(mark for mark in plain if not unicodedata.combining(mark)))
    return _ONE_OF.get(folded, folded)


def is_theirs(word: str) -> bool:
    """Whether a word is spelled in Cyrillic, or is a name that only these languages have."""
    if _HAS_CYRILLIC.search(word):
        return True
    heard = sound(word)
    return heard in _ONLY_THEIRS or _SURNAME.fullmatch(heard) is not None


@dataclass(frozen=True, slots=True)
class Heard:
    """A name as it sounds: its words in their order by alphabet, without the patronymic."""

    words: str
    patronymic: str
    theirs: bool
    """Whether it is a name of these languages: others are not compared by sound."""


def heard(name: str) -> Heard:
    """Return a name as it sounds."""
    words = words_of(name)
    sounds = [sound(word) for word in words]
    patronymic = ""
    for at in range(1, len(sounds)) if len(sounds) > 2 else ():
        if found := _PATRONYMIC.fullmatch(sounds[at]):
            patronymic = _ONE_OF.get(found["of"], found["of"])
            del sounds[at]
            break
    return Heard(" ".join(sorted(set(sounds))), patronymic, any(map(is_theirs, words)))


def words_of(name: str) -> list[str]:
    """Return the words of a name, apostrophes left out."""
    return _WORD.findall(_APOSTROPHES.sub("", name))
