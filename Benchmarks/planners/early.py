"""Runs HEBO and Ax on the functions of `plannerbench`, to compare the first 40 trials with.

    python3 early.py BENCH METHOD FUNCTIONS FROM:TO OUT.csv
    python3 early.py BENCH table OURS.csv PEERS.csv

BENCH is the built program; METHOD hebo or ax; FUNCTIONS names of functions without conditions, by comma; FROM:TO the
seeds. Needs HEBO 0.3 (with pymoo) or ax-platform 1. One trial at a time, each peer with its defaults. Writes the
regrets of the trial that looked best after 20, 30 and 40 trials. `table` compares with them the trials that `plannerbench
run --out OURS.csv` has written: medians, and the ratio of the regrets with the same seeds as a geometric mean, with an
interval of 95 % by a bootstrap over the seeds.
"""

import csv
import json
import logging
import math
import random
import statistics
import subprocess
import sys
import warnings

TRIALS = 40
MARKS = (20, 30, 40)


class Hebo:
    def __init__(self, parameters, seed):
        import numpy
        from hebo.design_space.design_space import DesignSpace
        from hebo.optimizers.hebo import HEBO

        self.numpy = numpy
        numpy.random.seed(seed)
        self.optimizer = HEBO(DesignSpace().parse([self.dimension(p) for p in parameters]), scramble_seed=seed)
        self.parameters = parameters

    @staticmethod
    def dimension(p):
        if p["type"] == "categorical":
            return {"name": p["name"], "type": "cat", "categories": p["choices"]}
        kind = {"int": "int", "float": "num"}[p["type"]]
        if p.get("log"):
            kind = {"int": "pow_int", "num": "pow"}[kind]
        return {"name": p["name"], "type": kind, "lb": p["low"], "ub": p["high"]}

    def ask(self):
        self.asked = self.optimizer.suggest(n_suggestions=1)
        row = self.asked.iloc[0]
        casts = {"int": int, "float": float}
        # NumPy's numbers are no JSON.
        return {
            p["name"]: casts.get(p["type"], lambda v: v.item() if hasattr(v, "item") else v)(row[p["name"]])
            for p in self.parameters
        }

    def tell(self, value):
        self.optimizer.observe(self.asked, self.numpy.array([[value]]))


class Ax:
    def __init__(self, parameters, seed):
        from ax.api.client import Client
        from ax.api.configs import ChoiceParameterConfig, RangeParameterConfig

        self.client = Client(random_seed=seed)
        dimensions = []
        for p in parameters:
            if p["type"] == "categorical":
                kind = "str" if isinstance(p["choices"][0], str) else "float"
                choices = [c if kind == "str" else float(c) for c in p["choices"]]
                dimensions.append(
                    ChoiceParameterConfig(name=p["name"], values=choices, parameter_type=kind, is_ordered=False))
            else:
                scale = "log" if p.get("log") else "linear"
                dimensions.append(
                    RangeParameterConfig(
                        name=p["name"], parameter_type=p["type"], bounds=(p["low"], p["high"]), scaling=scale))
        self.client.configure_experiment(parameters=dimensions)
        self.client.configure_optimization(objective="-loss")

    def ask(self):
        ((self.index, values),) = self.client.get_next_trials(max_trials=1).items()
        return values

    def tell(self, value):
        self.client.complete_trial(trial_index=self.index, raw_data={"loss": value})


def sweep(function, optimizer, seed, evaluate):
    """The regret of the trial that looked best so far, after each trial."""
    regrets, best, exact_of_best = [], math.inf, math.inf
    for number in range(TRIALS):
        observed, exact = evaluate(function["name"], seed, number, optimizer.ask())
        optimizer.tell(observed)
        if observed < best:
            best, exact_of_best = observed, exact
        regrets.append(exact_of_best - function["optimum"])
    return regrets


def own_regrets(path, optima):
    """From every trial of our samplers: {(method, function, seed): [regret after each mark]}."""
    regrets, best = {}, {}
    for row in csv.DictReader(open(path)):
        key = (row["method"], row["function"], row["seed"])
        loss = float(row["loss"])
        if loss < best.get(key, (math.inf, math.inf))[0]:
            best[key] = (loss, float(row["true"]))
        if int(row["trial"]) + 1 in MARKS:
            regrets.setdefault(key, []).append(best.get(key, (0, math.inf))[1] - optima[row["function"]])
    return regrets


