"""How texts become pages: plain text, Markdown, XML and HTML in which no text is mark-up."""
