"""Speed and accuracy measured on clips."""
