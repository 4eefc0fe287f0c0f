"""A briefing to hand to an editor: a printable page, in Markdown or HTML."""
