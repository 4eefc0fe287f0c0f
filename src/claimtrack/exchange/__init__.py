"""Files in and out: `dossier` for people; one module for each format."""
