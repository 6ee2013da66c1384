"""The order in which a community's unit grids are numbered."""

import numpy as np
from numpy.typing import NDArray

from chengzhi.places.rules.measure import Metres, scales


def numbered(lon: Metres, lat: Metres, *, row_metres: float) -> NDArray[np.int64]:
    """Return the sequence, from 1, of each grid centre: rows north to south, west to east in each.

    Centres whose latitudes lie within one row's height form a row (DB11, numbering inside a
    community from west to east and from north to south).
    """
    height = row_metres / scales(float(np.mean(lat)))[1]
    rows = np.floor((lat.max() - lat) / height + 0.5).astype(np.int64)
    order = np.lexsort((lon, rows))
    sequence = np.empty(len(order), np.int64)
    sequence[order] = np.arange(1, len(order) + 1)
    return sequence
