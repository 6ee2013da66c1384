"""The matrix of responsibility as pages: rules, layers, and the sheet that carries them."""

from chengzhi.workorders.web.routing.adding import add, end
from chengzhi.workorders.web.routing.importing import matrix
from chengzhi.workorders.web.routing.layers import layers
from chengzhi.workorders.web.routing.listing import rules

__all__ = ["add", "end", "layers", "matrix", "rules"]
