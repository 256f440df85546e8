import Foundation
import LinearAlgebra
import ReversibleCore
import TestSupport
import Testing
import Training

@Suite struct WeightFileTests {
    private let tensors = [
        NamedTensor(name: "blocks.0.f.weight", shape: [2, 3], values: [1, -2.5, 3, 1e-30, 5, .pi]),
        NamedTensor(name: "blocks.0.f.bias", shape: [2], values: [0.1, -0]),
        NamedTensor(name: "empty", shape: [0, 4], values: []),
    ]

    @discardableResult
    private func trained(_ folder: String, epochs: Int = 1, output: String = "keep_last: all") throws -> StoredRun {
        let yaml = smallConfig("gauss_newton", epochs: epochs)
            .replacing("output: {checkpoint_every: 1}", with: "output: {\(output)}")
        var run = try TrainingRun(config(yaml), folder: folder)
        _ = try run.run(observe: { _ in })
        return try StoredRun(readingFrom: folder)
    }

    @Test(arguments: WeightFormat.allCases)
    func `what was written is read again`(format: WeightFormat) throws {
        let folder = try TemporaryDirectory()
        let path = "\(folder.path)/weights.\(format.rawValue)"
        try format.write(tensors, to: path)
        #expect(try format.read(path).sorted { $0.name < $1.name } == tensors.sorted { $0.name < $1.name })
        #expect(WeightFormat(path: path) == format)
        try format.write(tensors, to: "\(folder.path)/again")
        let bytes = FileManager.default.contents(atPath: path)
        #expect(bytes == FileManager.default.contents(atPath: "\(folder.path)/again"))
    }

