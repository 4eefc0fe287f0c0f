"""Exports: a casebook in the formats of other programs and for print, a module each."""
