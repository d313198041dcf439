"""The nouns that every other part of commetctl speaks in; standard library only."""
