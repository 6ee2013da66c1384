"""Entry point: `python -m streetscene`."""

from .cli import main

main()
