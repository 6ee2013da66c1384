"""Requests by Open311: a report with its sender's particulars, and what the sender adds later."""

import secrets
from datetime import datetime

from django.db import transaction

from chengzhi.accounts.types import Actor
from chengzhi.audit import interface as audit
from chengzhi.kernel.errors import DomainError, InvalidInput, NotVisible
from chengzhi.kernel.privacy import redacted
from chengzhi.workorders.commands.intake import report
from chengzhi.workorders.commands.taking import tell
from chengzhi.workorders.events import OutsideReceived, OutsideUpdated
from chengzhi.workorders.models import OutsideRequest, WorkOrder
from chengzhi.workorders.queries.published import readable
from chengzhi.workorders.rules.outside import is_batch, kept_attributes
from chengzhi.workorders.types import FINAL_STATES, Channel, Report, Reported
from chengzhi.workorders.types.outside import OutsideReceipt, OutsideReport

LONGEST_UPDATE = 4000
NOTICE = "已收到。先受理、核实，再按标准立案处置；请凭编号查询进度。"


class RequestClosed(DomainError):
    """A closed request takes no more updates: what happens again is a new problem."""

    code = "request-closed"
    status = 409


@transaction.atomic
def receive(received: OutsideReport, *, actor: Actor, now: datetime) -> OutsideReceipt:
    """Make a work order of a request, and keep what its sender asked to have back.

    :raises InvalidInput: a field is malformed.
    :raises NotPermitted: the key may not report.
    """
    made = report(_report(received), actor=actor, now=now)
    if not made.created:
        before = OutsideRequest.objects.get(order=made.id)
        return _receipt(before, made)
    request = OutsideRequest.objects.create(
        order_id=made.id,
        sender=actor.ref,
        token=secrets.token_hex(8) if is_batch(received.service_code) else "",
        account_id=received.account_id,
        email=received.email,
        media_url=received.media_url,
        attributes=kept_attributes(dict(received.attributes)),
    )
    order = WorkOrder.objects.select_for_update().get(pk=made.id)
    tell(order, _received(order, received, actor, request.attributes), actor=actor, now=now)
    return _receipt(request, made)


def _report(received: OutsideReport) -> Report:
    return Report(
        channel=Channel.CITIZEN,
        matter_code=received.service_code,
        lon=received.lon,
        lat=received.lat,
        address=received.address,
        description=received.description,
        photos=received.photos,
        client_ref=received.client_ref,
        reporter_name=received.name,
        reporter_phone=received.phone,
        occurred_at=received.occurred_at,
        component_code=received.component_code,
    )


def _received(
    order: WorkOrder, received: OutsideReport, actor: Actor, attributes: dict[str, str]
) -> OutsideReceived:
    said = "".join(f"{code}：{value}；" for code, value in attributes.items())
    link = f"附链接 {received.media_url}；" if received.media_url else ""
    return OutsideReceived(
        code=order.code,
        sender=actor.ref,
        sender_name=actor.name,
        attributes_text=redacted(said + link),
        place_note=received.place_note,
        has_media_url=bool(received.media_url),
    )


def _receipt(request: OutsideRequest, made: Reported) -> OutsideReceipt:
    near = len(made.duplicates)
    also = f"附近已有 {near} 件同类案件，可能是同一问题。" if near else ""
    return OutsideReceipt(
        id=made.id, token=request.token, account_id=request.account_id, notice=NOTICE + also
    )


def forget_sender(order_id: int) -> int:
    """Remove the personal data that came with a request, and return how many values went."""
    request = OutsideRequest.objects.filter(order=order_id).first()
    if request is None:
        return 0
    held = [request.email, request.account_id, request.media_url, request.attributes]
    request.email = request.account_id = request.media_url = ""
    request.attributes = {}
    request.save(update_fields=["email", "account_id", "media_url", "attributes"])
    return sum(bool(value) for value in held)


@transaction.atomic
def add_update(pk: int, *, text: str, client_ref: str = "", actor: Actor, now: datetime) -> str:
    """Add what the reporter says later to an open request, and return the update's id.

    The same `client_ref` adds nothing a second time.

    :raises NotVisible: there is no such request, or not for this sender.
    :raises RequestClosed: it has ended; a new report is needed.
    """
    order = readable(actor, actor.county).select_for_update(of=("self",)).filter(pk=pk).first()
    if order is None:
        raise NotVisible(f"没有编号为 {pk} 的案件，请核对 service_request_id。")
    if before := _added_before(order, client_ref):
        return before
    if order.state in FINAL_STATES:
        raise RequestClosed(
            f"第 {pk} 号已经办结，不再接收补充。问题仍在或再次出现的，请重新上报（POST requests）。",
            field="service_request_id",
        )
    written = text.strip()
    if not 0 < len(written) <= LONGEST_UPDATE:
        raise InvalidInput(f"补充内容应有 1 至 {LONGEST_UPDATE} 字，请重写。", field="description")
    event = OutsideUpdated(code=order.code, sender=actor.ref, text=written, client_ref=client_ref)
    return str(tell(order, event, actor=actor, now=now))


def _added_before(order: WorkOrder, client_ref: str) -> str:
    if not client_ref:
        return ""
    said = (e for e in audit.history(order.subject) if e.name == "workorders.outside-updated")
    return next((str(e.id) for e in said if e.data["client_ref"] == client_ref), "")
