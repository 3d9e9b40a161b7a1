"""Tables of any file: merged cells, headers of several rows, what stands above and below; formats of cells."""
