"""Judges whole stocks of ads: files in, shards of verdicts out, on one machine or on a cluster."""
