"""Files in and out: dossiers, imports of foreign files, tables, exports, and whole copies."""
