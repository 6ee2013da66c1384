"""The register of event names: an event that is not registered cannot be written."""

from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, fields
from typing import Any, TypeVar, cast

EventClass = TypeVar("EventClass", bound=type)


@dataclass(frozen=True, kw_only=True)
class Registered:
    """What the log knows of an event: its name, class, Chinese label and sentence template."""

    name: str
    label: str
    say: str
    shape: type

    def sentence(self, data: Mapping[str, Any], *, translate: Callable[[str], str] = str) -> str:
        """Return the event for people; `say` is a `str.format` template over the fields.

        `translate` puts the template and the fields that are labels into the reader's language.
        """
        shown = {key: translate(v) if _is_label(key, v) else v for key, v in data.items()}
        return translate(self.say).format_map(_Plain(shown))


def _is_label(key: str, value: object) -> bool:
    return isinstance(value, str) and value != "" and key.endswith("label")


class _Missing:
    """What a stored row does not have, whatever format is asked of it."""

    def __format__(self, spec: str) -> str:
        return "—"


class _Plain(dict[str, Any]):
    def __missing__(self, key: str) -> _Missing:
        return _Missing()


REGISTRY: dict[str, Registered] = {}


def event(name: str, *, label: str, say: str) -> Callable[[EventClass], EventClass]:
    """Register a frozen dataclass as the event `name` ("workorders.filed").

    The class keeps its own name in the attribute `name`, so no field may be called that.
    """

    def register(shape: EventClass) -> EventClass:
        if "name" in {field.name for field in fields(shape)}:
            raise ValueError(f"event {name!r}: the field `name` hides the event's own name")
        if name in REGISTRY and REGISTRY[name].shape.__qualname__ != shape.__qualname__:
            raise ValueError(f"event name {name!r} is taken by {REGISTRY[name].shape!r}")
        REGISTRY[name] = Registered(name=name, label=label, say=say, shape=shape)
        shape.name = name  # type: ignore[attr-defined]
        return shape

    return register


def name_of(shape: type) -> str:
    """Return the name under which an event class is registered.

    :raises KeyError: it is not registered.
    """
    return cast(str, vars(shape)["name"])


def as_data(happened: Any) -> dict[str, Any]:
    """Return the event's fields as plain values, ready for canonical JSON."""
    return asdict(happened)


def from_data(name: str, data: Mapping[str, Any]) -> Any:
    """Return the event again from its name and stored fields.

    :raises KeyError: no such event is registered.
    """
    return REGISTRY[name].shape(**data)
