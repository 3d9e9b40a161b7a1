"""From pieces of text on a page, whoever found them, to headings, paragraphs and tables in reading order."""
