"""The register of events: who may be written, what is said, and the way back from the log."""

from collections.abc import Iterator
from dataclasses import dataclass

import pytest

from chengzhi.kernel.events import REGISTRY, as_data, event, from_data, name_of


@pytest.fixture(autouse=True)
def register_of_the_test() -> Iterator[None]:
    before = dict(REGISTRY)
    yield
    REGISTRY.clear()
    REGISTRY.update(before)


@dataclass(frozen=True, kw_only=True)
class LampLit:
    street: str
    lamps: list[int]


def lit_lamps() -> type:
    return event("test.lamp-lit", label="亮灯", say="{street} 亮灯：{lamps}")(LampLit)


def test_a_registered_event_is_known_by_its_name():
    shape = lit_lamps()

    known = REGISTRY["test.lamp-lit"]
    assert shape is LampLit
    assert (known.name, known.label, known.shape) == ("test.lamp-lit", "亮灯", LampLit)
    assert name_of(LampLit) == "test.lamp-lit"


def test_a_name_that_is_taken_is_refused():
    lit_lamps()

    @dataclass(frozen=True, kw_only=True)
    class LampStolen:
        street: str

    with pytest.raises(ValueError, match="'test.lamp-lit' is taken by .*LampLit"):
        event("test.lamp-lit", label="灯丢了", say="{street}")(LampStolen)
    assert REGISTRY["test.lamp-lit"].shape is LampLit
    with pytest.raises(KeyError):
        name_of(LampStolen)


def test_the_same_class_may_register_again():
    lit_lamps()

    event("test.lamp-lit", label="开灯", say="{street}")(LampLit)

    assert REGISTRY["test.lamp-lit"].label == "开灯"


def test_a_field_called_name_is_refused():
    @dataclass(frozen=True, kw_only=True)
    class LampNamed:
        name: str

    with pytest.raises(ValueError, match="'test.lamp-named': the field `name`"):
        event("test.lamp-named", label="命名", say="{name}")(LampNamed)
    assert "test.lamp-named" not in REGISTRY


def test_a_class_that_is_no_dataclass_is_refused():
    class Lamp:
        street: str

    with pytest.raises(TypeError, match="dataclass"):
        event("test.lamp", label="灯", say="{street}")(Lamp)
    assert "test.lamp" not in REGISTRY


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        ({"street": "靖南大街", "lamps": [3, 4]}, "靖南大街 亮灯：[3, 4]"),
        ({"street": "靖南大街"}, "靖南大街 亮灯：—"),
        ({}, "— 亮灯：—"),
        ({"street": "", "lamps": [], "retired_field": 1}, " 亮灯：[]"),
    ],
)
def test_a_sentence_shows_a_dash_for_what_an_old_row_does_not_have(data, sentence):
    lit_lamps()

    assert REGISTRY["test.lamp-lit"].sentence(data) == sentence


def test_a_dash_stands_whatever_format_is_asked():
    event("test.lamp-lit", label="亮灯", say="{watts:.2f} 瓦")(LampLit)

    assert REGISTRY["test.lamp-lit"].sentence({}) == "— 瓦"
    assert REGISTRY["test.lamp-lit"].sentence({"watts": 3}) == "3.00 瓦"


def test_template_and_labels_are_put_into_the_language_of_the_reader():
    event("test.lamp-lit", label="亮灯", say="{street}：{kind_label}，{note_label}")(LampLit)
    english = {"{street}：{kind_label}，{note_label}": "{kind_label}, {street}{note_label}",
               "路灯": "Street lamp", "靖南大街": "never"}  # fmt: skip
    data = {"street": "靖南大街", "kind_label": "路灯", "note_label": ""}

    said = REGISTRY["test.lamp-lit"].sentence(data, translate=lambda text: english.get(text, text))

    assert said == "Street lamp, 靖南大街"


def test_an_event_comes_back_from_its_stored_fields():
    lit_lamps()
    happened = LampLit(street="靖南大街", lamps=[3, 4])

    data = as_data(happened)

    assert data == {"street": "靖南大街", "lamps": [3, 4]}
    assert from_data("test.lamp-lit", data) == happened


def test_an_event_that_nobody_registered_does_not_come_back():
    with pytest.raises(KeyError):
        from_data("test.lamp-dark", {})
