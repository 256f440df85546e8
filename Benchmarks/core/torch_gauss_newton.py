"""The peer for speed: one exact Gauss-Newton (or SGD/Adam) step of a reversible MLP in PyTorch on the CPU,
written from the equations in Sources/ReversibleCore. `--pinv svd` is the published method (thin SVD of the activation matrix),
`--pinv gram` the best that a PyTorch user would write (eigh of the n x n Gram matrix).

    python torch_gauss_newton.py --d 784 --blocks 2 --hidden 8000 --batch 1000 --optimizer gn --pinv svd --steps 5

prints one JSON line: median seconds per step after one warm-up, loss before and after, peak RSS in MiB.
"""
import argparse, json, resource, statistics, time
import torch


def phi(x, C, linear):
    z = x @ C
    return z if linear else torch.relu(z)


def apply_pinv(A, v, rtol, atol, method):
    if method == "svd":
        U, S, Vt = torch.linalg.svd(A, full_matrices=False)
        k = (S >= rtol * S[0]) & (S >= atol)
        return Vt[k].T @ ((U[:, k].T @ v) / S[k, None])
    w, Q = torch.linalg.eigh(A @ A.T)
    s = w.clamp_min(0).sqrt()
    k = (s >= rtol * s[-1]) & (s >= atol)
    Q, w = Q[:, k], w[k]
    return A.T @ (Q @ ((Q.T @ v) / w[:, None]))


class Net:
    def __init__(self, d, blocks, hidden, classes):
        m = d // 2
        self.U = torch.linalg.qr(torch.randn(d, classes))[0]
        self.halves = [[{"W": torch.randn(m, hidden) * 1e-3, "b": torch.zeros(m),
                         "C": torch.randn(m, hidden) / hidden ** 0.5} for _ in range(2)] for _ in range(blocks)]

    def parameters(self):
        return [h[k] for block in self.halves for h in block for k in ("W", "b")]

    def forward(self, x):
        x1, x2 = x.chunk(2, 1)
        for i, (f, g) in enumerate(self.halves):
            x1 = x1 + phi(x2, f["C"], i == 0) @ f["W"].T + f["b"]
            x2 = x2 + phi(x1, g["C"], i == 0) @ g["W"].T + g["b"]
        return torch.cat([x1, x2], 1)

    @torch.no_grad()
    def gn_step(self, x, y, lr, rtol, atol, method):
        out = self.forward(x)
        z = out @ self.U
        loss = torch.nn.functional.cross_entropy(z, y)
        v1, v2 = ((torch.softmax(z, 1) - torch.nn.functional.one_hot(y, z.shape[1])) @ self.U.T).chunk(2, 1)
        y1, y2 = out.chunk(2, 1)
        one = torch.ones(len(x), 1)
        updates = []
        for i in reversed(range(len(self.halves))):
            f, g = self.halves[i]
            zg = y1 @ g["C"]
            ag = zg if i == 0 else torch.relu(zg)
            x2 = y2 - ag @ g["W"].T - g["b"]
            zf = x2 @ f["C"]
            af = zf if i == 0 else torch.relu(zf)
            x1 = y1 - af @ f["W"].T - f["b"]
            gate_g = 1.0 if i == 0 else (zg > 0).float()
            gate_f = 1.0 if i == 0 else (zf > 0).float()
            AF, AG = torch.cat([af, one], 1), torch.cat([ag, one], 1)
            DF = apply_pinv(AF, v1, rtol, atol, method)
            R = (gate_g * ((AF @ DF) @ g["C"])) @ g["W"].T
            DG = apply_pinv(AG, v2 - R, rtol, atol, method)
            updates.append((i, DF, DG))
            if i:
                u2 = v2 - (gate_g * (v1 @ g["C"])) @ g["W"].T
                v1, v2 = v1 - (gate_f * (u2 @ f["C"])) @ f["W"].T, u2
            y1, y2 = x1, x2
        for i, DF, DG in updates:
            for half, D in zip(self.halves[i], (DF, DG)):
                half["W"] -= lr * D[:-1].T
                half["b"] -= lr * D[-1]
        return loss.item()


def main():
    p = argparse.ArgumentParser()
    for name, default in (("d", 784), ("blocks", 2), ("hidden", 8000), ("batch", 1000), ("classes", 10), ("steps", 5), ("threads", 2)):
        p.add_argument(f"--{name}", type=int, default=default)
    p.add_argument("--optimizer", choices=["gn", "sgd", "adam"], default="gn")
    p.add_argument("--pinv", choices=["svd", "gram"], default="svd")
    p.add_argument("--lr", type=float, default=0.1)
    a = p.parse_args()
    torch.set_num_threads(a.threads)
    torch.manual_seed(0)
    net = Net(a.d, a.blocks, a.hidden, a.classes)
    x, y = torch.randn(a.batch, a.d), torch.randint(a.classes, (a.batch,))
    opt = None
    if a.optimizer != "gn":
        for t in net.parameters():
            t.requires_grad_(True)
        opt = (torch.optim.SGD if a.optimizer == "sgd" else torch.optim.Adam)(net.parameters(), lr=a.lr)
    times, losses = [], []
    for _ in range(a.steps + 1):
        t0 = time.perf_counter()
        if opt is None:
            losses.append(net.gn_step(x, y, a.lr, 1e-2, 1e-5, a.pinv))
        else:
            opt.zero_grad()
            loss = torch.nn.functional.cross_entropy(net.forward(x) @ net.U, y)
            loss.backward()
            opt.step()
            losses.append(loss.item())
        times.append(time.perf_counter() - t0)
    with torch.no_grad():
        after = torch.nn.functional.cross_entropy(net.forward(x) @ net.U, y).item()
    print(json.dumps({"config": vars(a), "seconds_per_step": statistics.median(times[1:]), "loss_first": losses[0], "loss_after": after,
                      "peak_rss_mib": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024}))


main()

