"""Rendering: reviews and outcomes as text, Markdown, HTML, JSON and reports for CI, by pure functions."""
