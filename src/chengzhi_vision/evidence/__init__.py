"""Stills, clips and the manifest that prove a finding."""
