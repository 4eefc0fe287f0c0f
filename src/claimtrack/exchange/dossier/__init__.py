"""Dossiers: a casebook, or a part of it, as YAML for people to read and write."""
