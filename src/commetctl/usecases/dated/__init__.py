"""Changes that are due on a date: by whose clock, what is due and what holds it up, and what is to come."""
