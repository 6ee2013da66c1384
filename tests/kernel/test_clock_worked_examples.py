"""The worked examples of the law, with the national holiday plan of 2022."""

from datetime import date, timedelta

import pytest

from chengzhi.kernel.clock import last_day
from chengzhi.kernel.money import Money, surcharge
from chengzhi.standards import Standards

NOW = date(2026, 11, 25)


@pytest.fixture(scope="module")
def standards() -> Standards:
    return Standards.load()


def last(standards: Standards, key: str, start_on: date) -> date:
    return last_day(start_on, standards.limit(key, on=NOW), standards.calendar)


def test_1_decision_within_ninety_days_of_filing_article_60(standards):
    decided_by = last(standards, "decision", date(2022, 9, 26))

    assert decided_by == date(2022, 12, 25)
    assert decided_by.strftime("%A") == "Sunday"  # the agency's own limit does not roll


def test_2_hearing_requested_within_five_working_days_articles_64_and_85(standards):
    assert last(standards, "hearing_request", date(2022, 9, 28)) == date(2022, 10, 10)


def test_3_fine_paid_within_fifteen_days_rolls_over_the_holiday_article_67(standards):
    assert last(standards, "pay_fine", date(2022, 9, 20)) == date(2022, 10, 8)


@pytest.mark.parametrize(
    ("paid_on", "owed"),
    [("2022-10-08", 0), ("2022-10-09", 30), ("2022-11-10", 990), ("2022-11-11", 1000)],
)
def test_3_surcharge_is_three_percent_a_day_and_never_above_the_fine_article_72(
    standards, paid_on, owed
):
    due_on = last(standards, "pay_fine", date(2022, 9, 20))
    days_late = (date.fromisoformat(paid_on) - due_on).days

    charged = surcharge(
        Money.yuan(1000),
        days=days_late,
        percent_per_day=standards.amount("surcharge_per_day", on=NOW).value,
        cap_percent=standards.amount("surcharge_cap", on=NOW).value,
    )

    assert charged == Money.yuan(owed)


def test_4_reconsideration_within_sixty_days_rolls_from_saturday_reconsideration_law_20(standards):
    assert last(standards, "reconsideration_apply", date(2022, 9, 20)) == date(2022, 11, 21)


def test_4_suit_within_six_months_litigation_law_46(standards):
    assert last(standards, "sue", date(2022, 9, 20)) == date(2023, 3, 20)


def test_4_court_application_within_three_months_of_the_remedy_period_coercion_law_53(standards):
    remedy_ended = last(standards, "sue", date(2022, 9, 20))

    assert remedy_ended + timedelta(days=1) == date(2023, 3, 21)
    assert last(standards, "court_application", remedy_ended) == date(2023, 6, 20)


def test_4_reminder_ten_working_days_before_court_coercion_law_54_and_69(standards):
    assert last(standards, "reminder_before_court", date(2023, 3, 6)) == date(2023, 3, 20)


@pytest.mark.parametrize(("fine", "allowed"), [(150, True), (200, True), (250, False)])
def test_5_simple_procedure_for_a_citizen_up_to_two_hundred_yuan_article_51(
    standards, fine, allowed
):
    cap = Money.yuan(standards.amount("simple_citizen", on=NOW).value)

    assert (Money.yuan(fine) <= cap) is allowed
