"""The platform's figures for Prometheus: behind a token, counts only, every one documented."""

from pathlib import Path

import pytest

from chengzhi.site.web.metrics import FIGURES, PREFIX

PAGE = Path(__file__).parents[2] / "docs" / "metrics.md"


def test_without_a_token_set_there_is_no_such_page(client, db):
    assert client.get("/metrics").status_code == 404


def test_a_wrong_token_is_401(client, db, settings):
    settings.CHENGZHI_METRICS_TOKEN = "right"

    answer = client.get("/metrics", headers={"authorization": "Bearer wrong"})

    assert (answer.status_code, answer.content) == (401, b"401\n")


@pytest.mark.django_db
def test_the_right_token_gets_every_figure(client, settings):
    settings.CHENGZHI_METRICS_TOKEN = "right"

    answer = client.get("/metrics", headers={"authorization": "Bearer right"})

    text = answer.content.decode()
    assert answer.status_code == 200
    assert all(f"# TYPE {PREFIX}{name} gauge" in text for name in FIGURES)
    assert 'chengzhi_cameras{state="running"} 0' in text
    assert "chengzhi_outbox_waiting 0" in text


def test_the_page_of_metrics_names_every_figure_of_the_platform():
    page = PAGE.read_text("utf-8")

    assert [name for name in FIGURES if f"| `{PREFIX}{name}` | gauge |" not in page] == []
