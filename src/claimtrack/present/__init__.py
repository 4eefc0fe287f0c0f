"""Rows and records as text: tables, CSV, JSON, Markdown and pages.

Everything here writes to a text stream and takes the width as an argument; `cli` handles the
terminal, the options and the files. A row class whose table should have other columns than its
fields has a class attribute `layout` (see `columns`).
"""
