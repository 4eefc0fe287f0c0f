"""Files in and out: dossiers, files of other people, tables, exports, and whole copies."""
