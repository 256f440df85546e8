import Datasets
import Foundation
import LinearAlgebra
import TestSupport
import Testing
import Training

/// Gauss-Newton runs computed again in double precision by NumPy, from the published formulas: networks without a
/// projection, other first weights, noise on the pseudo-inverse with its random numbers.
@Suite struct RecomputedTests {
    /// The run of a Swift trainer against the formulas: prints the error of the change of all weights, over the change.
    private static let script = """
        import json, sys
        from statistics import NormalDist
        import numpy
        a = {name: value.astype(float) for name, value in numpy.load(sys.argv[1]).items()}
        s = json.loads(sys.argv[2])

        def philox(counter, key):
            word, (k0, k1), x = 2**64 - 1, key, list(counter)
            for _ in range(10):
                p, q = x[0] * 0xD2E7470EE14C6C93, x[2] * 0xCA5A826395121157
                x = [q >> 64 ^ x[1] ^ k0, q & word, p >> 64 ^ x[3] ^ k1, p & word]
                k0, k1 = k0 + 0x9E3779B97F4A7C15 & word, k1 + 0xBB67AE8584CAA73B & word
            return x

        def normals(seed, stream, i, j, count):
            bits = [w for c in range((count + 3) // 4) for w in philox((c, i, j, 0), (seed, stream))]
            return [NormalDist().inv_cdf(((b >> 11) + 0.5) * 2.0**-53) for b in bits[:count]]

        def inverse(A, coupling, step):
            U, S, V = numpy.linalg.svd(A, full_matrices=False)
            k = (S >= 1e-2 * S[0]) & (S >= 1e-5)
            result = V[k].T / S[k] @ U[:, k].T
            if s["noise"]:
                result += s["noise"] * numpy.array(
                    [normals(s["seed"], 0x1005, step, coupling << 32 | row, len(A)) for row in range(A.shape[1])])
            return result

        names = [f"blocks.{b}.{h}" for b in range(s["blocks"]) for h in "fg"]
        theta = [numpy.vstack([a[n + ".weight"].T, a[n + ".bias"]]) for n in names]
        first = [t.copy() for t in theta]
        relu = lambda i, z: z if i < 2 else numpy.maximum(z, 0)
        def lift(i, x): return x @ a[names[i] + ".projection"] if names[i] + ".projection" in a else x
        def features(i, x): return numpy.hstack([relu(i, lift(i, x)), numpy.ones((len(x), 1))])
        def slope(i, x, t): return (lift(i, t) * (1 if i < 2 else lift(i, x) > 0)) @ theta[i][:-1]
        for step in range(s["steps"]):
            order = a[f"order{step}"].astype(int)
            x1, x2 = numpy.split(a["images"][order], 2, axis=1)
            for b in range(s["blocks"]):
                x1 = x1 + features(2 * b, x2) @ theta[2 * b]
                x2 = x2 + features(2 * b + 1, x1) @ theta[2 * b + 1]
            z = numpy.hstack([x1, x2])
            U = a.get("readout", numpy.eye(z.shape[1]))
            z = z @ U
            p = numpy.exp(z - z.max(1, keepdims=True))
            V = (p / p.sum(1, keepdims=True) - a["targets"][order]) @ U.T
            v1, v2 = numpy.split(V, 2, axis=1)
            updates = [None] * len(theta)
            y1, y2 = x1, x2
            for b in reversed(range(s["blocks"])):
                f, g = 2 * b, 2 * b + 1
                x2 = y2 - features(g, y1) @ theta[g]
                x1 = y1 - features(f, x2) @ theta[f]
                updates[f] = inverse(features(f, x2), f, step) @ v1
                updates[g] = inverse(features(g, y1), g, step) @ (v2 - slope(g, y1, features(f, x2) @ updates[f]))
                v2 = v2 - slope(g, y1, v1)
                v1 = v1 - slope(f, x2, v2)
                y1, y2 = x1, x2
            theta = [t - s["rate"] * u for t, u in zip(theta, updates)]
        last = [numpy.vstack([a["last." + n + ".weight"].T, a["last." + n + ".bias"]]) for n in names]
        square = lambda left, right: sum(((l - r) ** 2).sum() for l, r in zip(left, right))
        print((square(theta, last) / square(first, last)) ** 0.5)
        """

    struct Setting: Sendable, CustomTestStringConvertible {
        var name: String
        var model: String
        var samples: Int
        var noise = 0.0
        var testDescription: String { name }
    }

    private static let settings = [
        Setting(name: "projection", model: "hidden: 40", samples: 30),
        Setting(name: "wide projection", model: "hidden: 150", samples: 60),
        Setting(name: "larger first weights", model: "hidden: 40, initial_deviation: 1e-2", samples: 30),
        Setting(name: "tiny first weights", model: "hidden: 40, initial_deviation: 1e-6", samples: 30),
        Setting(name: "no projection, few samples", model: "hidden: off", samples: 20),
        Setting(name: "no projection, many samples", model: "hidden: off", samples: 60),
        Setting(name: "no projection, no read-out", model: "hidden: off, output_projection: false", samples: 20),
        Setting(name: "noise, few samples", model: "hidden: 40", samples: 20, noise: 1e-2),
        // Here block 0 is computed in a reduced form, if there is no noise.
        Setting(name: "noise, wide projection", model: "hidden: 150", samples: 60, noise: 1e-2),
        Setting(name: "noise, no projection", model: "hidden: off", samples: 60, noise: 1e-2),
    ]

    @Test(.enabled("there is no Python with NumPy") { await Python.has("numpy") }, arguments: settings)
    func `a run moves the weights as the formulas say`(setting: Setting) async throws {
        let folder = try TemporaryDirectory()
        let (seed, steps, rate) = (6, 3, 0.2)
        let yaml = """
            seed: \(seed)
            data: {subset: \(setting.samples), batch_size: 1000}
            model: {blocks: 2, \(setting.model)}
            optimizer: {learning_rate: \(rate), pseudo_inverse: {noise: \(setting.noise)}}
            training: {epochs: \(steps)}
            """
        var run = try TrainingRun(config(yaml), folder: folder.path)
        #expect(try run.run(observe: { _ in }) == .complete)
        let stored = try StoredRun(readingFrom: folder.path)
        let training = stored.split.training
        let outputs = setting.model.contains("output_projection") ? 64 : 10
        var tensors = try stored.tensors(at: .start)
        for tensor in try stored.tensors(at: .last) {
            tensors.append(NamedTensor(name: "last.\(tensor.name)", shape: tensor.shape, values: tensor.values))
        }
        for (name, matrix) in [("images", training.images), ("targets", training.targets(width: outputs))] {
            tensors.append(NamedTensor(name: name, shape: [matrix.rows, matrix.columns], values: matrix.elements))
        }
        for step in 0..<steps {
            let order = EpochOrder(count: training.count, batchSize: 1000, seed: UInt64(seed), epoch: step + 1).batch(0)
            tensors.append(NamedTensor(name: "order\(step)", shape: [order.count], values: order.map { Float($0) }))
        }
        let file = "\(folder.path)/all.npz"
        try WeightFormat.npz.write(tensors, to: file)
        let settings =
            "{\"seed\": \(seed), \"steps\": \(steps), \"rate\": \(rate), \"blocks\": 2, \"noise\": \(setting.noise)}"
        let output = try await Python.run(Self.script, [file, settings])
        let error = try #require(Double(output.trimmingCharacters(in: .whitespacesAndNewlines)))
        // Single precision, amplified by 1/rtol = 100 in each of three steps that rest on one another.
        #expect(error < 1e-4, "\(setting.name): \(error)")
    }
}
