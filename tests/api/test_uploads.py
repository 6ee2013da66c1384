"""Pictures that are brought and attached at the same moment do not lock each other out."""

import hashlib
from threading import Barrier, Thread

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connections

from chengzhi.audit.interface import history
from tests.api.calling import Caller, token
from tests.vision.conftest import picture


@pytest.mark.django_db(transaction=True)
def test_pain_34_photos_uploaded_in_parallel_do_not_lock_each_other_out(bring):
    pk, plain, start, answers = bring().pk, token(person=2), Barrier(5), []

    def send(number: int) -> None:
        sender, content = Caller(plain), picture(100 + number)
        start.wait()
        file = SimpleUploadedFile(f"现场{number}.jpg", content)
        answers.append(sender.client.post("/api/v1/evidence/files", {"file": file}))
        photo = {"sha256": hashlib.sha256(content).hexdigest(), "role": "near"}
        answers.append(sender.post(f"/work-orders/{pk}/attachments", {"photos": [photo]}))
        connections.close_all()

    senders = [Thread(target=send, args=(number,)) for number in range(5)]
    for sender in senders:
        sender.start()
    for sender in senders:
        sender.join()

    assert sorted(answer.status_code for answer in answers) == [200] * 5 + [201] * 5
    assert len(Caller(plain).get(f"/work-orders/{pk}/files").json()) == 5
    assert [entry.seq for entry in history(f"workorder:{pk}")] == list(range(1, 7))
