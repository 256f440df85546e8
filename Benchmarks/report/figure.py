"""A figure of Optuna's: `figure.py JOURNAL KIND` writes KIND.html and prints the seconds that it took."""

import json
import sys
import time

import optuna
from optuna.storages import JournalStorage
from optuna.storages.journal import JournalFileBackend

journal, kind = sys.argv[1:]
optuna.logging.set_verbosity(optuna.logging.ERROR)
began = time.perf_counter()
storage = JournalStorage(JournalFileBackend(journal))
study = optuna.load_study(study_name=None, storage=storage)
trials = study.get_trials(deepcopy=False)
read = time.perf_counter() - began
began = time.perf_counter()
figure = getattr(optuna.visualization, f"plot_{kind}")(study)
figure.write_html(f"{kind}.html", include_plotlyjs=True, post_script="window.isDrawn = true")
print(json.dumps({"trials": len(trials), "read": read, "made": time.perf_counter() - began}))
