"""The pages that are walked: every command of them is run, and has to print what the page says."""
