"""Trials of a program a second under Optuna: TPE, SQLite, two threads that start one process after the other.

    optuna_noop.py PROGRAM TRIALS      prints trials/s, the milliseconds to the first trial, and the peak memory in MB
"""
import time

import psutil

begin = psutil.Process().create_time()

import json, os, resource, subprocess, sys, tempfile, warnings

import optuna

program, count = sys.argv[1], int(sys.argv[2])
warnings.filterwarnings("ignore")
optuna.logging.set_verbosity(optuna.logging.ERROR)
first = []


def objective(trial):
    x = trial.suggest_float("x", -10, 10)
    width = trial.suggest_int("width", 8, 512, log=True)
    kind = trial.suggest_categorical("kind", ["a", "b", "c"])
    first.append(time.time())
    arguments = [program, f"--x={x!r}", f"--width={width}", f"--kind={kind}"]
    return json.loads(subprocess.run(arguments, capture_output=True, text=True, check=True).stdout)["loss"]


with tempfile.TemporaryDirectory() as folder:
    study = optuna.create_study(
        storage=f"sqlite:///{folder}/study.db", sampler=optuna.samplers.TPESampler(seed=1))
    start = time.time()
    study.optimize(objective, n_trials=count, n_jobs=2)
    seconds = time.time() - start
    assert sum(trial.state == optuna.trial.TrialState.COMPLETE for trial in study.trials) == count
memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
print(f"{count / seconds:.0f} {(min(first) - begin) * 1000:.0f} {memory / 1000:.0f}")
