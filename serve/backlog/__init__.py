"""Judges whole stocks of ads: files in, shards of verdicts out, on one machine or on a cluster."""

import os

# Arrow's own pools keep what is freed, 75 MB more for two processes on 100,000 ads; read when Arrow is loaded, so it is said here first.
os.environ.setdefault("ARROW_DEFAULT_MEMORY_POOL", "system")
