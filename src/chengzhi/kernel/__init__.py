"""What every context stands on: errors, procedures, events, calendar and clock. No Django."""
