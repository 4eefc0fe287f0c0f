"""Names that may be one in two scripts and three languages."""

import pytest

from claimtrack import name_matching

PEOPLE = [
    ["Dmitry Peskov", "Дмитрий Песков", "Dmytro Pieskov", "Дмитро Пєсков", "Dzmitry Peskov",
     "Peskov Dmitri", "Dmitrij Peskow", "Peskov, Dmitry"],
    ["Volodymyr Zelensky", "Володимир Зеленський", "Владимир Зеленский", "Vladimir Zelenskiy",
     "Volodymyr Zelenskyy", "Uladzimir Zelenski"],
    ["Vladimir Putin", "Владимир Путин", "Володимир Путін", "Vladimir Poutine", "Wladimir Putin"],
    ["Alexander Lukashenko", "Александр Лукашенко", "Aliaksandr Lukashenka", "Аляксандр Лукашэнка"],
    ["Sviatlana Tsikhanouskaya", "Светлана Тихановская", "Svetlana Tikhanovskaya",
     "Святлана Ціханоўская"],
    ["Mikhail Gorbachev", "Михаил Горбачёв", "Mikhail Gorbachyov", "Mikhail Gorbachov"],
    ["Sergei Shoigu", "Сергей Шойгу", "Sergej Schoigu", "Сергій Шойгу"],
    ["Andriy Yermak", "Андрій Єрмак", "Андрей Ермак", "Andrei Ermak"],
    ["Serhiy Lukyanenko", "Сергій Лук'яненко", "Сергей Лукьяненко", "Sergey Luk\u02bcyanenko"],
    ["Yevgeny Prigozhin", "Евгений Пригожин", "Yevhen Pryhozhyn"],
    ["Solovyov", "Соловьёв", "Solovyev", "Solov'ev"],
    ["Pyotr Shcherbakov", "Пётр Щербаков", "Petro Scherbakov", "Petr Ščerbakov"],
    ["Khrushchev", "Хрущёв", "Hruščev"],
    ["Dmitry Peskоv", "Dmitry Peskov"],  # noqa: RUF001 - one letter is Cyrillic
    ["RIA Novosti", "РИА Новости"],
]  # fmt: skip


@pytest.mark.parametrize("spellings", [pytest.param(one, id=one[0]) for one in PEOPLE])
def test_a_name_sounds_the_same_in_every_spelling(spellings: list[str]) -> None:
    assert len({name_matching.get_phonetic_name(name).words for name in spellings}) == 1
    assert any(name_matching.get_phonetic_name(name).theirs for name in spellings)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        pytest.param("Sergei Ivanov", "Sergei Ivanova", id="a man and a woman"),
        pytest.param("Sergei Ivanov", "Sergei Petrov", id="another surname"),
        pytest.param("Andrei Ivanov", "Alexei Ivanov", id="another given name"),
        pytest.param("Peskov", "Dmitry Peskov", id="a part of a name"),
        pytest.param("12-я бригада", "14-я бригада", id="a number"),
        pytest.param("Маркова", "Марков", id="a man and a woman, in Cyrillic"),
    ],
)
def test_other_names_sound_otherwise(one: str, other: str) -> None:
    assert (
        name_matching.get_phonetic_name(one).words != name_matching.get_phonetic_name(other).words
    )


@pytest.mark.parametrize(
    "name", ["Harry Hill", "Anna Smith", "Don Brown", "Carl Clark", "Xi Jinping", "Gill", "Wang Li"]
)
def test_names_of_other_languages_are_not_compared_by_sound(name: str) -> None:
    assert not name_matching.get_phonetic_name(name).theirs


@pytest.mark.parametrize(
    ("name", "patronymic"),
    [
        pytest.param("Дмитрий Сергеевич Песков", "serhe", id="Russian"),
        pytest.param("Дмитро Сергійович Пєсков", "serhe", id="Ukrainian"),
        pytest.param("Dmitry Sergeyevich Peskov", "serhe", id="Latin"),
        pytest.param("Владимир Александрович Зеленский", "aleksandr", id="Zelensky"),
        pytest.param("Volodymyr Oleksandrovych Zelenskyy", "aleksandr", id="Zelenskyy"),
        pytest.param("Elena Ivanovna Petrova", "ivan", id="of a woman"),
        pytest.param("Ilya Rabinovich", "", id="a surname"),
        pytest.param("Dmitry Peskov", "", id="none"),
    ],
)
def test_a_patronymic_is_told_apart(name: str, patronymic: str) -> None:
    heard = name_matching.get_phonetic_name(name)
    assert heard.patronymic == patronymic
    assert len(heard.words.split()) == 2
