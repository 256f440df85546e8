import ConfigFile
import Datasets
import Foundation
import LinearAlgebra
import RepresentationAnalysis
import ReversibleCore
import TestSupport
import Testing
import Training

/// The tables of analyses, of small runs that are made once.
@Suite struct AnalysisTests {
    private final class Runs: Sendable {
        private let directory: TemporaryDirectory
        let folders: [String]

        init() throws {
            let directory = try TemporaryDirectory()
            let path = directory.path
            self.directory = directory
            folders = try [("sgd", 1), ("sgd", 2), ("gauss_newton", 1)].map { optimizer, seed in
                let yaml = """
                    seed: \(seed)
                    data: {batch_size: 400}
                    model: {blocks: 2, hidden: 20}
                    optimizer: {name: \(optimizer)}
                    training: {epochs: 3}
                    output: {keep_last: all}
                    """
                // As a sweep leaves them.
                let folder = "\(path)/sweep/trials/\(optimizer)-\(seed)"
                let config = try TrainingConfig(ConfigDocument(parsing: SourceFile(path: "c.yaml", text: yaml)))
                var run = try TrainingRun(config, folder: folder)
                _ = try run.run(observe: { _ in })
                return folder
            }
        }

        var path: String { directory.path }
    }

    private static let runs = Result { try Runs() }
    private let runs: Runs
    private let stored: [StoredRun]

    init() throws {
        runs = try Self.runs.get()
        stored = try StoredRun.find(at: runs.folders)
    }

    private func column(_ name: String, of table: ResultTable) throws -> [ResultTable.Cell] {
        let index = try #require(table.columns.firstIndex(of: name), "\(name)")
        return table.rows.map { $0[index] }
    }

    private func numbers(_ name: String, of table: ResultTable) throws -> [Double] {
        try column(name, of: table).map { if case .number(let number) = $0 { number } else { .nan } }
    }

    @Test func `runs are found by their folders, their parent's and their sweep's`() throws {
        let names = Set(runs.folders)
        #expect(Set(try StoredRun.find(at: ["\(runs.path)/sweep"]).map(\.path)) == names)
        #expect(Set(try StoredRun.find(at: ["\(runs.path)/sweep/trials"]).map(\.path)) == names)
        #expect(throws: StoredRun.SearchError.self) { try StoredRun.find(at: [runs.path]) }
    }

    @Test(arguments: AlignmentAnalysis.Kernel.allCases, [nil, 50])
    func `alignment is between 0 and 1, and lower at the end than at the start`(
        kernel: AlignmentAnalysis.Kernel, batch: Int?
    ) throws {
        let analysis = AlignmentAnalysis(split: .validation, samples: 200, kernel: kernel, batch: batch)
        let table = try analysis.alongRuns(stored)
        #expect(table.columns == ["run", "setup", "optimizer", "seed", "epoch", "block", "cka"])
        #expect(try column("setup", of: table).first == .text("optimizer.name=sgd"))
        let values = try numbers("cka", of: table)
        #expect(values.count == 6 && values.allSatisfy { $0 > 0.2 && $0 < 0.9999 })
        let same = try numbers("cka", of: try analysis.amongRuns([stored[0], stored[0]]))
        #expect(same.count == 2 && same.allSatisfy { abs($0 - 1) < 1e-9 })
        #expect(try analysis.amongRuns(stored).rows.count == 3 * 2)
    }

