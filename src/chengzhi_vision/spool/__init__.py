"""Keep findings on disk until the server has them."""
