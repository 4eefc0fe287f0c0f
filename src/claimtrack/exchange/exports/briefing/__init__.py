"""The briefing: a printable page for an editor, in Markdown or HTML."""
