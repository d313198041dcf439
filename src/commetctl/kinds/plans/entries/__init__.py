"""Plans in the file: what is wrong with them, and the resources that they stand for, both ways."""
