import Foundation
import RandomStreams
import SweepFile
import SweepModel
import SweepSearch
import SweepStore

/// How the best configurations of a sweep are run again: which, and with how many fresh seeds.
///
///     let plan = ConfirmationPlan(
///         of: file, record: record, in: "/home/ada/results/digits", candidates: best, seeds: 10,
///         seedParameter: "seed")
///     let sweep = try await plan.opening(cores: 8, at: Date())      // /home/ada/results/digits-confirm
public struct ConfirmationPlan: Sendable {
    /// The file of the sweep whose configurations these are, and what its database says.
    private let file: SweepFile
    private let record: SweepRecord
    private let candidates: [Candidate]
    private let seedParameter: String?
    /// What each of the configurations is run with, the same for all of them.
    public let seeds: [UInt64]
    /// The folder of the sweep in which they are run; it may not exist yet.
    public let directory: String
    /// The name of that sweep.
    public let name: String

    /// - Parameters:
    ///   - directory: the folder of the sweep whose configurations these are, absolute.
    ///   - count: of the seeds.
    ///   - seedParameter: the parameter, or the path in the base configuration, that is the trainer's seed; nil if the
    ///     trainer has it from `{seed}` or `REVSWEEP_SEED` alone.
    public init(
        of file: SweepFile, record: SweepRecord, in directory: String, candidates: [Candidate], seeds count: Int,
        seedParameter: String?
    ) {
        self.file = file
        self.record = record
        self.candidates = candidates
        self.seedParameter = seedParameter
        var seeds: [UInt64] = []
        var index: UInt64 = 0
        while seeds.count < count {
            var random = RandomStream(seed: file.sweep.sampler.seed, stream: .confirmationSeed, index)
            let seed = random.next() >> 33
            if !seeds.contains(seed) { seeds.append(seed) }
            index += 1
        }
        self.seeds = seeds
        let folder = URL(fileURLWithPath: directory)
        // The name of the sweep is the name of its folder, which may be 100 letters long.
        name = "\(folder.lastPathComponent.prefix(92))-confirm"
        self.directory = folder.deletingLastPathComponent().appendingPathComponent(name).path
    }

    /// Opens the sweep in which the configurations are run, and enqueues what has no result there yet: first all
    /// configurations with the first seed, then all with the second, so that an interrupted one has as many of each.
    ///
    /// - Throws: `OpenSweepError`, `DiagnosticsError`, or what the store throws.
    public func opening(cores: Int, at time: Date, _ heldUp: HeldUp = HeldUp()) async throws -> OpenSweep {
        var (planned, known): (Int, Set<Run>) = (0, [])
        if SweepStore.exists(in: directory) {
            let store = try SweepStore(readingSweepIn: directory)
            let queued = try store.queued()
            planned = try store.trialCount() + queued.count
            // What failed is tried again: the fault may have been the machine's.
            known.formUnion(
                try store.trials().filter { $0.state != .failed }.map { run($0.parameters, seed: $0.seed) })
            known.formUnion(queued.compactMap { entry in entry.seed.map { run(entry.parameters, seed: $0) } })
        }
        let missing = try runs().filter { !known.contains($0) }
        let sweep = try await OpenSweep.starting(
            try confirming(trials: planned + missing.count),
            below: URL(fileURLWithPath: directory).deletingLastPathComponent().path, cores: cores,
            program: record.program, at: time, heldUp)
        do {
            try SweepStore.enqueue(
                missing.map { ($0.parameters, $0.seed) }, in: sweep.directory, at: time)
        } catch {
            sweep.lock.release()
            throw error
        }
        return sweep
    }

    /// Whether the folder has another sweep in it, which only happens to have this name.
    ///
    /// - Throws: `SweepStoreError`.
    public func isTaken() throws -> Bool {
        guard SweepStore.exists(in: directory) else { return false }
        return try !SweepStore(readingSweepIn: directory).sweep().file.text.hasPrefix("# \(Self.comment)")
    }

    /// How the files of all such sweeps begin.
    private static let comment = "The best configurations of the sweep '"

    /// One trial of the new sweep, its values as trials show them.
    private struct Run: Hashable {
        var parameters: Assignment
        var seed: UInt64
    }

    private func run(_ parameters: Assignment, seed: UInt64) -> Run {
        Run(parameters: parameters.mapValues { file.sweep.written.shown($1, of: $0) }, seed: seed)
    }

    private func confirming(trials: Int) throws -> SweepFile {
        try file.confirming(
            as: name, trials: trials, seedParameter: seedParameter,
            comment: "\(Self.comment)\(record.name)' with fresh seeds, by revsweep confirm.")
    }

    /// All trials that there are to be, in their order.
    ///
    /// - Throws: `AssignmentError` if the values of a configuration are not legal in the sweep's file as it is now.
    private func runs() throws -> [Run] {
        let space = try confirming(trials: 1).sweep.space
        return try seeds.flatMap { seed in
            try candidates.map { candidate in
                var values = candidate.parameters.valuesByName
                if let seedParameter { values[seedParameter] = .integer(Int(seed)) }
                return run(try space.adopting(values), seed: seed)
            }
        }
    }
}
