"""What the log keeps of each event: a stored row must stay readable for ever."""

from dataclasses import fields

from chengzhi.kernel.events import REGISTRY
from tests.golden.conftest import assert_golden


def shapes() -> dict[str, dict[str, str]]:
    ours = [e for e in REGISTRY.values() if e.shape.__module__.startswith("chengzhi.")]
    return {e.name: {f.name: _written(f.type) for f in fields(e.shape)} for e in ours}


def _written(kind: object) -> str:
    return kind.__name__ if type(kind) is type else str(kind)


def test_the_fields_of_every_event():
    assert_golden("events.json", shapes())


def test_every_event_is_named_context_object_participle():
    assert [name for name in shapes() if "_" in name or name.count(".") != 1] == []
