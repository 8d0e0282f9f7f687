"""Labels: a declaration as a sentence, a short code or a picture (spec 11).

A label is a pure function of a manifest and a language. It names every declared area, names the
core areas that are not declared, and says nothing that the declaration does not say.
"""
