"""Makes sample reports in out/: python3 make_sample.py [NAME…]. The same bytes each time."""

import json, math, os, random, sys
from bisect import bisect_right, insort
from pathlib import Path

import report_writer as writer
from report_writer import MISSING, NAN, category, column, rounded, texts, words

OUT = Path(os.environ.get("PAGE_SAMPLES", Path(__file__).parent / "out"))
INACTIVE = object()
STATES = ["waiting", "running", "complete", "pruned", "diverged", "failed"]


class Trial:
    """One trial as the generator thinks of it; `build` turns a list of them into columns."""

    def __init__(self, number):
        self.number = number
        self.parameters, self.metrics, self.further, self.reports = {}, {}, {}, []
        self.attempts, self.decisions = [], []
        self.state, self.value, self.cause, self.reason, self.log = "complete", None, None, "", None
        self.origin = "sampled"


def flow(value):
    return value if isinstance(value, str) else json.dumps(value)


def describe(name, spec, trials, exact=True):
    """The parameter's entry, from its specification in the sweep file and the values it had."""
    kind = spec["type"]
    entry = {"name": name, "type": kind, "spec": [[key, flow(value) if key != "type" else value] for key, value in spec.items()]}
    if "when" in spec:
        entry["when"] = spec["when"].strip("{}")
    if spec.get("role"):
        entry["role"] = spec["role"]
        entry["spec"] = [pair for pair in entry["spec"] if pair[0] != "role"]
    values = [trial.parameters.get(name, INACTIVE) for trial in trials]
    if kind in ("choice", "ordinal", "constant"):
        choices = spec.get("values", [spec.get("value")])
        return {**entry, "kind": "category", "values": category(values, choices, INACTIVE),
                "optuna": json.dumps({"name": "CategoricalDistribution", "attributes": {"choices": choices}})}
    is_log = kind == "loguniform" or bool(spec.get("log"))
    entry.update(scale="log" if is_log else "linear", low=spec["min"], high=spec["max"])
    if kind == "int":
        entry.update(kind="integer", grid={"step": spec.get("step", 1), "first": spec["min"]})
        entry["values"] = column("i32", [-2147483648 if value is INACTIVE else value for value in values])
        entry["optuna"] = json.dumps({"name": "IntDistribution", "attributes": {"log": is_log, "step": 1, "low": spec["min"], "high": spec["max"]}})
        return entry
    entry["kind"] = "number"
    entry["values"] = column("f64" if exact else "f32", [NAN if value is INACTIVE else value for value in values])
    entry["optuna"] = json.dumps({"name": "FloatDistribution", "attributes": {"step": None, "low": spec["min"], "high": spec["max"], "log": is_log}})
    return entry


