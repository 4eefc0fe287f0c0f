"""Exports: the casebook in formats of other programs and for print, one module for each."""
