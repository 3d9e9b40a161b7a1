"""The parts of a slide: in which order its shapes are read, and what stands in them."""
