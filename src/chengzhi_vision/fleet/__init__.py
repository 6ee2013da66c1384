"""Many cameras, several workers: leases, measured cost, the shared detector, metrics."""