def ratio(groups):
    """The geometric mean of the groups' ratios in decades, with its interval."""
    draw = random.Random(1)

    def mean(groups):
        return statistics.fmean(statistics.fmean(group) for group in groups)

    means = sorted(mean([draw.choices(group, k=len(group)) for group in groups]) for _ in range(2000))
    return "{:.2f} [{:.2f}, {:.2f}]".format(*(10**d for d in (mean(groups), means[49], means[1949])))


def table(ours, peers, functions):
    regrets = own_regrets(ours, {f["name"]: f["optimum"] for f in functions})
    for row in csv.DictReader(open(peers)):
        regrets[(row["method"], row["function"], row["seed"])] = [float(row[f"t{mark}"]) for mark in MARKS]
    methods = sorted({key[0] for key in regrets}, key=lambda m: (m in ("hebo", "ax"), m))
    names = [f["name"] for f in functions if any(key[1] == f["name"] and key[0] == "ax" for key in regrets)]
    print("| function | trials | " + " | ".join(methods) + " |\n|---|---|" + "---|" * len(methods))
    for name in names:
        for place, mark in enumerate(MARKS):
            cells = [statistics.median(r[place] for k, r in regrets.items() if k[:2] == (m, name)) for m in methods]
            cells = " | ".join(f"{cell:.3g}" for cell in cells)
            print(f"| {name if place == 0 else ''} | {mark} | {cells} |")
    print("\nThe regret over that of the peer:\n")
    print("| | peer | " + " | ".join(map(str, MARKS)) + " |\n|---|---|" + "---|" * len(MARKS))
    for method in (m for m in methods if m not in ("hebo", "ax")):
        for peer in ("hebo", "ax"):
            cells = []
            for place in range(len(MARKS)):
                groups = []
                for name in names:
                    # What is less than a thousandth of the worst counts as that.
                    worst = max(r[place] for k, r in regrets.items() if k[1] == name) or 1
                    decades = {k: math.log10(max(r[place], worst / 1000)) for k, r in regrets.items() if k[1] == name}
                    seeds = [k[2] for k in decades if k[0] == peer and (method, name, k[2]) in decades]
                    groups.append([decades[(method, name, s)] - decades[(peer, name, s)] for s in seeds])
                cells.append(ratio(groups))
            print(f"| {method} | {peer} | " + " | ".join(cells) + " |")


def main():
    if sys.argv[2:3] == ["table"]:
        functions = json.loads(subprocess.run([sys.argv[1], "functions"], check=True, capture_output=True).stdout)
        return table(sys.argv[3], sys.argv[4], functions)
    bench, method, wanted, seeds, out = sys.argv[1:]
    warnings.simplefilter("ignore")
    logging.disable(logging.CRITICAL)
    functions = json.loads(subprocess.run([bench, "functions"], check=True, capture_output=True).stdout)
    functions = [f for f in functions if f["name"] in wanted.split(",")]
    service = subprocess.Popen([bench, "evaluate"], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)

    def evaluate(name, seed, number, values):
        request = {"function": name, "seed": seed, "number": number, "params": values}
        service.stdin.write(json.dumps(request) + "\n")
        service.stdin.flush()
        return tuple(float(word) for word in service.stdout.readline().split())

    first, last = map(int, seeds.split(":"))
    with open(out, "w", newline="") as file:
        rows = csv.writer(file, lineterminator="\n")
        rows.writerow(["method", "function", "seed"] + [f"t{mark}" for mark in MARKS])
        for seed in range(first, last):
            for function in functions:
                optimizer = {"hebo": Hebo, "ax": Ax}[method](function["params"], seed)
                regrets = sweep(function, optimizer, seed, evaluate)
                rows.writerow([method, function["name"], seed] + [f"{regrets[mark - 1]:.6g}" for mark in MARKS])
                file.flush()
    service.stdin.close()
    service.wait()


if __name__ == "__main__":
    main()
