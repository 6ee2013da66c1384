"""Pure rules of the work order: facts in, answer out. No clock, no database."""
