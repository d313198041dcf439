"""The page: a catalog, or what changes of one, as a single HTML file that needs nothing else and asks for nothing."""

from commetctl.render.page.view import GENERATOR, page

__all__ = ["GENERATOR", "page"]
