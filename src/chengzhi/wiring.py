"""Who answers whom. The only module that knows two procedures at once.

Each reaction takes one `Delivered` and may run twice: it must act only once.
"""

from collections.abc import Callable

from chengzhi.audit.types import Delivered

Reaction = Callable[[Delivered], None]

REACTIONS: dict[str, tuple[Reaction, ...]] = {}
