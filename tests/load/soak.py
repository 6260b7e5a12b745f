"""`make soak`: one worker at a share of its best rate for a while; errors, latency, and memory by the minute."""

import argparse
from concurrent.futures import ThreadPoolExecutor, wait
from pathlib import Path

from bench import OURS, Load, folder, memory_mb, served, texts, write, wrk

CONNECTIONS, FULL = 64, 10.0
"""Connections; seconds in which the best rate is measured."""
GROWTH, P99_MS = 0.10, 20.0


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--minutes", type=int, default=30, help="how long (default %(default)s)")
    parser.add_argument("--share", type=float, default=0.8, help="of the best rate (default %(default)s)")
    args = parser.parse_args()
    with folder() as work:
        raise SystemExit(soak(work, args.minutes, args.share))


def soak(work: Path, minutes: int, share: float) -> int:
    """0 where all limits were kept."""
    bodies = write([{"text": text} for text in texts()], work / "ads")
    with served(OURS, work) as (pid, address):
        wrk(address, Load("/v1/score", bodies, FULL))
        best = wrk(address, Load("/v1/score", bodies, FULL))
        rate = share * best["requests"] / best["seconds"]
        print(f"best {best['requests'] / best['seconds']:,.0f}/s; now {rate:,.0f}/s asked for {minutes} minutes", flush=True)
        period = 1000 * CONNECTIONS / rate
        trial = wrk(address, Load("/v1/score", bodies, FULL, CONNECTIONS, period))
        taken = 1000 * CONNECTIONS * trial["seconds"] / trial["requests"] - period
        load = Load("/v1/score", bodies, 60 * minutes, CONNECTIONS, period - taken)
        held = []
        with ThreadPoolExecutor(1) as pool:
            running = pool.submit(wrk, address, load)
            while not running.done():
                held.append(memory_mb(pid))
                wait([running], 60)
        run = running.result()
    growth, p99 = max(held) / held[0] - 1, run["p99_ms"]
    took = f"p50 {run['p50_ms']} ms, p99 {p99} ms, at most {run['most_ms']} ms"
    print(f"{run['requests'] / run['seconds']:,.0f}/s, {run['errors']:.0f} errors, {took}")
    print(f"memory by the minute, MB: {' '.join(f'{mb:.0f}' for mb in held)}; growth {growth:+.1%}")
    return 0 if not run["errors"] and growth <= GROWTH and p99 <= P99_MS else 1


if __name__ == "__main__":
    main()
