"""Tables: the tables of a casebook as CSV files, written and read back."""
