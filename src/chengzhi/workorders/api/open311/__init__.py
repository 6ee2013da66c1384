"""Open311 GeoReport v2: a thin façade over the same commands and queries (docs/open311.md)."""
