"""Journeys through whole processes: a browser, a web server, workers, a camera worker."""
