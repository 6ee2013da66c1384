"""Try a draft of rules on the stills of the last day."""
