"""The English catalogue says everything that the pages say, and reads as GNU gettext reads it."""

import gettext

import pytest

from tools import messages
from tools.messages import Message

SMALL = {
    Message("派遣"): ("Dispatch",),
    Message("第一行\n第二行"): ("First line\nSecond line",),
    Message('说"好"\\'): ('Say "yes"\\',),
    Message("%(n)s 件", "%(n)s 件"): ("%(n)s item", "%(n)s items"),
}


def test_every_sentence_has_english():
    assert messages.faults(messages.read(), messages.said()) == []


def test_nobody_keeps_english_for_what_nobody_says():
    assert set(messages.read()) - messages.said() == set()


def test_a_catalogue_is_read_as_it_was_written(tmp_path):
    path = tmp_path / "django.po"

    messages.write(SMALL, path)

    assert messages.read(path) == SMALL


def test_the_compiled_catalogue_is_one_that_python_reads(tmp_path):
    path = tmp_path / "django.po"
    messages.write(SMALL, path)

    with messages.compile_catalogue(path).open("rb") as compiled:
        english = gettext.GNUTranslations(compiled)

    assert english.gettext("派遣") == "Dispatch"
    assert english.gettext("第一行\n第二行") == "First line\nSecond line"
    assert english.ngettext("%(n)s 件", "%(n)s 件", 1) == "%(n)s item"
    assert english.ngettext("%(n)s 件", "%(n)s 件", 2) == "%(n)s items"


@pytest.mark.parametrize(
    ("english", "fault"),
    [
        ((), "no English: '剩 %(time)s'"),
        (("",), "no English: '剩 %(time)s'"),
        (("Left %(tme)s",), "other places: '剩 %(time)s' and 'Left %(tme)s'"),
        (("Left",), "other places: '剩 %(time)s' and 'Left'"),
    ],
)
def test_a_missing_or_broken_translation_is_named(english, fault):
    message = Message("剩 %(time)s")

    assert messages.faults({message: english}, [message]) == [fault]


def test_a_good_translation_is_no_fault():
    message = Message("剩 %(time)s")

    assert messages.faults({message: ("%(time)s left",)}, [message]) == []