    /// Of the 1,437 training images of digits 0.002 are 3.
    @Test(arguments: [nil, 4, 50])
    func `a split of too few samples is refused by its name`(batch: Int?) throws {
        let folder = try TemporaryDirectory()
        let yaml = "data: {batch_size: 800, validation: 0.002}\nmodel: {hidden: 20}\ntraining: {epochs: 1}"
        var run = try TrainingRun(
            TrainingConfig(ConfigDocument(parsing: SourceFile(path: "c.yaml", text: yaml))), folder: folder.path)
        _ = try run.run(observe: { _ in })
        let few = [try StoredRun(readingFrom: folder.path)]
        func analysis(_ split: SplitName) -> AlignmentAnalysis {
            AlignmentAnalysis(split: split, samples: 20, kernel: .linear, batch: batch)
        }
        let error = #expect(throws: AlignmentAnalysis.TooFewSamples.self) {
            try analysis(.validation).alongRuns(few)
        }
        #expect(
            error?.description == """
                \(folder.path) has 3 validation samples, where a comparison takes at least 4
                  = help: --split takes others: train, validation or test
                """)
        #expect(throws: AlignmentAnalysis.TooFewSamples.self) { try analysis(.validation).amongRuns(few + few) }
        // The others are enough, also where they do not fill a batch.
        for split in [SplitName.train, .test] {
            let values = try numbers("cka", of: analysis(split).alongRuns(few))
            #expect(values.count == 2 && values.allSatisfy(\.isFinite), "\(split)")
        }
    }

    @Test func `the tangent kernel goes away from the start, and probes see it as the exact value does`() throws {
        func table(_ probes: Int?) throws -> ResultTable {
            try TangentAnalysis(split: .train, samples: 16, output: .logits, probes: probes, seed: 3).alongRuns(stored)
        }
        let (exact, estimated) = (try table(nil), try table(200))
        #expect(try column("epoch", of: exact) == [1, 2, 3, 1, 2, 3, 1, 2, 3].map { .integer($0) })
        #expect(try column("standard_error", of: exact).allSatisfy { $0 == .missing })
        let (values, estimates) = (
            try numbers("ntk_similarity", of: exact), try numbers("ntk_similarity", of: estimated)
        )
        let errors = try numbers("standard_error", of: estimated)
        for index in values.indices {
            #expect(values[index] < 1 && (index % 3 == 0 || values[index] < values[index - 1]), "\(index)")
            // 5 standard errors, which among nine values chance exceeds once in 190,000 seeds.
            #expect(abs(values[index] - estimates[index]) < 5 * errors[index], "\(index)")
        }
    }

    @Test func `weight changes are listed layer by layer`() throws {
        let table = try WeightAnalysis.alongRuns(stored)
        #expect(table.rows.count == 3 * 10)
        let layers = try column("layer", of: table).prefix(10)
        #expect(layers.first == .text("0.f.weight") && layers.last == .text("all"))
        // Biases begin at 0: they have no relative change.
        #expect(try column("relative_change", of: table)[1] == .missing)
    }

    @Test func `curves are the means over seeds`() throws {
        let table = CurveAnalysis().overSeeds(stored)
        #expect(try column("runs", of: table) == [2, 2, 2, 1, 1, 1].map { .integer($0) })
        #expect(try column("optimizer", of: table).last == .text("gauss_newton"))
        let losses = stored.map { run in run.epochs.compactMap { $0["val_loss"] } }
        let (mean, spread) = (try numbers("val_loss_mean", of: table), try numbers("val_loss_std", of: table))
        for epoch in 0..<3 {
            #expect(mean[epoch] == (losses[0][epoch] + losses[1][epoch]) / 2)
            // Of two numbers the standard deviation is their difference over √2.
            let difference = abs(losses[0][epoch] - losses[1][epoch])
            #expect(abs(spread[epoch] - difference / 2.0.squareRoot()) < 1e-12)
            #expect(mean[epoch + 3] == losses[2][epoch])
        }
        #expect(try column("val_loss_std", of: table)[3] == .missing)
        #expect(try column("setup", of: table)[0] == .text("optimizer.name=sgd"))
    }

    @Test func `curves are of the metrics and the epochs that are asked for`() throws {
        let table = CurveAnalysis(metrics: ["seconds", "val_loss", "none"], every: 2).overSeeds([stored[2]])
        #expect(table.columns.dropFirst(4) == ["seconds_mean", "seconds_std", "val_loss_mean", "val_loss_std"])
        #expect(try column("epoch", of: table) == [2, 3].map { .integer($0) })
        // The spread over a single run is in no column that a person reads, nor is what tells one set-up from itself.
        let heading = try #require(table.text.split(separator: "\n").first)
        #expect(heading.split(separator: " ") == ["optimizer", "runs", "epoch", "seconds_mean", "val_loss_mean"])
    }

    @Test func `a table is the same for programs and people`() throws {
        let table = CurveAnalysis().overSeeds([stored[2]])
        let lines = table.csv.split(separator: "\n")
        #expect(lines.count == 4 && lines[0].hasPrefix("setup,optimizer,runs,epoch,train_loss_mean,train_loss_std,"))
        #expect(lines[1].hasPrefix(",gauss_newton,1,1,"))
        let objects = try JSONSerialization.jsonObject(with: Data(table.json.utf8)) as? [[String: Any]]
        #expect(objects?.count == 3 && objects?[2]["epoch"] as? Int == 3 && objects?[0]["val_loss_std"] is NSNull)
        #expect(table.text.split(separator: "\n").count == 4)
    }
}
