"""What a product is: loading, composing, checking. Knows nothing of price, wording or simulation."""
