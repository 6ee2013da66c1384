"""Any change to the log is found, and the row is named."""

from datetime import timedelta

import pytest
from django.core.management import CommandError, call_command
from django.db.models import F

from chengzhi.audit import commands, queries
from chengzhi.audit.models import Checkpoint, Event
from chengzhi.audit.rules import chained, digest
from tests.audit.happenings import START, happen, story

TEXT_COLUMNS = ("name", "subject", "actor", "data", "algorithm", "previous", "hash")


def silent(done, total):
    """No progress."""


def checkpoint():
    return commands.make_checkpoint(actor="system:test", now=START, progress=silent)


def other(character: str) -> str:
    return "b" if character == "a" else "a"


def reseal(row: Event) -> None:
    """Give a forged row a hash that fits its content."""
    row.hash = chained(
        name=row.name,
        subject=row.subject,
        seq=row.seq,
        actor=row.actor,
        data=row.data,
        happened_at=row.happened_at,
        previous=row.previous,
        algorithm=row.algorithm,
    )
    row.save()


@pytest.mark.django_db
def test_an_untouched_log_holds():
    story()
    checkpoint()
    story()
    checkpoint()

    assert queries.verify() is None


@pytest.mark.django_db
def test_an_empty_log_holds():
    assert queries.verify() is None


@pytest.mark.django_db
@pytest.mark.parametrize("column", TEXT_COLUMNS)
def test_any_single_byte_of_a_text_column_is_missed(column):
    row = Event.objects.get(pk=story()[4])
    written = getattr(row, column)

    named = []
    for place, character in enumerate(written):
        changed = written[:place] + other(character) + written[place + 1 :]
        Event.objects.filter(pk=row.pk).update(**{column: changed})
        named.append(queries.verify().event_id)
    Event.objects.filter(pk=row.pk).update(**{column: written})

    assert written
    assert named == [row.pk] * len(written)
    assert queries.verify() is None


@pytest.mark.django_db
@pytest.mark.parametrize("column", TEXT_COLUMNS)
@pytest.mark.parametrize("number", [0, 1, 3, 6])
def test_a_byte_added_to_any_row_is_missed(column, number):
    pk = story()[number]
    written = getattr(Event.objects.get(pk=pk), column)

    Event.objects.filter(pk=pk).update(**{column: written[:63] + " "})

    assert queries.verify().event_id == pk


@pytest.mark.django_db
@pytest.mark.parametrize(
    "change",
    [
        {"seq": F("seq") + 10},
        {"happened_at": F("happened_at") + timedelta(microseconds=1)},
        {"happened_at": START - timedelta(days=1)},
    ],
    ids=["seq", "a microsecond", "a day"],
)
def test_a_changed_number_or_moment_names_the_row(change):
    pk = story()[2]

    Event.objects.filter(pk=pk).update(**change)

    assert queries.verify().event_id == pk


@pytest.mark.django_db
def test_a_removed_row_is_named_by_the_one_that_follows():
    ids = story()

    Event.objects.filter(pk=ids[2]).delete()

    broken = queries.verify()
    assert (broken.event_id, broken.subject, broken.seq) == (ids[4], "thing:1", 3)
    assert broken.reason == "应为第 2 步，之前的行缺失。"


@pytest.mark.django_db
def test_a_forged_row_with_a_fitting_hash_breaks_the_link_after_it():
    ids = story()
    forged = Event.objects.get(pk=ids[2])

    forged.actor = "person:666"
    reseal(forged)

    broken = queries.verify()
    assert (broken.event_id, broken.seq) == (ids[4], 3)
    assert broken.reason == "前一行的摘要不符，前一行被替换过。"


@pytest.mark.django_db
def test_a_changed_row_is_named_before_a_mere_gap():
    ids = story()

    Event.objects.filter(pk=ids[2]).delete()
    Event.objects.filter(pk=ids[5]).update(actor="person:2")

    assert queries.verify().event_id == ids[5]


