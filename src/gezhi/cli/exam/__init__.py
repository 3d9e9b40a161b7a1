"""`gezhi exam`: draft, review, take, compare, search, gate."""
