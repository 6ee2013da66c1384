"""Every deed that a record offers has its form, and only once."""

import re

import pytest
from django.template.loader import select_template

from chengzhi.workorders.procedure import CAN_LABELS, PROCEDURE
from chengzhi.workorders.queries.record import FORWARD
from chengzhi.workorders.types import State
from chengzhi.workorders.web.deeds import DEEDS
from chengzhi.workorders.web.offering import PLACED, next_form
from tests.workorders.conftest import text

OFFERED = sorted({step.name for step in PROCEDURE.steps} | set(CAN_LABELS))
BY_NOBODY = {"withdraw", "spot_done", "spot_sample", "camera_check"}  # the system's own steps
BY_NOBODY |= {"suspend"}  # granted on its request, not on the record


@pytest.mark.parametrize("name", [n for n in OFFERED if n not in PLACED | BY_NOBODY])
def test_every_deed_has_an_address(name):
    behind = {"verify_exists": "verification", "check_pass": "check", "record_handling": "handling"}

    assert behind.get(name, name.replace("_", "-")) in DEEDS


@pytest.mark.parametrize("name", sorted({name for names in FORWARD.values() for name in names}))
def test_every_forward_step_has_its_own_form(name):
    assert select_template([f"workorders/next/{name}.html"])


@pytest.mark.django_db
@pytest.mark.parametrize("state", [s for s in State])
def test_a_record_offers_no_deed_twice(centre, bring, today, state):
    order = bring(state, at=today)

    page = text(centre.get(f"/work-orders/{order.pk}/"))

    actions = re.findall(r'hx-post="/work-orders/\d+/([\w-]+)/"', page)
    assert len(actions) == len(set(actions))


@pytest.mark.django_db
def test_whoever_may_not_act_reads_who_does(handler, bring, today):
    order = bring(State.HANDLING, at=today)

    found = handler.get(f"/work-orders/{order.pk}/").context["record"]

    assert next_form(found) == (
        "workorders/next/record_handling.html",
        "workorders/next/_wait.html",
    )
