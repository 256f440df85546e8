"""Runs a sweep of sleeping trainers with many slots and says how busy these were.

python3 slots.py REVSWEEP SLEEPER SLOTS SECONDS REPORTS SAMPLER TRIALS: a line of JSON.

`busy`: the share of the time that slots have a running trial, from when the first SLOTS trials have started until the
last trial is started. `stored`: milliseconds from when a trainer ends until its end is stored, 0.99 of them and the
longest. `peak`: the planner's memory in MiB.
"""

import datetime
import json
import os
import sqlite3
import subprocess
import sys

revsweep, sleeper, slots, seconds, reports, sampler, trials = sys.argv[1:]
name = f"slots-{slots}-{sampler}"
with open(f"{name}.yaml", "w") as file:
    file.write(f"""\
name: {name}
metric: {{name: loss, goal: minimize}}
trainer: {{command: [{sleeper}, "{seconds}", "{reports}", "{{args}}"]}}
parameters:
  x: {{type: uniform, min: -10, max: 10}}
  rate: {{type: loguniform, min: 1e-5, max: 1}}
  width: {{type: int, min: 8, max: 512, log: true}}
  kind: {{type: choice, values: [a, b, c]}}
budget: {{trials: {trials}}}
sampler: {sampler}
resources: {{parallel: {slots}}}
""")
process = subprocess.Popen([revsweep, "run", f"{name}.yaml", "-q"])
_, status, usage = os.wait4(process.pid, 0)
if status != 0:
    sys.exit(f"{name}: the sweep ended with {status}")


def moment(text):
    return datetime.datetime.fromisoformat(text.replace("Z", "+00:00")).timestamp()


database = sqlite3.connect(f"file:results/{name}/sweep.sqlite?mode=ro", uri=True)
times = sorted((moment(a), moment(b)) for a, b in database.execute("SELECT started, ended FROM trial"))
begin, end = times[min(int(slots), len(times)) - 1][0], times[-1][0]
running = sum(max(0, min(b, end) - max(a, begin)) for a, b in times)
delays = sorted(
    1000 * (moment(ended) - finished)
    for ended, finished in database.execute(
        "SELECT ended, metric.value FROM trial JOIN metric ON metric.trial = trial.number "
        "WHERE metric.name = 'finished'"))
print(json.dumps({
    "slots": int(slots), "seconds": float(seconds), "reports": int(reports), "sampler": sampler, "trials": len(times),
    "busy": running / (int(slots) * (end - begin)),
    "stored": [delays[int(0.99 * (len(delays) - 1))], delays[-1]],
    "peak": usage.ru_maxrss / 1024,
    "methods": dict(database.execute("SELECT method || ' ' || occasion, count(*) FROM proposal GROUP BY 1")),
}))
