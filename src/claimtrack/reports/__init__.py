"""Questions to the casebook: one module each, whose docstring is the definition.

Each sends one statement, or a small number that its docstring states, and streams frozen rows. What
several of them share is defined once, in `glossary`, `opposition` and `origins`; what they can be
narrowed by, in `filters`.
"""
