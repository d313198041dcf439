"""What changes of plans mean: for existing customers and for what they pay, and the words for them."""
