"""Things cut out of photographs, rendered stills and clips, to be put into other clips."""
