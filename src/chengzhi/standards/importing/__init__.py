"""A city's own table of filing conditions, read from xlsx or csv and laid over the standards."""

from chengzhi.standards.importing.grammar import HANDLING_GRAMMAR, Column, Grammar
from chengzhi.standards.importing.plan import Change, Deed, Import, Plan, judge
from chengzhi.standards.importing.sheets import MOST_BYTES, Fault, Line, read_lines, read_sheets
from chengzhi.standards.importing.writing import apply_plan, prepared

__all__ = [
    "HANDLING_GRAMMAR",
    "Change",
    "Column",
    "Deed",
    "Fault",
    "Grammar",
    "Import",
    "Line",
    "MOST_BYTES",
    "Plan",
    "apply_plan",
    "judge",
    "prepared",
    "read_lines",
    "read_sheets",
]
