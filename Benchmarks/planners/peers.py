"""Runs other planners on the functions of `plannerbench`, to compare with.

    python3 peers.py BENCH METHOD FUNCTIONS FROM:TO WORKERS OUT.csv

BENCH is the built program; METHOD optuna-tpe, optuna-gp or optuna-random; FUNCTIONS names or groups (suite, practice,
exam), by comma; FROM:TO the seeds; with more than one of WORKERS trials overlap, their durations drawn from 0.5 to 1.5.
Needs optuna, and for optuna-gp torch and scipy. Writes the regrets after 25, 50 and 100 trials.
"""

import csv
import json
import math
import random
import subprocess
import sys

import optuna

TRIALS = 100
METHODS = {
    "optuna-tpe": lambda seed: optuna.samplers.TPESampler(seed=seed),
    "optuna-gp": lambda seed: optuna.samplers.GPSampler(seed=seed, warn_independent_sampling=False),
    "optuna-random": lambda seed: optuna.samplers.RandomSampler(seed=seed),
}
COMPARISONS = {"<": float.__lt__, "<=": float.__le__, ">": float.__gt__, ">=": float.__ge__}


def holds(condition, values):
    value = values.get(condition["parent"])
    if value is None:
        return False
    if "in" in condition:
        return value in condition["in"]
    return COMPARISONS[condition["comparison"]](float(value), float(condition["bound"]))


def suggest(trial, parameters):
    """Asks for every active parameter, parents first."""
    values, waiting = {}, list(parameters)
    while waiting:
        names = {p["name"] for p in waiting}
        later = []
        for p in waiting:
            if any(c["parent"] in names for c in p["when"]):
                later.append(p)
            elif all(holds(c, values) for c in p["when"]):
                name, kind = p["name"], p["type"]
                if kind == "categorical":
                    values[name] = trial.suggest_categorical(name, p["choices"])
                elif kind == "int":
                    values[name] = trial.suggest_int(name, p["low"], p["high"], log=p["log"])
                else:
                    values[name] = trial.suggest_float(name, p["low"], p["high"], log=p.get("log", False))
        waiting = later
    return values


def sweep(function, sampler, seed, workers, evaluate):
    """The regret of the trial that looked best so far, after each trial."""
    study = optuna.create_study(sampler=sampler)
    clock = random.Random(seed)
    running, regrets, best, exact_of_best, now = [], [], math.inf, math.inf, 0.0
    for number in range(TRIALS + workers):
        if number >= min(workers, TRIALS):
            if not running:
                break
            running.sort(key=lambda item: item[0])
            now, trial, values = running.pop(0)
            observed, exact = evaluate(function["name"], seed, trial.number, values)
            if math.isnan(observed):
                study.tell(trial, state=optuna.trial.TrialState.FAIL)
            else:
                study.tell(trial, observed)
            if observed < best:
                best, exact_of_best = observed, exact
            regrets.append(exact_of_best - function["optimum"])
        if number < TRIALS:
            trial = study.ask()
            values = suggest(trial, function["params"])
            running.append((now + (1 if workers == 1 else 0.5 + clock.random()), trial, values))
    return regrets


def main():
    bench, method, wanted, seeds, workers, out = sys.argv[1:]
    optuna.logging.set_verbosity(optuna.logging.ERROR)
    functions = json.loads(subprocess.run([bench, "functions"], check=True, capture_output=True).stdout)
    functions = [f for f in functions if f["name"] in wanted.split(",") or f["group"] in wanted.split(",")]
    service = subprocess.Popen([bench, "evaluate"], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)

    def evaluate(name, seed, number, values):
        request = {"function": name, "seed": seed, "number": number, "params": values}
        service.stdin.write(json.dumps(request) + "\n")
        service.stdin.flush()
        return tuple(float(word) for word in service.stdout.readline().split())

    with open(out, "w", newline="") as file:
        rows = csv.writer(file, lineterminator="\n")
        rows.writerow(["method", "function", "seed", "t25", "t50", "t100"])
        first, last = map(int, seeds.split(":"))
        for seed in range(first, last):
            for function in functions:
                regrets = sweep(function, METHODS[method](seed), seed, int(workers), evaluate)
                rows.writerow([method, function["name"], seed] + [f"{regrets[t - 1]:.6g}" for t in (25, 50, 100)])
                file.flush()
    service.stdin.close()
    service.wait()


if __name__ == "__main__":
    main()
