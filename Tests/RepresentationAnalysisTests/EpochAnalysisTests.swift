import ConfigFile
import Foundation
import LinearAlgebra
import RepresentationAnalysis
import ReversibleCore
import TestSupport
import Testing
import Training

/// Analyses of checkpoints by epoch, on small runs that are made once.
@Suite struct EpochAnalysisTests {
    private final class Runs: Sendable {
        private let directory: TemporaryDirectory
        var path: String { directory.path }

        init() throws {
            directory = try TemporaryDirectory()
            for (name, optimizer, seed) in [("a1", "adam", 1), ("a2", "adam", 2), ("g1", "gauss_newton", 1)] {
                try EpochAnalysisTests.train(optimizer, seed: seed, in: "\(directory.path)/\(name)")
            }
        }
    }

    @discardableResult
    private static func train(
        _ optimizer: String, seed: Int, in folder: String, output: String = "keep_every: 2", stopAfter: Int = .max
    ) throws -> StoredRun {
        let yaml = """
            seed: \(seed)
            data: {batch_size: 400}
            model: {blocks: 2, hidden: 20}
            optimizer: {name: \(optimizer), learning_rate: \(optimizer == "adam" ? 0.01 : 0.1)}
            training: {epochs: 5}
            output: {\(output)}
            """
        let config = try TrainingConfig(ConfigDocument(parsing: SourceFile(path: "c.yaml", text: yaml)))
        var run = try TrainingRun(config, folder: folder)
        var done = 0
        _ = try run.run(shouldStop: { done >= stopAfter }, observe: { if case .progress = $0 { done += 1 } })
        return try StoredRun(readingFrom: folder)
    }

    private static let made = Result { try Runs() }
    private let runs: Runs
    private let stored: [StoredRun]

    init() throws {
        runs = try Self.made.get()
        stored = try StoredRun.find(at: ["\(runs.path)/a1", "\(runs.path)/a2", "\(runs.path)/g1"])
    }

    private func column(_ name: String, of table: ResultTable) throws -> [ResultTable.Cell] {
        let index = try #require(table.columns.firstIndex(of: name), "\(name)")
        return table.rows.map { $0[index] }
    }

    private func numbers(_ name: String, of table: ResultTable) throws -> [Double] {
        try column(name, of: table).map { if case .number(let number) = $0 { number } else { .nan } }
    }

    private let alignment = AlignmentAnalysis(split: .validation, samples: 60, kernel: .linear, batch: nil)
    private let tangents = TangentAnalysis(split: .train, samples: 5, output: .logits, probes: 0, seed: 0)
    private let byEpoch = Comparison(byEpoch: true)