def build(name, metric, goal, specs, trials, *, budget, pruner=None, exact=True, importance=(), dependence=None, most_reports=100000, **more):
    """The sweep of a document."""
    thinned, total = None, sum(len(trial.reports) for trial in trials)
    if total > most_reports:
        each = max(2, most_reports // len(trials))
        for trial in trials:
            kept = {decision[0] for decision in trial.decisions}
            stride = max(1, math.ceil(len(trial.reports) / each))
            trial.reports = [report for place, report in enumerate(trial.reports)
                             if place % stride == 0 or place == len(trial.reports) - 1 or report[0] in kept]
        thinned = f"Of each trial some {each} reports are in this file, with its first and last and those that were decided on; the database has all {total:,}."
    attempts = [(trial, attempt) for trial in trials for attempt in trial.attempts]
    decisions = [decision for trial in trials for decision in trial.decisions]
    logs = [trial for trial in trials if trial.log][-200:]
    metrics = list(dict.fromkeys(key for trial in trials for key in trial.metrics))
    return {
        "name": name, "metric": {"name": metric, "goal": goal, "rule": "last"}, "budget": budget,
        "spent": {"seconds": max([a[0] + (a[1] or 0) for _, a in attempts], default=0)}, "imported": 0,
        "planner": "not running", "start": "2026-11-28T20:13:51.000Z",
        "state": words([trial.state for trial in trials], STATES),
        "value": column("f64", [NAN if trial.value is None else trial.value for trial in trials]),
        "cause": words([trial.cause for trial in trials], list(dict.fromkeys([None] + [trial.cause for trial in trials]))),
        "origin": words([trial.origin for trial in trials], ["sampled", "enqueued", "imported"]),
        "reason": texts([trial.reason for trial in trials]),
        "parameters": [describe(key, spec, trials, exact) for key, spec in specs.items()],
        "metrics": [{"name": key, "values": column("f64", [trial.metrics.get(key, NAN) for trial in trials])} for key in metrics],
        "reports": {
            "lengths": column("u32", [len(trial.reports) for trial in trials]),
            "steps": column("u32", [step for trial in trials for step, _ in trial.reports]),
            "values": column("f32", [rounded(value) for trial in trials for _, value in trial.reports]),
            "thinned": thinned,
        },
        "attempts": {
            "lengths": column("u8", [len(trial.attempts) for trial in trials]), "tick": 0.001,
            "started": column("u32", [round(attempt[0] * 1000) for _, attempt in attempts]),
            "seconds": column("f32", [rounded(NAN if attempt[1] is None else attempt[1]) for _, attempt in attempts]),
            "slots": column("u16", [attempt[2] for _, attempt in attempts]),
            "outcomes": words([attempt[3] for _, attempt in attempts], STATES + ["interrupted", "paused"]),
        },
        "decisions": {
            "lengths": column("u16", [len(trial.decisions) for trial in trials]),
            "steps": column("u32", [decision[0] for decision in decisions]),
            "rungs": column("u8", [decision[1] for decision in decisions]),
            "actions": words([decision[2] for decision in decisions], ["continue", "prune", "pause", "promote"]),
            "reasons": texts([decision[3] for decision in decisions]),
        },
        "logs": {"trials": column("u32", [trial.number for trial in logs]), "texts": texts([trial.log for trial in logs])},
        "pruner": pruner, "importance": list(importance), "dependence": dependence, **more,
    }


def run(trials, workers, seconds_of):
    """Gives every trial its attempts on the first worker that is free."""
    free = [0.0] * workers
    for trial in trials:
        slot = free.index(min(free))
        for place, outcome in enumerate(trial.attempts or [trial.state]):
            seconds = seconds_of(trial)
            trial.attempts[place:place + 1] = [(free[slot], None if outcome == "running" else seconds, slot, outcome)]
            free[slot] += seconds + 0.01


def halve(trials, rungs, reduction, goal):
    """ASHA over the reports: cuts a trial's reports at the rung that stops it."""
    sign = 1 if goal == "maximize" else -1
    seen = {rung: [] for rung in rungs}
    for trial in trials:
        if trial.state in ("failed", "diverged"):
            continue
        reports = dict(trial.reports)
        for place, rung in enumerate(rungs):
            if rung not in reports:
                break
            insort(seen[rung], sign * reports[rung])
            rank = 1 + len(seen[rung]) - bisect_right(seen[rung], sign * reports[rung])
            places = max(1, len(seen[rung]) // reduction)
            words = f"rung {place} at step {rung}: rank {rank} of {len(seen[rung])}, {places} go{'es' if places == 1 else ''} on"
            trial.decisions.append((rung, place, "continue" if rank <= places else "prune", words))
            if rank > places:
                trial.reports = [report for report in trial.reports if report[0] <= rung]
                trial.state, trial.cause, trial.value = "pruned", "pruned", trial.reports[-1][1]
                break


DIGITS = {
    "optimizer.name": {"type": "choice", "values": ["sgd", "adam", "gauss_newton"]},
    "optimizer.learning_rate": {"type": "loguniform", "min": 0.001, "max": 1},
    "optimizer.momentum": {"type": "uniform", "min": 0, "max": 0.95, "when": "{optimizer.name: sgd}"},
    "optimizer.beta2": {"type": "uniform", "min": 0.9, "max": 0.9999, "when": "{optimizer.name: adam}"},
    "optimizer.pseudo_inverse.rtol": {"type": "loguniform", "min": 0.001, "max": 0.1, "when": "{optimizer.name: gauss_newton}"},
    "model.hidden": {"type": "int", "min": 64, "max": 384, "log": True},
    "model.layers": {"type": "int", "min": 1, "max": 6},
    "model.activation": {"type": "choice", "values": ["relu", "tanh", "gelu", None]},
    "data.batch_size": {"type": "ordinal", "values": [64, 128, 256, 512]},
    "data.augment": {"type": "choice", "values": [True, False]},
    "regularization.weight_decay": {"type": "loguniform", "min": 1e-6, "max": 0.01},
    "schedule.warmup": {"type": "constant", "value": 3},
}


def drawn(spec, chance):
    kind = spec["type"]
    if kind in ("choice", "ordinal"):
        return chance.choice(spec["values"])
    if kind == "constant":
        return spec["value"]
    if kind == "int":
        if spec.get("log"):
            return round(math.exp(chance.uniform(math.log(spec["min"]), math.log(spec["max"]))))
        return chance.randint(spec["min"], spec["max"])
    if kind == "loguniform":
        return math.exp(chance.uniform(math.log(spec["min"]), math.log(spec["max"])))
    return chance.uniform(spec["min"], spec["max"])


def digits_trials(count, seed, reports=10, prune=True):
    chance = random.Random(seed)
    trials = []
    for number in range(count):
        trial = Trial(number)
        for name, spec in DIGITS.items():
            when = spec.get("when")
            if when and when.strip("{}").split(": ")[1] != trial.parameters["optimizer.name"]:
                continue
            trial.parameters[name] = drawn(spec, chance)
        values = trial.parameters
        rate = math.log10(values["optimizer.learning_rate"])
        ideal = {"sgd": -0.8, "adam": -2.3, "gauss_newton": -0.7}[values["optimizer.name"]]
        quality = 0.985 - 0.05 * abs(rate - ideal) ** 1.5 - {"sgd": 0.02, "adam": 0.015, "gauss_newton": 0}[values["optimizer.name"]]
        quality += 0.012 * math.log2(values["model.hidden"] / 128) / 2 - 0.01 * abs(values["model.layers"] - 3)
        quality += 0.008 * (values["model.activation"] == "gelu") + chance.gauss(0, 0.008)
        quality = min(0.9995, max(0.09, quality))
        speed = chance.uniform(0.3, 0.9)
        trial.reports = [(step, min(0.9999, quality - (quality - 0.1) * math.exp(-speed * step) + chance.gauss(0, 0.004))) for step in range(1, reports + 1)]
        trial.value = trial.reports[-1][1]
        trial.metrics["val_loss"] = 1.2 * (1 - trial.value) + abs(chance.gauss(0, 0.02))
        if values["optimizer.name"] == "sgd" and rate > -0.25:
            trial.state, trial.cause, trial.value = "diverged", "diverged", None
            trial.reason = "the metric is not a finite number"
            trial.reports = trial.reports[:2] + [(3, NAN)]
            trial.metrics = {}
        elif chance.random() < 0.025:
            trial.state, trial.value, trial.reports, trial.metrics = "failed", None, trial.reports[:chance.randint(0, 3)], {}
            trial.cause = chance.choice(["crash", "crash", "memory", "timeout"])
            trial.reason = {"crash": chance.choice(["crash: exit 1", "crash: signal 11"]), "memory": "memory: peak 2104 MiB", "timeout": "timeout"}[trial.cause]
            trial.log = "Traceback (most recent call last):\n  File \"train.py\", line 41, in <module>\n    step(batch)\nRuntimeError: cannot allocate 512 MiB\n"
            if trial.cause == "crash":
                trial.attempts = ["failed", "failed"]
        if number < 2:
            trial.origin = "enqueued"
        trials.append(trial)
    if prune:
        halve(trials, [1, 3, 9], 3, "maximize")
    cost = {"sgd": 0.5, "adam": 0.6, "gauss_newton": 1.6}
    run(trials, 4, lambda trial: cost[trial.parameters["optimizer.name"]] * max(1, len(trial.reports)) * trial.parameters["model.hidden"] / 128 * chance.uniform(0.8, 1.3) / 4)
    return trials


def digits_analysis():
    names = [name for name in DIGITS if name != "schedule.warmup"]
    shares = [0.21, 0.44, 0.03, 0.01, 0.06, 0.11, 0.07, 0.04, 0.01, 0.005, 0.015]
    ranking = lambda factor: [{"name": name, "value": share * factor, "low": share * factor * 0.7, "high": min(1, share * factor * 1.35 + 0.01),
                               **({"warning": "fewer than 30 trials carry it"} if name == "optimizer.beta2" else {})} for name, share in zip(names, shares)]
    importance = [
        {"method": "PED-ANOVA", "words": "Of what separates the best tenth from all trials; bars are bootstrap intervals of 90 %.", "rows": ranking(1)},
        {"method": "fANOVA", "words": "Of the variance of the metric over the whole space.", "rows": ranking(0.8),
         "interactions": [{"first": "optimizer.name", "second": "optimizer.learning_rate", "value": 0.13, "low": 0.09, "high": 0.17},
                          {"first": "model.hidden", "second": "model.layers", "value": 0.03, "low": 0.01, "high": 0.05}]},
    ]
    grid = lambda low, high, log: [math.exp(math.log(low) + (math.log(high) - math.log(low)) * i / 24) if log else low + (high - low) * i / 24 for i in range(25)]
    curves = []
    for name, low, high, log, ideal in [("optimizer.learning_rate", 0.001, 1, True, -0.9), ("model.hidden", 64, 384, True, 2.4), ("model.layers", 1, 6, False, 3), ("regularization.weight_decay", 1e-6, 0.01, True, -4)]:
        x = grid(low, high, log)
        mean = [0.93 - 0.02 * abs((math.log10(value) if log else value) - ideal) ** 1.3 for value in x]
        band = [0.008 + 0.012 * abs(i - 12) / 12 for i in range(25)]
        curves.append({"parameter": name, "x": x, "mean": mean, "low": [m - b for m, b in zip(mean, band)], "high": [m + b for m, b in zip(mean, band)]})
    curves.append({"parameter": "optimizer.name", "x": ["sgd", "adam", "gauss_newton"], "mean": [0.90, 0.91, 0.94], "low": [0.88, 0.89, 0.93], "high": [0.92, 0.93, 0.95]})
    return {
        "importance": importance,
        "dependence": {"words": "From the Gaussian process of the sweep; bands are two standard deviations.", "curves": curves},
    }


def digits(count=60, seed=7, **more):
    trials = digits_trials(count, seed)
    extra = digits_analysis()
    extra.update(
        file={"path": "sweeps/digits.yaml", "text": "# Which optimizer learns handwritten digits best in ten epochs?\nmetric: {name: val_accuracy, goal: maximize, value: last}\ntrainer:\n  command: [revmlp, train, \"{config}\"]\n"},
        provenance=[["command", "revsweep run sweeps/digits.yaml"], ["revsweep", "0.9.0"], ["trainer's commit", "233b77a (clean)"], ["host", "workstation, 8 cores, 32 GiB"]],
        outlook={"words": "20 more trials are expected to improve the best by 0.0009 (nine in ten: 0 to 0.0031).",
                 "trials": [1, 2, 5, 10, 20, 50], "mean": [0.0001, 0.0002, 0.0004, 0.0006, 0.0009, 0.0012],
                 "low": [0] * 6, "high": [0.001, 0.0014, 0.002, 0.0026, 0.0031, 0.0036]},
        proposers=words(["Sobol' points" if n < 8 else "the Gaussian process" for n in range(count)], ["Sobol' points", "the Gaussian process"]),
        path={"from": "the first trial", "words": "One parameter at a time, the one that the model expects most of first.", "steps": [
            {"parameter": "optimizer.learning_rate", "from": "0.0316", "to": "0.264", "mean": 0.958, "deviation": 0.006, "gain": 0.031, "low": 0.022, "high": 0.041},
            {"parameter": "optimizer.name", "from": "sgd", "to": "gauss_newton", "mean": 0.985, "deviation": 0.004, "gain": 0.027, "low": 0.02, "high": 0.033},
            {"parameter": "model.hidden", "from": "128", "to": "142", "mean": 0.987, "deviation": 0.004, "gain": 0.002, "low": -0.003, "high": 0.006}]},
        expectations={"trials": column("u32", list(range(10, count))), "means": column("f32", [rounded(0.93 + 0.0005 * (n % 50)) for n in range(10, count)]), "deviations": column("f32", [0.015625] * (count - 10)), "lows": column("f32", [0.5] * (count - 10)), "highs": column("f32", [1.0] * (count - 10))} if count > 10 else None,
    )
    extra.update(more)
    return build("digits", "val_accuracy", "maximize", DIGITS, trials, budget={"trials": count, "seconds": 1800, "failures": 20 if count < 1000 else None},
                 pruner={"name": "asha", "rungs": [1, 3, 9]}, **extra)


def conditional():
    """A chain of conditions, a parameter that was added later, minimization over orders of magnitude."""
    specs = {
        "model": {"type": "choice", "values": ["linear", "tree", "net"]},
        "tree.depth": {"type": "int", "min": 1, "max": 12, "when": "{model: tree}"},
        "net.layers": {"type": "int", "min": 0, "max": 4, "when": "{model: net}"},
        "net.dropout": {"type": "uniform", "min": 0, "max": 0.5, "when": "{net.layers: \"> 0\"}"},
        "penalty": {"type": "uniform", "min": 0, "max": 1},
        "late": {"type": "uniform", "min": -1, "max": 1},
        "seed": {"type": "int", "min": 0, "max": 2, "role": "seed"},
    }
    chance = random.Random(3)
    trials = []
    for number in range(240):
        trial = Trial(number)
        values = trial.parameters
        if number % 3 == 0:
            base = {"model": chance.choice(["linear", "tree", "net"]), "penalty": chance.random(), "late": chance.uniform(-1, 1)}
            if base["model"] == "tree":
                base["tree.depth"] = chance.randint(1, 12)
            if base["model"] == "net":
                base["net.layers"] = chance.randint(0, 4)
                if base["net.layers"] > 0:
                    base["net.dropout"] = chance.uniform(0, 0.5)
        values.update(base, seed=number % 3)
        if number < 30:
            del values["late"]
        loss = 10 ** (chance.gauss(0, 0.08) + 2 * abs(values["penalty"] - 0.3) + {"linear": 0.8, "tree": 0.3, "net": 0}[values["model"]])
        if number % 41 == 40:
            loss = 1e9
        trial.value = loss
        trials.append(trial)
    trials[-1].state, trials[-1].value = "running", None
    trials[-2].state, trials[-2].value = "waiting", None
    run(trials[:-2] + trials[-1:], 3, lambda trial: chance.uniform(1, 4))
    sweep = build("conditional", "loss", "minimize", specs, trials, budget={"trials": 240})
    late = next(parameter for parameter in sweep["parameters"] if parameter["name"] == "late")
    late["values"] = column("f64", [MISSING if number < 30 else trial.parameters["late"] for number, trial in enumerate(trials)])
    return sweep


HOSTILE = ['<script>window.broken=1</script>', '"><img src=x onerror="window.broken=2">', "\x1b[31mred\x1b[0m \x1b]8;;http://evil/\x07link",
           "abc\u202egnp.exe", "'; drop table trial; --", "</script><script>window.broken=3</script>", "{{script}} ${1+1}", "a=b&c #d|e", "", "__proto__", "constructor", "é🙂" * 40]


def hostile():
    specs = {name or "empty": {"type": "choice", "values": HOSTILE} for name in HOSTILE[:6]}
    specs['x"y<z'] = {"type": "uniform", "min": 0, "max": 1}
    specs["__proto__"] = {"type": "loguniform", "min": 0.001, "max": 1}
    chance = random.Random(5)
    trials = []
    for number in range(60):
        trial = Trial(number)
        trial.parameters = {name: drawn(spec, chance) for name, spec in specs.items()}
        trial.value = chance.random()
        trial.metrics["<b>loss</b>"] = chance.random()
        trial.further = {name: chance.random() for name in HOSTILE[:2] + ["__proto__"]}
        if number % 4 == 3:
            trial.state, trial.value, trial.cause = "failed", None, "crash"
            trial.reason = "crash: " + HOSTILE[number % 6]
            trial.log = "\n".join(HOSTILE) + "\n" + "x" * (200000 if number == 3 else 10) + "\r\n\x9b31m\x00end"
        trial.decisions = [(1, 0, "continue", HOSTILE[number % 8])]
        trial.reports = [(1, chance.random()), (2, chance.random())]
        trials.append(trial)
    run(trials, 2, lambda trial: chance.random())
    return build('<img src=x onerror="window.broken=4">', "<i>metric</i>", "minimize", specs, trials, budget={"trials": 60},
                 importance=[{"method": "<u>PED</u>", "words": "</figcaption><script>window.broken=5</script>", "rows": [{"name": HOSTILE[0], "value": 0.5, "low": 0.1, "high": 0.8, "warning": HOSTILE[1]}]}],
                 file={"path": HOSTILE[1], "text": "\n".join(HOSTILE)}, provenance=[[HOSTILE[0], HOSTILE[1]]], warnings=[HOSTILE[1]],
                 path={"from": HOSTILE[0], "words": HOSTILE[1], "steps": [{"parameter": HOSTILE[place], "from": HOSTILE[place], "to": HOSTILE[place + 1], "mean": 1, "deviation": 1, "gain": 1, "low": 0, "high": 2} for place in range(4)]},
                 outlook={"words": HOSTILE[0], "trials": [1, 2], "mean": [0, 1], "low": [0, 0], "high": [1, 2]},
                 proposers=words([HOSTILE[number % 8] for number in range(len(trials))]),
                 objectives=told(trials, [("<i>metric</i>", "minimize"), (HOSTILE[0], "maximize"), ("__proto__", "minimize")], [(HOSTILE[1], "<=", 0.5)]))


def told(trials, metrics, bounds=()):
    """What a document says of several objectives and bounds; `metrics` are pairs of name and goal, bounds triples."""
    names = [name for name, _ in metrics[1:]]
    names += [name for name, _, _ in bounds if name != metrics[0][0] and name not in names]
    return {
        "metrics": [{"name": name, "goal": goal, "rule": "last"} for name, goal in metrics],
        "bounds": [{"metric": name, "relation": relation, "limit": limit, "rule": "last", "words": f"{name} {relation} {limit}"}
                   for name, relation, limit in bounds],
        "further": [{"name": name, "values": column("f64", [trial.further.get(name, NAN) for trial in trials])} for name in dict.fromkeys(names)],
    }


def objectives(count=120, several=True):
    """Networks of which larger ones are better, larger and slower; some are too slow."""
    specs = {"width": {"type": "int", "min": 4, "max": 512, "log": True}, "rate": {"type": "loguniform", "min": 0.001, "max": 1}}
    chance = random.Random(18)
    trials = []
    for number in range(count):
        trial = Trial(number)
        trial.parameters = {name: drawn(spec, chance) for name, spec in specs.items()}
        width = trial.parameters["width"]
        trial.value = round(min(0.999, 1 - 0.5 / width ** 0.4 - 0.02 * abs(math.log10(trial.parameters["rate"]) + 1.5) ** 2 - chance.random() * 0.02), 3)
        trial.further = {"bytes": width * 40 + chance.randrange(400), "latency": round(width / 16 * chance.uniform(0.8, 1.3), 2)}
        trial.metrics = {name: value * 1.5 for name, value in trial.further.items()}
        if number % 13 == 5:
            trial.state, trial.value, trial.further, trial.cause, trial.reason = "failed", None, {}, "crash", "crash: exit 1"
        trials.append(trial)
    # A trial from before the bound was there.
    del trials[3].further["latency"]
    # Two of the same values are both on the front, or neither is.
    trials[10].value, trials[10].further = trials[9].value, trials[9].further
    run(trials, 3, lambda trial: chance.uniform(1, 9))
    metrics = [("accuracy", "maximize"), ("bytes", "minimize")] if several else [("accuracy", "maximize")]
    return build("nets", "accuracy", "maximize", specs, trials, budget={"trials": count},
                 objectives=told(trials, metrics, [("latency", "<=", 20)]))


def simple(name, specs, count, state="complete", value=lambda chance: chance.random()):
    chance = random.Random(11)
    trials = []
    for number in range(count):
        trial = Trial(number)
        trial.parameters = {key: drawn(spec, chance) for key, spec in specs.items()}
        trial.state, trial.value = state, value(chance) if state == "complete" else None
        if state == "failed":
            trial.cause, trial.reason, trial.log = "crash", "crash: exit 2", "no such file: data.csv\n"
        trials.append(trial)
    run(trials, 2, lambda trial: chance.uniform(0.2, 2))
    return build(name, "loss", "minimize", specs, trials, budget={"trials": max(count, 10)})


def long_integers():
    """A seed of 64 bits, which is no number of JavaScript's."""
    specs = {"seed": {"type": "uniform", "min": 0, "max": 1e19}, "width": {"type": "int", "min": 0, "max": 2000000000}}
    sweep = simple("long_integers", specs, 20)
    digits = [9007199254740993 + 2 * number for number in range(20)]
    sweep["parameters"][0]["values"] = column("f64", [float(number) for number in digits])
    sweep["parameters"][0]["exact"] = texts([str(number) for number in digits])
    sweep["parameters"][1]["values"] = column("i32", [123456789 + number for number in range(20)])
    return sweep


ONE = {"x": {"type": "uniform", "min": 0, "max": 10}}
WORDS = {"kind": {"type": "choice", "values": ["a", "b", "c"]}, "flag": {"type": "choice", "values": [True, False]}, "list": {"type": "choice", "values": [[64, 64], [128], None]}}


def second():
    sweep = digits(80, seed=21)
    sweep["name"] = "digits-wide"
    return sweep


def goals():
    """Two sweeps of which one is minimized, the other maximized, with values of another size."""
    first = simple("down", ONE, 40, value=lambda chance: 1 + chance.random())
    second = simple("up", ONE, 40, value=lambda chance: 100 * chance.random())
    second["metric"] = {"name": "accuracy", "goal": "maximize", "rule": "last"}
    return [first, second]


def imported():
    """The first half of the trials has come from elsewhere, without times; the best of all is among them."""
    trials = []
    for number in range(40):
        trial = Trial(number)
        trial.parameters = {"x": number / 4}
        trial.value = 10 + number * 7 % 40
        trials.append(trial)
    trials[3].value = 1
    for trial in trials[:20]:
        trial.origin = "imported"
    run(trials[20:], 2, lambda trial: 1)
    return build("imported", "loss", "minimize", ONE, trials, budget={"trials": 40})


def outlier():
    """Eleven values from 0 to 1, and one that is far worse."""
    sweep = simple("outlier", ONE, 12)
    sweep["value"] = column("f64", [number / 10 for number in range(11)] + [1000])
    return sweep


def metrics():
    """A metric with more digits than the eye sees of a curve."""
    trials = []
    for number in range(12):
        trial = Trial(number)
        trial.parameters, trial.value = {"x": number / 2}, number
        trial.metrics = {"count": 1234567 + number, "share": 1 / (number + 3)}
        trials.append(trial)
    run(trials, 3, lambda trial: 2)
    return build("metrics", "loss", "minimize", ONE, trials, budget={"trials": 12})


MANY_WORDS = {name: {"type": "choice", "values": [f"{name}{place}" for place in range(8000)]} for name in ("left", "right")}


SAMPLES = {
    "digits": lambda: [digits(200)],
    "conditional": lambda: [conditional()],
    "hostile": lambda: [hostile()],
    "ten_thousand": lambda: [digits(10000)],
    "ten_thousand_full": lambda: [full(10000)],
    "fifty_thousand": lambda: [digits(50000)],
    "objectives": lambda: [objectives()],
    "bounds": lambda: [objectives(several=False)],
    "two": lambda: [digits(120), second()],
    "empty": lambda: [simple("empty", ONE, 0)],
    "single": lambda: [simple("single", ONE, 1)],
    "failed": lambda: [simple("failed", {**ONE, "y": {"type": "int", "min": 1, "max": 8}}, 12, "failed")],
    "one_parameter": lambda: [simple("one_parameter", ONE, 40)],
    "mixed": lambda: [simple("numbers", ONE, 20), simple("words", {"x": {"type": "choice", "values": [1, "two", [3]]}}, 20)],
    "close": lambda: [simple("close", ONE, 40, value=lambda chance: chance.choice([0.9, 0.8999999999999999]))],
    "huge": lambda: [simple("huge", ONE, 40, value=lambda chance: chance.choice([1e308, -1e308, 1, math.pi]))],
    "long_integers": lambda: [long_integers()],
    "narrow": lambda: [simple("narrow", ONE, 40, value=lambda chance: 0.99121 + 4e-5 * chance.random())],
    "millions": lambda: [simple("millions", ONE, 40, value=lambda chance: 1234000 + 2000 * chance.random())],
    "tiny": lambda: [simple("tiny", ONE, 40, value=lambda chance: 1e-7 + 3e-10 * chance.random())],
    "far": lambda: [simple("far", ONE, 40, value=lambda chance: chance.choice([1e-200, 1, 1e200]))],
    "outlier": lambda: [outlier()],
    "goals": goals,
    "imported": lambda: [imported()],
    "metrics": lambda: [metrics()],
    "many_words": lambda: [simple("many_words", MANY_WORDS, 60)],
    "no_numbers": lambda: [simple("no_numbers", WORDS, 60)],
}


def full(count):
    """Twelve parameters and ten reports of every trial: nothing is pruned."""
    return build("full", "val_accuracy", "maximize", DIGITS, digits_trials(count, 7, prune=False), budget={"trials": count}, **digits_analysis())


PICTURE = '<svg xmlns="http://www.w3.org/2000/svg" width="300" height="60" role="img"><title>History</title><path d="M0 50L300 10" stroke="#1769aa" fill="none"/></svg>'

if __name__ == "__main__":
    OUT.mkdir(exist_ok=True)
    for name in sys.argv[1:] or SAMPLES:
        value = writer.document(SAMPLES[name]())
        text = writer.page(value, PICTURE)
        (OUT / f"{name}.html").write_text(text, encoding="utf-8")
        (OUT / f"{name}.json").write_text(json.dumps(value))
        print(f"{name:20} {len(text.encode()) / 1e6:.3f} MB")
