"""What a casebook withstands: killed commands, many hands at once, full disks, damaged files.

`make torture` runs all of it; docs/reliability.md says what is promised, and has the figures.
"""
