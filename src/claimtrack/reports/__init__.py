"""Questions to the casebook: one module each, whose docstring is the definition.

Each sends one statement, or a small number that its docstring states, and streams frozen rows. What
several of them share is defined once: what counts in `query.visibility`, what it amounts to in
`weigh`, what rows can be narrowed by in `query.filters`.
"""