    @Test(arguments: WeightFormat.allCases)
    func `a damaged file is refused and never crashes`(format: WeightFormat) throws {
        let folder = try TemporaryDirectory()
        let path = "\(folder.path)/weights"
        try format.write(tensors, to: path)
        let bytes = [UInt8](FileManager.default.contents(atPath: path) ?? Data())
        for size in 0..<bytes.count {
            try Data(bytes[..<size]).write(to: URL(fileURLWithPath: path))
            #expect(throws: WeightFileError.self, "\(size) bytes") { try format.read(path) }
        }
        for place in bytes.indices {
            var damaged = bytes
            damaged[place] = ~damaged[place]
            try Data(damaged).write(to: URL(fileURLWithPath: path))
            // Some bits of an archive mean nothing here, such as its entries' dates.
            _ = try? format.read(path)
        }
        #expect(throws: WeightFileError(path: "\(folder.path)/none", problem: "there is no such file")) {
            try format.read("\(folder.path)/none")
        }
    }

    /// Written out as the table of names says it, in plain loops: what a user of the files would write.
    @Test func `the tensors are the whole network`() throws {
        let folder = try TemporaryDirectory()
        let run = try trained(folder.path)
        let tensors = try run.tensors(at: .last)
        func tensor(_ name: String) throws -> Matrix<Float> {
            let tensor = try #require(tensors.first { $0.name == name }, "\(name)")
            return Matrix(
                rows: tensor.shape.count == 1 ? 1 : tensor.shape[0], columns: try #require(tensor.shape.last),
                elements: tensor.values)
        }
        let samples = run.split.test.samples(at: 0..<20)
        var halves = Halves(splitting: samples.images)
        func change(_ layer: String, of x: Matrix<Float>, isLinear: Bool) throws -> Matrix<Float> {
            var hidden = x.times(try tensor("blocks.\(layer).projection"))
            if !isLinear { hidden.withMutableElements { for index in 0..<$0.count { $0[index] = max($0[index], 0) } } }
            var change = hidden.timesTransposed(try tensor("blocks.\(layer).weight"))
            let bias = try tensor("blocks.\(layer).bias")
            for row in 0..<change.rows { for column in 0..<change.columns { change[row, column] += bias[0, column] } }
            return change
        }
        for block in 0..<2 {
            halves.first.add(try change("\(block).f", of: halves.second, isLinear: block == 0))
            halves.second.add(try change("\(block).g", of: halves.first, isLinear: block == 0))
        }
        var difference = halves.joined.times(try tensor("readout"))
        let network = try run.network(at: .last)
        let logits = network.logits(of: network.output(of: Halves(splitting: samples.images)))
        difference.add(logits, scale: -1)
        // The same sums of some 70 terms in another order, four times over.
        #expect(difference.norm <= 4 * 70 * 0x1p-24 * logits.norm)
        #expect(tensors.count == 4 * 3 + 1)
    }

    @Test(arguments: WeightFormat.allCases)
    func `a run that begins with a run's first weights ends as it did`(format: WeightFormat) throws {
        let folder = try TemporaryDirectory()
        let whole = try trained("\(folder.path)/whole", epochs: 3)
        let file = "\(folder.path)/start"
        try format.write(try whole.tensors(at: .start), to: file)
        try StoredRun.begin(whole.config, folder: "\(folder.path)/other", with: try format.read(file))
        let other = try trained("\(folder.path)/other", epochs: 3)
        #expect(try other.network(at: .last).parameters == whole.network(at: .last).parameters)
    }

    @Test func `a run begins with the weights it is given`() throws {
        let folder = try TemporaryDirectory()
        let first = try trained("\(folder.path)/first")
        let tensors = try first.tensors(at: .last)
        let frozenAside = tensors.filter { !$0.name.hasSuffix("projection") && $0.name != "readout" }
        let path = "\(folder.path)/second"
        try StoredRun.begin(first.config, folder: path, with: frozenAside)
        let second = try trained(path, epochs: 2)
        #expect(try second.network(at: .start).parameters == first.network(at: .last).parameters)
        #expect(try second.network(at: .last).parameters != first.network(at: .last).parameters)
        #expect(throws: StoredRun.ImportError.folderHoldsRun(path: path)) {
            try StoredRun.begin(first.config, folder: path, with: tensors)
        }
    }

    @Test func `weights that do not fit are refused by name`() throws {
        let folder = try TemporaryDirectory()
        let run = try trained("\(folder.path)/run")
        let tensors = try run.tensors(at: .last)
        func begin(_ tensors: [NamedTensor], seed: Int = 4) throws {
            var config = run.config
            config.seed = seed
            try StoredRun.begin(config, folder: "\(folder.path)/new", with: tensors)
        }
        #expect(throws: WeightsError.missing(name: "blocks.0.f.bias")) {
            try begin(tensors.filter { $0.name != "blocks.0.f.bias" })
        }
        #expect(throws: WeightsError.unknown(name: "blocks.2.f.bias")) {
            try begin(tensors + [NamedTensor(name: "blocks.2.f.bias", shape: [1], values: [1])])
        }
        var other = tensors
        other[0].shape.reverse()
        #expect(throws: WeightsError.wrongShape(name: "blocks.0.f.weight", expected: [32, 40], found: [40, 32])) {
            try begin(other)
        }
        other = tensors
        other[0].values[7] = .nan
        #expect(throws: WeightsError.notFinite(name: "blocks.0.f.weight")) { try begin(other) }
        #expect(throws: WeightsError.otherFrozen(name: "blocks.0.f.projection")) { try begin(tensors, seed: 5) }
    }

    @Test(.enabled("there is no Python with NumPy") { await Python.has("numpy") })
    func `NumPy reads the archive, and its own are read`() async throws {
        let folder = try TemporaryDirectory()
        let (ours, theirs) = ("\(folder.path)/ours.npz", "\(folder.path)/theirs.npz")
        try WeightFormat.npz.write(tensors, to: ours)
        let output = try await Python.run(
            """
            import sys, numpy
            arrays = dict(numpy.load(sys.argv[1]))
            assert all(a.dtype == numpy.float32 for a in arrays.values())
            for name, a in arrays.items(): print(name, a.shape, *[x.hex() for x in a.astype(float).ravel().tolist()])
            numpy.savez(sys.argv[2], **{name: a.astype(numpy.float64) for name, a in arrays.items()})
            numpy.savez_compressed(sys.argv[2] + "c", **arrays)
            """, [ours, theirs])
        #expect(output.hasPrefix("blocks.0.f.weight (2, 3) 0x1.0000000000000p+0 -0x1.4000000000000p+1"))
        #expect(output.hasSuffix("empty (0, 4)\n"))
        #expect(try WeightFormat.npz.read(theirs) == tensors)
        #expect(throws: WeightFileError.self) { try WeightFormat.npz.read(theirs + "c.npz") }
    }

    @Test(.enabled("there is no Python with safetensors") { await Python.has("numpy", "safetensors") })
    func `the safetensors package reads the file, and its own are read`() async throws {
        let folder = try TemporaryDirectory()
        let (ours, theirs) = ("\(folder.path)/ours.safetensors", "\(folder.path)/theirs.safetensors")
        try WeightFormat.safetensors.write(tensors, to: ours)
        let output = try await Python.run(
            """
            import sys, safetensors.numpy
            arrays = safetensors.numpy.load_file(sys.argv[1])
            for name, a in sorted(arrays.items()): print(name, a.dtype, a.shape, a.ravel().tolist())
            safetensors.numpy.save_file(arrays, sys.argv[2], metadata={"format": "np"})
            """, [ours, theirs])
        #expect(output.contains("blocks.0.f.weight float32 (2, 3) [1.0, -2.5, 3.0,"))
        #expect(
            try WeightFormat.safetensors.read(theirs).sorted { $0.name < $1.name }
                == tensors.sorted { $0.name < $1.name })
    }
}
