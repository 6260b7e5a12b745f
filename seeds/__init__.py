"""Knowledge as data: lures, phrases, places, pay, advice, sources and the written corpus. No logic."""
