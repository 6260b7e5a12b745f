"""The benchmark: protocols, contenders and figures that others can check theirs against."""
