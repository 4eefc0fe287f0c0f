"""Files in and out: `dossier` for people, `importing` for the rows of others; a module a format."""
