"""Writes the report: `benchmark.json`, plots, `README.md`, and the benchmark's table of the project's README."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from training.benchmark import plan, plots
from training.benchmark.contenders import able
from training.benchmark.fraud_figures import Held
from training.benchmark.grounds import FRAUD
from training.benchmark.page import BEGIN, END, headline, page
from training.benchmark.stock import Stock
from training.card import main_table, put_into
from training.folder import Kept
from training.report import rounded


def publish(figures: dict[str, Any], stocks: Mapping[str, Stock], kept: Kept, out: Path) -> None:
    """Write all. What a clock told of the same code and data stays as it was, so that a second run leaves no difference."""
    out.mkdir(parents=True, exist_ok=True)
    path = out / "benchmark.json"
    told = rounded(json.loads(json.dumps(clocked(figures, path))))
    path.write_text(json.dumps(told, indent=1, ensure_ascii=False, sort_keys=True) + "\n", encoding="utf-8")
    held = None
    if FRAUD in stocks:
        contenders = [name for name in plan.ON_FRAUD if name in able(stocks[FRAUD])]
        held = Held(stocks[FRAUD], kept, plan_of(told), contenders, FRAUD)
    drawn = plots.draw(told, held, out / "plots")
    growth = out / "growth.json"
    scaling = json.loads(growth.read_text(encoding="utf-8")) if growth.is_file() else {}
    (out / "README.md").write_text(page(told, drawn, scaling), encoding="utf-8")
    if out.name == "reports":
        put_into_readme(told, out)


def put_into_readme(told: Mapping[str, Any], out: Path) -> None:
    """Both tables of the project's README, where this is its checkout."""
    readme, metrics = out.parent / "README.md", out / "metrics.json"
    if readme.is_file() and BEGIN in readme.read_text(encoding="utf-8"):
        head, rest = readme.read_text(encoding="utf-8").split(BEGIN)
        readme.write_text(f"{head}{BEGIN}\n{headline(told)}\n{END}{rest.split(END)[1]}", encoding="utf-8")
        if metrics.is_file():
            put_into(readme, main_table(json.loads(metrics.read_text(encoding="utf-8"))))


def plan_of(told: Mapping[str, Any]) -> plan.Plan:
    """The plan that figures came from."""
    return plan.Plan(**told["plan"])


def clocked(figures: dict[str, Any], path: Path) -> dict[str, Any]:
    """The figures with the clock's of an earlier report on the same stamp, if there is one."""
    if not path.is_file():
        return figures
    earlier = json.loads(path.read_text(encoding="utf-8"))
    if earlier.get("stamp") != figures["stamp"]:
        return figures
    return {**figures, "clock": earlier["clock"]}