@pytest.mark.django_db
def test_a_deleted_tail_is_found_by_the_checkpoint():
    ids = story()
    anchor = checkpoint()

    Event.objects.filter(pk=ids[-1]).delete()

    broken = queries.verify()
    assert (broken.event_id, broken.subject, broken.seq) == (
        anchor.last_id,
        "audit:checkpoints",
        anchor.id,
    )
    assert broken.reason.endswith("存证时有 7 行，现有 6 行。")


@pytest.mark.django_db
def test_a_rewritten_tail_is_found_by_the_checkpoint():
    ids = story()
    checkpoint()
    tail = Event.objects.get(pk=ids[-1])

    tail.actor = "person:666"
    reseal(tail)

    assert queries.verify().reason.endswith("行数相符而摘要不符，其中有行被替换过。")


@pytest.mark.django_db
def test_a_removed_checkpoint_is_missed():
    story()
    first = checkpoint()
    happen("thing:1", 5)
    checkpoint()

    Checkpoint.objects.filter(pk=first.id).delete()

    assert queries.verify().reason.endswith("前一个存证点缺失。")


@pytest.mark.django_db
def test_checkpoints_chain_on_each_other():
    ids = story()
    first = checkpoint()
    second = checkpoint()

    assert (first.after_id, first.last_id, first.count) == (0, ids[-1], 7)
    assert (second.after_id, second.count) == (ids[-1], 1)
    assert first.digest != second.digest


@pytest.mark.django_db
def test_a_checkpoint_over_nothing_is_refused():
    with pytest.raises(commands.NothingNew, match="没有新的记录"):
        checkpoint()

    assert not Checkpoint.objects.exists()
    assert not Event.objects.exists()


@pytest.mark.django_db
def test_a_checkpoint_by_sm3_is_verified_after_the_setting_changed(settings):
    settings.CHENGZHI_HASH = "sm3"
    story()
    anchor = checkpoint()
    settings.CHENGZHI_HASH = "sha256"

    assert anchor.algorithm == "sm3"
    assert queries.verify() is None


@pytest.mark.django_db
def test_one_subject_is_verified_alone():
    ids = story()

    Event.objects.filter(pk=ids[1]).update(actor="person:2")

    assert queries.verify("thing:1") is None
    assert queries.verify("thing:2").event_id == ids[1]


@pytest.mark.django_db
def test_progress_ends_at_the_total():
    story()
    told = []

    queries.verify(progress=lambda done, total: told.append((done, total)))

    assert told[-1] == (7, 7)


@pytest.mark.django_db
def test_the_command_says_that_the_log_holds(capsys):
    story()

    call_command("audit", "verify")

    assert "操作留痕完整" in capsys.readouterr().out


@pytest.mark.django_db
def test_the_command_exits_with_one_and_names_the_row():
    ids = story()
    Event.objects.filter(pk=ids[3]).update(data='{"count":9}')

    with pytest.raises(CommandError, match=f"第 {ids[3]} 行（thing:10 的第 1 步）") as refusal:
        call_command("audit", "verify")

    assert refusal.value.returncode == 1


@pytest.mark.django_db
def test_the_command_compares_with_a_digest_kept_elsewhere(capsys):
    story()
    call_command("audit", "checkpoint")
    kept = Checkpoint.objects.get().digest
    assert kept in capsys.readouterr().out

    call_command("audit", "verify", "--anchor", kept)

    with pytest.raises(CommandError, match="没有摘要相同的存证点"):
        call_command("audit", "verify", "--anchor", "0" * 64)


@pytest.mark.django_db
def test_the_command_refuses_an_empty_checkpoint():
    with pytest.raises(CommandError, match="无需建立存证点"):
        call_command("audit", "checkpoint")

    assert not Checkpoint.objects.exists()


def test_digests_follow_the_standards():
    assert digest("abc", algorithm="sha256").startswith("ba7816bf8f01cfea")
    # GB/T 32905-2016, annex A.1
    assert digest("abc", algorithm="sm3").startswith("66c7f0f462eeedd9")


def test_an_unknown_algorithm_is_no_algorithm():
    with pytest.raises(ValueError, match="unknown hash algorithm"):
        digest("abc", algorithm="md5")
