"""The parts of a Word document beside its text: styles, numbers of lists, what stands inside a paragraph."""
