"""What is known about Chinese and English text: folding, tokens, sentences, and values compared by meaning."""
