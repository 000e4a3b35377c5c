"""What a product is: loaded, composed, checked. Knows nothing of price, wording or simulation."""
