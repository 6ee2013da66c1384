"""Tags that pages use: status, clocks, the query string, sortable heads, intervals."""

from datetime import UTC, datetime, timedelta

import pytest
from django.template import Context, Template
from django.test import RequestFactory

from chengzhi.site.rail import RailItem

NOW = datetime(2026, 11, 25, 2, 30, tzinfo=UTC)


def drawn(source: str, address: str = "/", **values: object) -> str:
    request = RequestFactory().get(address)
    context = Context({"request": request, "now": NOW, **values})
    return Template("{% load site_tags %}" + source).render(context).strip()


def test_a_status_is_a_word_in_a_colour():
    assert drawn('{% chip "处置中" "live" %}') == '<span class="chip live">处置中</span>'


def test_a_status_word_is_escaped():
    assert drawn("{% chip word %}", word="<b>") == '<span class="chip ">&lt;b&gt;</span>'


def test_a_clock_tells_the_browser_when_it_ends():
    html = drawn("{% clock due warn=NOW %}", due=NOW + timedelta(minutes=9), NOW=NOW)

    assert 'class="clock warn"' in html
    assert 'data-due="2026-11-25T02:39:00+00:00"' in html
    assert "<span data-word>剩</span> <b data-time>0:09</b>" in html


def test_a_clock_in_working_days_keeps_its_words_until_it_is_over():
    in_limit = drawn('{% clock due words="1 工作日" %}', due=NOW + timedelta(hours=20))
    over = drawn('{% clock due words="1 工作日" %}', due=NOW - timedelta(hours=2))

    assert in_limit == '<span class="clock ok">1 工作日</span>'
    assert "<b data-time>2:00</b>" in over


@pytest.mark.parametrize(
    ("tag", "query"),
    [
        ("{% query page=2 %}", "?state=filed&amp;state=closed&amp;after=9&amp;page=2"),
        ("{% query after=None %}", "?state=filed&amp;state=closed"),
        ('{% query_without "state" %}', "?"),
        ('{% query_toggle "state" "filed" %}', "?state=closed"),
        ('{% query_toggle "state" "checked" %}', "?state=filed&amp;state=closed&amp;state=checked"),
    ],
)
def test_filters_change_the_query_and_go_back_to_the_first_page(tag, query):
    assert drawn(tag, "/?state=filed&state=closed&after=9") == query


@pytest.mark.parametrize(
    ("address", "order", "target"),
    [
        ("/?after=9", "none", "?sort=due"),
        ("/?sort=due", "ascending", "?sort=-due"),
        ("/?sort=-due", "descending", "?sort=due"),
    ],
)
def test_a_head_sorts_and_says_how(address, order, target):
    html = drawn('{% sort_th "due" "剩余" %}', address)

    assert f'aria-sort="{order}"' in html
    assert f'href="{target}"' in html


def test_an_interval_is_drawn_without_a_style_attribute():
    html = drawn("{% interval 0.7 0.8 0.9 0.95 %}")

    assert 'x="154.0" y="4" width="44.0"' in html
    assert 'x1="209.0"' in html
    assert "70.0%–90.0%" in html
    assert "style=" not in html


def test_an_interval_of_nothing_is_a_dash():
    assert drawn("{% interval None None None %}") == '<span class="muted">—</span>'


def test_a_menu_of_values_puts_each_in_or_takes_it_out():
    html = drawn(
        "{% menu_items 'state' options chosen %}",
        "/?state=filed&town=1&after=9",
        options=[("filed", "待派遣", 3), ("closed", "已结案 <b>", None)],
        chosen=["filed"],
    )

    first, second = html.split("\n")
    assert 'href="?town=1&amp;" aria-current="true"' in first
    assert '<span class="muted">3</span>' in first
    assert 'href="?town=1&amp;state=filed&amp;state=closed"' in second
    assert "已结案 &lt;b&gt;" in second
    assert "muted" not in second


def test_a_badge_says_how_many_wait_and_whether_one_is_late():
    item = RailItem(name="x", url="/", label="x", icon="x", count=120, alarm=True, current=False)

    html = drawn("{% rail_badge item %}", item=item)

    assert html.startswith('<b class="bad"><span aria-hidden="true">99+</span>')
    assert "120 件待办" in html
