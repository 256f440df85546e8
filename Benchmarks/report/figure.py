"""Figures of Optuna's: `figure.py JOURNAL KIND…` writes KIND.html for each, and prints the seconds that it took."""

import json
import sys
import time

import optuna
from optuna.storages import JournalStorage
from optuna.storages.journal import JournalFileBackend

journal, *kinds = sys.argv[1:]
optuna.logging.set_verbosity(optuna.logging.ERROR)


def say(name, began):
    print(json.dumps([name, time.perf_counter() - began]), flush=True)


began = time.perf_counter()
study = optuna.load_study(study_name=None, storage=JournalStorage(JournalFileBackend(journal)))
study.get_trials(deepcopy=False)
say("read", began)
for kind in kinds:
    began = time.perf_counter()
    figure = getattr(optuna.visualization, f"plot_{kind}")(study)
    figure.write_html(f"{kind}.html", include_plotlyjs=True, post_script="window.isDrawn = true")
    say(kind, began)
