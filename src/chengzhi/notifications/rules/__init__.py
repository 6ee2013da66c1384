"""Pure answers: which words, to whom, when, how again, and what may be told to machines."""
