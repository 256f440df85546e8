"""Prints what a program logs with wandb as reports of revsweep, one JSON object a line, at once.

revsweep writes this file into the folder of a trial and puts that folder first on PYTHONPATH. Python then runs it when
it starts. It changes nothing but wandb's own `Run`, when the program imports it, and hands on to the `sitecustomize`
that would have been run without it.
"""

import importlib.machinery
import importlib.util
import json
import os
import sys

MODULES = ("wandb.sdk.wandb_run", "wandb.sdk.wandb_summary")


def number(value):
    """The value as a number; None for everything else, such as text, truth values, images and tables."""
    if isinstance(value, (bool, str, bytes)) or value is None:
        return None
    if isinstance(value, int):
        return value
    try:
        return float(value)
    except Exception:
        return None


def flattened(values, prefix=""):
    """The numbers of nested dictionaries, with the dotted names that wandb gives them."""
    numbers = {}
    for key, value in values.items():
        if isinstance(value, dict):
            numbers.update(flattened(value, f"{prefix}{key}."))
        else:
            value = number(value)
            if value is not None:
                numbers[f"{prefix}{key}"] = value
    return numbers


def report(numbers):
    """Prints the numbers on a line of their own, past everything that captures the program's output."""
    if not numbers:
        return
    try:
        sys.stdout.flush()
    except Exception:
        pass
    # A progress bar may have left its line open.
    line = ("\n" + json.dumps(numbers) + "\n").encode()
    while line:
        line = line[os.write(1, line) :]


class Extremes:
    """The best values of metrics for which the program asks wandb to keep them in the summary."""

    def __init__(self):
        self.rules = {}
        self.values = {}

    def define(self, name, summary=None, goal=None):
        for rule in (summary or "").split(","):
            if rule in ("min", "max"):
                self.rules.setdefault(name, {})[rule] = rule
            elif rule == "best" and goal:
                self.rules.setdefault(name, {})[rule] = "max" if goal.startswith("max") else "min"

    def of(self, numbers):
        found = {}
        for pattern, rules in self.rules.items():
            for name, value in numbers.items():
                if not (name == pattern or pattern.endswith("*") and name.startswith(pattern[:-1])):
                    continue
                for rule, better in rules.items():
                    key = f"{name}.{rule}"
                    known = self.values.get(key, value)
                    self.values[key] = max(known, value) if better == "max" else min(known, value)
                    found[key] = self.values[key]
        return found


def changing_run(module):
    run, extremes = module.Run, Extremes()
    log, define = run.log, getattr(run, "define_metric", None)

    def logged(self, data=None, step=None, *arguments, **options):
        result = log(self, data, step, *arguments, **options)
        try:
            numbers = flattened(data)
            numbers.update(extremes.of(numbers))
            if numbers and number(step) is not None:
                numbers["step"] = number(step)
            report(numbers)
        except Exception as error:
            print(f"revsweep: what was logged is not reported: {error!r}", file=sys.stderr)
        return result

    def defined(self, name, *arguments, **options):
        extremes.define(name, options.get("summary"), options.get("goal"))
        return define(self, name, *arguments, **options)

    run.log = logged
    if define is not None:
        run.define_metric = defined


def changing_summary(module):
    summary = module.Summary
    update = summary._update

    def updated(self, record):
        result = update(self, record)
        try:
            report(flattened({".".join(map(str, item.key)): item.value for item in record.update}))
        except Exception as error:
            print(f"revsweep: the summary is not reported: {error!r}", file=sys.stderr)
        return result

    summary._update = updated


class Finder:
    """Comes first when wandb's modules are imported, and changes them once they are there."""

    def __init__(self):
        self.waiting = {MODULES[0]: changing_run, MODULES[1]: changing_summary}

    def find_spec(self, name, path=None, target=None):
        change = self.waiting.pop(name, None)
        spec = importlib.util.find_spec(name) if change else None
        if spec is None or spec.loader is None:
            return None
        execute = spec.loader.exec_module

        def exec_module(module):
            execute(module)
            try:
                change(module)
            except Exception as error:
                print(f"revsweep: this wandb is not known, its logs are not reported: {error!r}", file=sys.stderr)

        spec.loader.exec_module = exec_module
        return spec


def former():
    """Runs the `sitecustomize` that Python would have run without this one."""
    folders = [os.path.abspath(folder) for folder in sys.path]
    here = os.path.dirname(os.path.abspath(__file__))
    after = folders.index(here) + 1 if here in folders else 0
    spec = importlib.machinery.PathFinder.find_spec("sitecustomize", sys.path[after:])
    if spec is None or spec.loader is None:
        return
    module = importlib.util.module_from_spec(spec)
    sys.modules["sitecustomize"] = module
    spec.loader.exec_module(module)


# A planner may itself be the trainer of another one: each report is printed once.
if not any(type(finder).__name__ == "Finder" and hasattr(finder, "waiting") for finder in sys.meta_path):
    sys.meta_path.insert(0, Finder())
former()
