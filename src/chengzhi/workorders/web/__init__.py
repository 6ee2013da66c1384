"""Pages of work orders: desk, list, record, map, new report."""
