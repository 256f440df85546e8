"""Runs Optuna's samplers with its pruners on the trainings of `plannerbench curves`, to compare with.

    python3 curves.py BENCH METHOD FUNCTIONS FROM:TO TRIALS OUT.csv

BENCH is the built program; METHOD a sampler and a pruner, such as optuna-tpe+hyperband; FUNCTIONS names, by comma;
FROM:TO the seeds; a sweep may use the epochs of TRIALS trials. Needs optuna 5. Writes the best final values as
`plannerbench curves --csv` does.
"""

import csv
import json
import subprocess
import sys

import optuna

from peers import suggest

SAMPLERS = {
    "optuna-tpe": lambda seed: optuna.samplers.TPESampler(seed=seed),
    "optuna-gp": lambda seed: optuna.samplers.GPSampler(seed=seed, warn_independent_sampling=False),
    "optuna-random": lambda seed: optuna.samplers.RandomSampler(seed=seed),
}
PRUNERS = {
    "hyperband": lambda epochs: optuna.pruners.HyperbandPruner(min_resource=1, max_resource=epochs, reduction_factor=3),
    "asha": lambda epochs: optuna.pruners.SuccessiveHalvingPruner(min_resource=1, reduction_factor=3),
    "median": lambda epochs: optuna.pruners.MedianPruner(),
    "none": lambda epochs: optuna.pruners.NopPruner(),
}


def sweep(function, sampler, pruner, budget, evaluate):
    """The epochs at which the best final value changed, with the value."""
    study = optuna.create_study(sampler=sampler, pruner=pruner)
    epochs, best, changes = 0, float("inf"), []
    while epochs < budget:
        trial = study.ask()
        curve = evaluate(function["name"], suggest(trial, function["params"]))
        state = optuna.trial.TrialState.COMPLETE
        for epoch in range(function["epochs"]):
            epochs += 1
            if epoch >= len(curve):
                state = optuna.trial.TrialState.FAIL
                break
            trial.report(curve[epoch], epoch + 1)
            if epoch + 1 < function["epochs"] and trial.should_prune():
                state = optuna.trial.TrialState.PRUNED
                break
        if state == optuna.trial.TrialState.COMPLETE:
            study.tell(trial, curve[-1])
            if curve[-1] < best and epochs <= budget:
                best = curve[-1]
                changes.append(f"{epochs - 1}:{best}")
        else:
            study.tell(trial, state=state)
    return changes


def main():
    bench, method, wanted, seeds, trials, out = sys.argv[1:]
    optuna.logging.set_verbosity(optuna.logging.ERROR)
    listed = subprocess.run([bench, "curves", "functions"], check=True, capture_output=True).stdout
    functions = [f for f in json.loads(listed) if f["name"] in wanted.split(",")]
    service = subprocess.Popen(
        [bench, "curves", "evaluate"], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)

    def evaluate(name, values):
        service.stdin.write(json.dumps({"function": name, "params": values}) + "\n")
        service.stdin.flush()
        return json.loads(service.stdout.readline())

    sampler, pruner = method.split("+")
    with open(out, "w", newline="") as file:
        rows = csv.writer(file, lineterminator="\n")
        rows.writerow(["method", "function", "seed", "changes"])
        first, last = map(int, seeds.split(":"))
        for seed in range(first, last):
            for function in functions:
                budget = int(trials) * function["epochs"]
                changes = sweep(
                    function, SAMPLERS[sampler](seed), PRUNERS[pruner](function["epochs"]), budget, evaluate)
                rows.writerow([method, function["name"], seed] + changes + [budget])
                file.flush()
    service.stdin.close()
    service.wait()


if __name__ == "__main__":
    main()
