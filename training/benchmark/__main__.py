"""`python -m training.benchmark`: measures Lurewatch and what others use on the same folds, writes `reports/`."""

import argparse
import sys
from pathlib import Path

from model.errors import LurewatchError
from training import sources
from training.benchmark.plan import FULL, QUICK
from training.benchmark.run import benchmark
from training.progress import Watch


def main() -> int:
    """Measure; what was measured before on the same code and data is taken from there."""
    parser = argparse.ArgumentParser(prog="python -m training.benchmark", description=__doc__)
    parser.add_argument("--data-dir", type=Path, help=f"folder of the public files (default: ${sources.ENVIRONMENT})")
    parser.add_argument("--encoder", type=Path, metavar="FOLDER", help="folder of multilingual-e5-small, for the frozen baseline")
    parser.add_argument("--work", type=Path, default=Path("runs/benchmark"), help="what is kept between runs (default %(default)s)")
    parser.add_argument("--out", type=Path, default=Path("reports"), help="where the report goes (default %(default)s)")
    parser.add_argument("--quick", action="store_true", help="a fifth of the data, two seeds; into WORK/quick-report, to see that all runs")
    parser.add_argument("--jobs", type=int, default=2, help="processes (default %(default)s)")
    args = parser.parse_args()
    folder = args.data_dir or sources.data_folder()
    try:
        benchmark(QUICK if args.quick else FULL, folder, args, Watch())
    except LurewatchError as e:
        print(f"error: {e}", file=sys.stderr)
        return 2
    return 0


if __name__ == "__main__":
    sys.exit(main())
