"""Keep the memory of a process with hundreds of threads small (glibc)."""

from __future__ import annotations

import ctypes

M_TRIM_THRESHOLD, M_MMAP_THRESHOLD, M_ARENA_MAX = -1, -3, -8
ARENAS = 2
PICTURE_BYTES = 256 * 1024
SPARE_BYTES = 4 * 1024**2  # free at the end of a heap: the next picture wants it at once


def calm_memory() -> bool:
    """Let threads share few heaps and give pictures back to the system; call it before threads.

    By default glibc gives every thread a heap of its own, up to eight a core, and what a picture
    leaves behind in each is never returned.
    """
    try:
        mallopt = ctypes.CDLL(None).mallopt
    except (OSError, AttributeError):  # another C library has its own ways
        return False
    mallopt(M_ARENA_MAX, ARENAS)
    mallopt(M_MMAP_THRESHOLD, PICTURE_BYTES)
    mallopt(M_TRIM_THRESHOLD, SPARE_BYTES)
    return True


def give_back() -> bool:
    """Return to the system what lies free between things still in use; it takes milliseconds.

    When many streams come back at once, what they brought is soon let go, but the heap stays as
    large as it was then.
    """
    try:
        trim = ctypes.CDLL(None).malloc_trim
    except (OSError, AttributeError):
        return False
    return bool(trim(0))
