"""Writes a finished sweep of many trials: `sweep.py REVSWEEP TRIALS [REPORTS]` makes `results/reading` in the present
folder.

revsweep makes the sweep and its first trial, so that the tables are those of this release. The other trials are added
with SQL, by the moves that a planner would make, in seconds instead of hours.
"""

import datetime
import random
import sqlite3
import subprocess
import sys

revsweep, trials = sys.argv[1], int(sys.argv[2])
STEPS = int(sys.argv[3]) if len(sys.argv) > 3 else 20
KINDS = ["sgd", "adam", "adamw", "gauss_newton"]
FILE = f"""
name: reading
metric: {{name: val_loss, goal: minimize}}
trainer: {{command: [./trainer]}}
parameters:
  optimizer.name: {{type: choice, values: [{", ".join(KINDS)}]}}
  optimizer.learning_rate: {{type: loguniform, min: 1e-5, max: 1}}
  optimizer.momentum: {{type: uniform, min: 0, max: 0.99, when: {{optimizer.name: sgd}}}}
  optimizer.weight_decay: {{type: loguniform, min: 1e-6, max: 1e-1}}
  model.width: {{type: int, min: 16, max: 1024, log: true}}
  model.depth: {{type: int, min: 1, max: 8}}
  model.dropout: {{type: uniform, min: 0, max: 0.5}}
  data.batch_size: {{type: ordinal, values: [32, 64, 128, 256]}}
  data.augment: {{type: choice, values: [true, false]}}
  schedule.warmup: {{type: int, min: 0, max: 10}}
sampler: random
budget: {{trials: 1}}
"""

with open("reading.yaml", "w") as file:
    file.write(FILE)
with open("trainer", "w") as file:
    file.write("#!/bin/sh\necho '{\"step\": 0, \"val_loss\": 0.9, \"val_accuracy\": 0.5, \"train_loss\": 1.1}'\n")
subprocess.run(["chmod", "+x", "trainer"], check=True)
subprocess.run([revsweep, "run", "reading.yaml", "--quiet"], check=True)

draw = random.Random(1)
start = datetime.datetime(2026, 3, 1, tzinfo=datetime.timezone.utc)


def time(seconds):
    moment = start + datetime.timedelta(seconds=seconds)
    return moment.strftime("%Y-%m-%dT%H:%M:%S.") + f"{moment.microsecond // 1000:03}Z"


database = sqlite3.connect("results/reading/sweep.sqlite")
database.execute("PRAGMA synchronous = OFF")
rows = {"trial": [], "parameter": [], "metric": [], "decision": [], "event": [], "end": []}
for number in range(1, trials):
    kind = draw.choice(KINDS)
    values = [
        ("optimizer.name", "string", kind),
        ("optimizer.learning_rate", "number", 10 ** draw.uniform(-5, 0)),
        ("optimizer.weight_decay", "number", 10 ** draw.uniform(-6, -1)),
        ("model.width", "integer", draw.randint(16, 1024)),
        ("model.depth", "integer", draw.randint(1, 8)),
        ("model.dropout", "number", draw.uniform(0, 0.5)),
        ("data.batch_size", "integer", draw.choice([32, 64, 128, 256])),
        ("data.augment", "boolean", draw.randint(0, 1)),
        ("schedule.warmup", "integer", draw.randint(0, 10)),
    ]
    if kind == "sgd":
        values.append(("optimizer.momentum", "number", draw.uniform(0, 0.99)))
    rows["parameter"] += [(number, *value) for value in values]
    state = draw.choices(["complete", "pruned", "failed", "diverged"], [60, 30, 7, 3])[0]
    steps = STEPS if state == "complete" else draw.randint(1, STEPS)
    loss = draw.uniform(0.1, 2)
    for step in range(steps):
        value = loss * (1 + 1 / (1 + step)) + draw.gauss(0, 0.01)
        rows["metric"] += [
            (number, 1, step, "val_loss", value),
            (number, 1, step, "val_accuracy", 1 / (1 + value)),
            (number, 1, step, "train_loss", 0.9 * value),
        ]
        if step in (2, 6):
            rows["decision"].append((time(number * 3), number, 1, step, None, value, "continue", f"rank 3 of {number}"))
    reason, cause, code = {
        "complete": (None, None, None),
        "pruned": ("rank 9 of 12 at step 3", "pruned", None),
        "failed": ("crash: exit 1", "crash", 1),
        "diverged": ("the metric is not a finite number", "diverged", None),
    }[state]
    seconds = round(draw.uniform(1, 60), 3)
    began = number * 3
    last = value if state in ("complete", "pruned") else None
    errors = "Traceback (most recent call last):\n  File \"train.py\", line 7\nValueError: bad" if code else None
    rows["trial"].append((number, draw.getrandbits(62), time(began)))
    detail = reason if state == "pruned" else None
    rows["end"].append((state, reason, cause, code, detail, last, errors, time(began + seconds), seconds, number))
    rows["event"] += [
        (time(began), number, None, "planned", "sampled", None, None),
        (time(began), number, 1, "started", None, None, None),
        (time(began + seconds), number, 1, "ended", state, cause, seconds),
    ]
with database:
    add = database.executemany
    add(
        "INSERT INTO trial (number, state, attempt, origin, seed, created) VALUES (?, 'waiting', 0, 'sampled', ?, ?)",
        rows["trial"],
    )
    add("INSERT INTO parameter VALUES (?, ?, ?, ?)", rows["parameter"])
    add("INSERT INTO metric (trial, attempt, step, name, value) VALUES (?, ?, ?, ?, ?)", rows["metric"])
    add(
        "INSERT INTO decision (time, trial, attempt, step, rung, value, action, reason) VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
        rows["decision"],
    )
    add(
        "INSERT INTO event (time, trial, attempt, kind, detail, cause, seconds) VALUES (?, ?, ?, ?, ?, ?, ?)",
        rows["event"],
    )
    started = [(created, number) for number, _, created in rows["trial"]]
    add("UPDATE trial SET state = 'running', attempt = 1, started = ? WHERE number = ?", started)
    add(
        "UPDATE trial SET state = ?, reason = ?, cause = ?, exit_code = ?, detail = ?, value = ?, error_output = ?,"
        " ended = ?, seconds = ? WHERE number = ?",
        rows["end"],
    )
database.execute("PRAGMA wal_checkpoint(TRUNCATE)")
