"""When standing there becomes a finding."""
