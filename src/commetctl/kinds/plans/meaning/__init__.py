"""What changes of plans mean: for existing customers, for what they pay, and for who reads them."""
