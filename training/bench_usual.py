"""The usual recipe over a stock: TF-IDF over words and pairs, logistic regression, joblib; Parquet to Parquet, without spans."""

import sys
from collections.abc import Iterator
from functools import cache
from importlib import import_module
from pathlib import Path

import joblib
import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
from sklearn.pipeline import Pipeline

from training import corpus, sources
from training.baselines import plain_recipe, text_of

ROWS = 4096


def learn(path: Path) -> None:
    """Learn the recipe on all rows at hand (the sources' too where their folder is set), as the shipped model did."""
    folder = sources.data_folder()
    rows = [*corpus.read(), *((row for source in sources.listed() for row in sources.read(source, folder).rows) if folder else ())]
    recipe = plain_recipe()
    recipe.set_params(logisticregression__max_iter=30)
    joblib.dump(recipe.fit([text_of(row) for row in rows], [row.label for row in rows]), path)


def batches(stock: Path) -> Iterator[tuple[list[str], list[str]]]:
    """Ids and texts, piece by piece."""
    for batch in pq.ParquetFile(stock).iter_batches(ROWS):
        yield batch.column("id").to_pylist(), batch.column("text").to_pylist()


@cache
def loaded(path: Path) -> Pipeline:
    """The recipe, once a process."""
    return joblib.load(path)


def judged(path: Path, names: list[str], texts: list[str]) -> pa.Table:
    """Probabilities of a piece. path: of the recipe."""
    return pa.table({"id": names, "probability": np.asarray(loaded(path).predict_proba(texts)[:, 1])})


def main() -> None:
    """Arguments: recipe, stock, where the probabilities go, jobs."""
    recipe, stock, out, jobs = Path(sys.argv[1]), Path(sys.argv[2]), Path(sys.argv[3]), int(sys.argv[4])
    pool = joblib.Parallel(n_jobs=jobs, return_as="generator", pre_dispatch="2*n_jobs", max_nbytes="1M")
    with pq.ParquetWriter(out, pa.schema({"id": pa.string(), "probability": pa.float64()})) as writer:
        for table in pool(joblib.delayed(judged)(recipe, names, texts) for names, texts in batches(stock)):
            writer.write_table(table)


if __name__ == "__main__":
    import_module("training.bench_usual").main()  # workers find what they are sent under this name
