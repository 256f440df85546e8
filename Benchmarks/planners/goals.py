"""Runs Optuna's samplers on the functions of `plannerbench goals`, to compare with.

    python3 goals.py BENCH METHOD FUNCTIONS FROM:TO OUT.csv

BENCH is the built program; METHOD optuna-nsga2, optuna-tpe, optuna-gp or optuna-random; FUNCTIONS names or groups (zdt,
dtlz, bounds, mixed), by comma; FROM:TO the seeds. Needs optuna 5, and for optuna-gp torch and scipy. Writes what is
missing of the best front's volume after 20, 40, 60 and 100 trials, as `plannerbench goals --csv` does.
"""

import csv
import json
import subprocess
import sys

import optuna

from peers import suggest

TRIALS = 100
CHECKPOINTS = (20, 40, 60, 100)
METHODS = {
    "optuna-nsga2": lambda seed: optuna.samplers.NSGAIISampler(seed=seed),
    "optuna-tpe": lambda seed: optuna.samplers.TPESampler(seed=seed),
    "optuna-gp": lambda seed: optuna.samplers.GPSampler(seed=seed, warn_independent_sampling=False),
    "optuna-random": lambda seed: optuna.samplers.RandomSampler(seed=seed),
}


def sweep(function, sampler, evaluate):
    """What is missing after each trial."""
    study = optuna.create_study(directions=["minimize"] * function["objectives"], sampler=sampler)
    gaps = []
    for number in range(TRIALS):
        trial = study.ask()
        answer = evaluate(function["name"], number, suggest(trial, function["params"]))
        for index, excess in enumerate(answer["excesses"]):
            trial.set_constraint(str(index), excess)
        study.tell(trial, answer["values"])
        gaps.append(answer["gap"])
    return gaps


def main():
    bench, method, wanted, seeds, out = sys.argv[1:]
    optuna.logging.set_verbosity(optuna.logging.ERROR)
    listed = subprocess.run([bench, "goals", "functions"], check=True, capture_output=True).stdout
    functions = [f for f in json.loads(listed) if {f["name"], f["group"]} & set(wanted.split(","))]
    service = subprocess.Popen(
        [bench, "goals", "evaluate"], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)

    def evaluate(name, number, values):
        service.stdin.write(json.dumps({"function": name, "number": number, "params": values}) + "\n")
        service.stdin.flush()
        return json.loads(service.stdout.readline())

    with open(out, "w", newline="") as file:
        rows = csv.writer(file, lineterminator="\n")
        rows.writerow(["method", "function", "seed"] + [f"t{t}" for t in CHECKPOINTS])
        first, last = map(int, seeds.split(":"))
        for seed in range(first, last):
            for function in functions:
                gaps = sweep(function, METHODS[method](seed), evaluate)
                rows.writerow([method, function["name"], seed] + [f"{gaps[t - 1]:.6g}" for t in CHECKPOINTS])
                file.flush()
    service.stdin.close()
    service.wait()


if __name__ == "__main__":
    main()
