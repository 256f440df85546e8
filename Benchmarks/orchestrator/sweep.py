"""Runs a sweep and measures it from outside.

    sweep.py REVSWEEP FILE TRIALS      prints trials/s from start to finish, the milliseconds from the command to the first
                                       word of the first trainer, the peak memory in MB, the same at a tenth of the
                                       trials, and trials/s in the first and in the last tenth
"""
import os, shutil, sqlite3, subprocess, sys, threading, time
from datetime import datetime

revsweep, file, count = sys.argv[1], sys.argv[2], int(sys.argv[3])
name = os.path.splitext(os.path.basename(file))[0]
shutil.rmtree(f"results/{name}", ignore_errors=True)
early = 0


def watch(process):
    """Remembers the peak when a tenth of the trials have been started."""
    global early
    while not os.path.exists(f"results/{name}/trials/{count // 10:06d}"):
        time.sleep(0.05)
    with open(f"/proc/{process}/status") as status:
        early = int(next(line for line in status if line.startswith("VmHWM")).split()[1])


begin = time.time()
planner = subprocess.Popen([revsweep, "run", file, "--quiet"])
threading.Thread(target=watch, args=[planner.pid], daemon=True).start()
_, status, usage = os.wait4(planner.pid, 0)
seconds = time.time() - begin
assert status == 0, f"revsweep ended with {status}"
first = os.stat(f"results/{name}/trials/000000/stdout.log").st_mtime - begin

database = sqlite3.connect(f"results/{name}/sweep.sqlite")
assert database.execute("SELECT count(*) FROM trial WHERE state = 'complete'").fetchone() == (count,)
ends = [datetime.fromisoformat(end[:-1]).timestamp()
        for end, in database.execute("SELECT ended FROM trial ORDER BY ended")]
tenth = count // 10
print(f"{count / seconds:.0f} {first * 1000:.0f} {usage.ru_maxrss / 1000:.0f} {early / 1000:.0f} "
      f"{(tenth - 1) / (ends[tenth - 1] - ends[0]):.0f} {(tenth - 1) / (ends[-1] - ends[-tenth]):.0f}")