    @Test func `every checkpoint has its rows, and the last ones are those of the end`() throws {
        let table = try alignment.alongRuns(stored, byEpoch)
        #expect(
            try column("epoch", of: table)
                == [2, 2, 4, 4, 5, 5, 2, 2, 4, 4, 5, 5, 2, 2, 4, 4, 5, 5].map { .integer($0) })
        let ends = try alignment.alongRuns(stored)
        #expect(ends.rows == table.rows.filter { $0.contains(.integer(5)) })
        let weights = try WeightAnalysis.alongRuns(stored, byEpoch)
        #expect(weights.rows.count == 3 * 3 * 10)
        #expect(try WeightAnalysis.alongRuns(stored).rows == weights.rows.filter { $0[4] == .integer(5) })
        // Estimated from batches, as well.
        let estimate = AlignmentAnalysis(split: .validation, samples: 60, kernel: .radial, batch: 20)
        #expect(try estimate.alongRuns(stored, byEpoch).rows.count == 18)
    }

    @Test func `another checkpoint of the same run takes the place of the start`() throws {
        let table = try alignment.alongRuns(stored, Comparison(against: .epoch(4), byEpoch: true))
        #expect(table.columns == ["run", "setup", "optimizer", "seed", "against", "epoch", "block", "cka"])
        #expect(try column("against", of: table).allSatisfy { $0 == .text("4") })
        let values = try numbers("cka", of: table)
        for (index, epoch) in try column("epoch", of: table).enumerated() {
            #expect((abs(values[index] - 1) < 1e-12) == (epoch == .integer(4)))
        }
        let weights = try WeightAnalysis.alongRuns(stored, Comparison(against: .epoch(4), byEpoch: true))
        let changes = try numbers("norm_of_change", of: weights)
        for (index, epoch) in try column("epoch", of: weights).enumerated() where epoch == .integer(4) {
            #expect(changes[index] == 0)
        }
        #expect(throws: CheckpointError.self) { try alignment.alongRuns(stored, Comparison(against: .epoch(3))) }
    }

    @Test func `the rate of the tangent kernel is its way from checkpoint to checkpoint over the epochs`() throws {
        let table = try tangents.alongRuns(stored, withRate: true)
        let plain = try tangents.alongRuns(stored)
        #expect(table.columns == plain.columns + ["previous", "similarity_to_previous", "ntk_rate"])
        #expect(table.rows.map { Array($0.prefix(plain.columns.count)) } == plain.rows)
        #expect(try column("previous", of: table) == [0, 2, 4, 0, 2, 4, 0, 2, 4].map { .integer($0) })
        let (similarities, rates) = (
            try numbers("similarity_to_previous", of: table), try numbers("ntk_rate", of: table)
        )
        #expect(similarities[0] == (try numbers("ntk_similarity", of: table))[0])
        for index in 0..<9 {
            #expect(rates[index] == (1 - similarities[index]) / [2, 2, 1][index % 3] && rates[index] > 0)
        }
        // Against another checkpoint the rate stays what it is.
        let other = try tangents.alongRuns(stored, against: .epoch(2), withRate: true)
        let others = try numbers("ntk_rate", of: other)
        for index in 0..<9 { #expect(abs(others[index] - rates[index]) < 1e-6) }
        #expect(abs(try numbers("ntk_similarity", of: other)[0] - 1) < 1e-6)
    }

    @Test func `seeds of one set-up share a row`() throws {
        let table = try alignment.alongRuns(stored, byEpoch)
        let grouped = table.overSeeds(of: stored)
        #expect(grouped.columns == ["setup", "optimizer", "runs", "epoch", "block", "cka_mean", "cka_std"])
        #expect(try column("runs", of: grouped) == [2, 2, 2, 2, 2, 2, 1, 1, 1, 1, 1, 1].map { .integer($0) })
        #expect(try column("setup", of: grouped)[0] == .text("optimizer.name=adam optimizer.learning_rate=0.01"))
        let (all, means) = (try numbers("cka", of: table), try numbers("cka_mean", of: grouped))
        let spreads = try column("cka_std", of: grouped)
        for index in 0..<6 { #expect(means[index] == (all[index] + all[index + 6]) / 2) }
        #expect(means[6...] == all[12...] && spreads[6...].allSatisfy { $0 == .missing })
        let rates = try tangents.alongRuns(stored, withRate: true).overSeeds(of: stored)
        #expect(
            rates.columns == [
                "setup", "optimizer", "runs", "epoch", "output", "samples", "probes", "previous", "ntk_similarity_mean",
                "ntk_similarity_std", "jacobian_similarity_mean", "jacobian_similarity_std",
                "similarity_to_previous_mean", "similarity_to_previous_std", "ntk_rate_mean", "ntk_rate_std",
            ])
        #expect(try WeightAnalysis.alongRuns(stored).overSeeds(of: stored).rows.count == 20)
    }

    @Test func `a run that was stopped within an epoch is compared by the checkpoints between epochs`() throws {
        let folder = try TemporaryDirectory()
        // Four batches an epoch: in the middle of the fifth.
        let run = try Self.train("adam", seed: 1, in: "\(folder.path)/a", stopAfter: 18)
        #expect(run.checkpoints == [.init(epoch: 2, moment: .epoch(2)), .init(epoch: 4, moment: .epoch(4))])
        #expect(try run.network(at: .epoch(4)).parameters == stored[0].network(at: .epoch(4)).parameters)
        let none = try Self.train("adam", seed: 1, in: "\(folder.path)/b", output: "keep_every: 0", stopAfter: 6)
        #expect(none.checkpoints == [.init(epoch: 1, moment: .last)])
        #expect(try tangents.alongRuns([none], withRate: true).rows.count == 1)
    }

    @Test func `runs that begin with weights of their own seed are seeds of one set-up`() throws {
        let folder = try TemporaryDirectory()
        let later = try [1, 2].map { seed in
            let yaml = """
                seed: \(seed)
                data: {batch_size: 400}
                model: {blocks: 2, hidden: 20}
                training: {epochs: 1, start_from: "\(runs.path)/a{seed}"}
                """
            let config = try TrainingConfig(ConfigDocument(parsing: SourceFile(path: "c.yaml", text: yaml)))
            var run = try TrainingRun(config, folder: "\(folder.path)/\(seed)")
            _ = try run.run(observe: { _ in })
            return try StoredRun(readingFrom: "\(folder.path)/\(seed)")
        }
        #expect(try WeightAnalysis.alongRuns(later).overSeeds(of: later).rows.count == 10)
        #expect(RunGroup.shortlyNamed(setupsOf: later).count == 1)
    }

    /// From the exported weights alone, in double precision; the Jacobian by complex steps, which round nothing.
    private static let script = """
        import json, sys
        import numpy
        a = {name: value.astype(float) for name, value in numpy.load(sys.argv[1]).items()}
        names = [f"blocks.{b}.{h}" for b in range(2) for h in "fg"]
        epochs = [0, 2, 4, 5]
        theta = {e: [numpy.vstack([a[f"{e}.{n}.weight"].T, a[f"{e}.{n}.bias"]]) for n in names] for e in epochs}
        C, U = [a[f"0.{n}.projection"] for n in names], a["0.readout"]
        def blocks(x, t):
            x1, x2 = numpy.split(x, 2, axis=1)
            result = []
            for b in range(2):
                for i in (2 * b, 2 * b + 1):
                    z = (x1 if i % 2 else x2) @ C[i]
                    z = z * (z.real > 0) if b else z
                    z = numpy.hstack([z, numpy.ones((len(z), 1))]) @ t[i]
                    x1, x2 = (x1, x2 + z) if i % 2 else (x1 + z, x2)
                result.append(numpy.hstack([x1, x2]))
            return result
        def cka(x, y):
            k, l = [(c := m - m.mean(0)) @ c.T for m in (x, y)]
            return (k * l).sum() / numpy.sqrt((k * k).sum() * (l * l).sum())
        def kernel(t):
            rows = []
            for i in range(4):
                for place in numpy.ndindex(t[i].shape):
                    moved = [m.astype(complex) if k == i else m for k, m in enumerate(t)]
                    moved[i][place] += 1e-30j
                    rows.append((blocks(a["train"], moved)[-1] @ U).imag.ravel() / 1e-30)
            J = numpy.array(rows).T
            return J @ J.T
        cosine = lambda x, y: float((x * y).sum() / numpy.sqrt((x * x).sum() * (y * y).sum()))
        flat = lambda t: numpy.concatenate([m[:-1].ravel() for m in t])
        start, kernels = blocks(a["validation"], theta[0]), {e: kernel(theta[e]) for e in epochs}
        print(json.dumps({
            "cka": [cka(s, o) for e in epochs[1:] for s, o in zip(start, blocks(a["validation"], theta[e]))],
            "ntk": [cosine(kernels[0], kernels[e]) for e in epochs[1:]],
            "previous": [cosine(kernels[p], kernels[e]) for p, e in zip(epochs, epochs[1:])],
            "cosine": [cosine(flat(theta[0]), flat(theta[e])) for e in epochs[1:]],
            "change": [float(numpy.linalg.norm(flat(theta[e]) - flat(theta[0])) / numpy.linalg.norm(flat(theta[0])))
                       for e in epochs[1:]]}))
        """

    @Test(.enabled("there is no Python with NumPy") { await Python.has("numpy") }, arguments: [0, 2])
    func `NumPy finds the same in the exported weights`(index: Int) async throws {
        let run = stored[index]
        var tensors: [NamedTensor] = []
        for epoch in [0, 2, 4, 5] {
            tensors += try run.tensors(at: .epoch(epoch)).map {
                NamedTensor(name: "\(epoch).\($0.name)", shape: $0.shape, values: $0.values)
            }
        }
        for (name, images) in [
            ("train", run.split.training.images.rows(0..<5)), ("validation", run.split.validation.images.rows(0..<60)),
        ] { tensors.append(NamedTensor(name: name, shape: [images.rows, images.columns], values: images.elements)) }
        let folder = try TemporaryDirectory()
        try WeightFormat.npz.write(tensors, to: "\(folder.path)/all.npz")
        let output = try await Python.run(Self.script, ["\(folder.path)/all.npz"])
        let expected = try JSONDecoder().decode([String: [Double]].self, from: Data(output.utf8))
        let rates = try tangents.alongRuns([run], withRate: true)
        let weights = try WeightAnalysis.alongRuns([run], byEpoch)
        let ours = [
            "cka": try numbers("cka", of: try alignment.alongRuns([run], byEpoch)),
            "ntk": try numbers("ntk_similarity", of: rates),
            "previous": try numbers("similarity_to_previous", of: rates),
            "cosine": zip(try column("layer", of: weights), try numbers("cosine", of: weights))
                .filter { $0.0 == .text("weights") }.map(\.1),
            "change": zip(try column("layer", of: weights), try numbers("relative_change", of: weights))
                .filter { $0.0 == .text("weights") }.map(\.1),
        ]
        for (name, values) in expected {
            let found = try #require(ours[name])
            #expect(found.count == values.count)
            // Single precision in ours, sums of some thousand terms.
            for (one, other) in zip(found, values) { #expect(abs(one - other) < 2e-6 * max(1, other), "\(name)") }
        }
    }
}
