"""The demo county's geography: invented ground under real names; see README.md."""

from seed.county.load import load_county

__all__ = ["load_county"]
