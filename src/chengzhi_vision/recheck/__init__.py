"""Look again at places that were reported: are the things still there, or gone?"""
