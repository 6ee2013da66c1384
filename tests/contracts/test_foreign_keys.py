"""What the import contracts cannot see: foreign keys are imports too."""

import ast
from pathlib import Path

from django.apps import apps

SRC = Path(__file__).parents[2] / "src" / "chengzhi"
LAYERS = (  # high to low; contexts of one layer are strangers
    {"reports"},
    {"workorders", "vision"},
    {"evidence"},
    {"places"},
    {"notifications"},
    {"accounts"},
    {"audit"},
)
DEPTH = {label: depth for depth, layer in enumerate(LAYERS) for label in layer}


def test_foreign_keys_point_down_and_leave_no_reverse_name():
    ours = [model for model in apps.get_models() if model._meta.app_label in DEPTH]

    wrong = [
        f"{model._meta.label}.{field.name} -> {field.related_model._meta.label}"
        for model in ours
        for field in model._meta.get_fields()
        if field.is_relation and not field.auto_created
        if (here := model._meta.app_label) != (there := field.related_model._meta.app_label)
        if DEPTH.get(there, -1) <= DEPTH[here] or not field.remote_field.hidden
    ]

    assert len(ours) > 5
    assert wrong == []


def test_no_module_reaches_a_model_by_name():
    reaching = [
        str(path.relative_to(SRC))
        for path in SRC.rglob("*.py")
        if "migrations" not in path.parts
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Attribute) and node.attr == "get_model"
    ]

    assert reaching == []
