"""Rows and records as text: tables, CSV, JSON, Markdown and pages.

Everything here writes to a text stream, and what depends on a width takes it as an argument; the
terminal, the options and the files are the command line's. A row type that a table should not show
column by column has a `layout`, an attribute of the class (`columns`).
"""
