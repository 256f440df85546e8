import Foundation
import SweepExecution
import SweepFile
import SweepModel

/// What of this machine each of the trials that run at once has for itself.
///
/// With `resources: {parallel: 2, threads: 2, affinity: true, gpus: 1}` on a machine with 4 cores and 2 GPUs:
///
///     let slots = try TrialSlots(sweep, cores: [0, 1, 2, 3], gpus: ["0", "1"]).slots
///     // slots[0]: cores [0, 1], gpus ["0"]; slots[1]: cores [2, 3], gpus ["1"]
public struct TrialSlots: Sendable, Hashable {
    /// The share of one of the trials that run at once; it goes to the next trial when that one ends.
    public struct Slot: Sendable, Hashable {
        /// The cores it keeps to; nil for all.
        public var cores: [Int]?
        /// As `CUDA_VISIBLE_DEVICES` names them; nil where none are assigned.
        public var gpus: [String]?
    }

    /// One for each trial that may run at once; not empty.
    public let slots: [Slot]

    /// Deals out cores and GPUs.
    ///
    /// - Parameters:
    ///   - cores: those that this process may use.
    ///   - gpus: those of this machine, or those that this process was given.
    /// - Throws: `SweepRunError.tooLittle` if there are not enough for what the sweep asks for.
    public init(_ sweep: Sweep, cores: [Int], gpus: [String]) throws(SweepRunError) {
        let resources = sweep.resources
        var parallel = resources.parallel(onCores: max(1, cores.count))
        // On a cluster it is the launcher that deals out.
        guard sweep.launcher == nil else {
            slots = Array(repeating: Slot(), count: parallel)
            return
        }
        if let most = resources.gpus.trials(on: gpus.count) {
            if resources.parallel == nil { parallel = min(parallel, max(1, most)) }
            guard parallel <= most else { throw .tooLittle(Self.lack(resources.gpus, parallel, gpus.count)) }
        }
        if resources.affinity, parallel * resources.threads > cores.count {
            throw .tooLittle(
                "\(parallel) trials with \(resources.threads) cores of their own need "
                    + "\(parallel * resources.threads), and there are \(cores.count)")
        }
        slots = (0..<parallel).map { slot in
            func share<Element>(of all: [Element], _ count: Int) -> [Element] {
                Array(all[(slot * count)..<((slot + 1) * count)])
            }
            return Slot(
                cores: resources.affinity ? share(of: cores, resources.threads) : nil,
                gpus: Self.gpus(resources.gpus, of: gpus, slot: slot))
        }
    }

    /// Trials that share GPUs are spread over all of them: the first of each is used before the second of any.
    private static func gpus(_ each: GPUs, of all: [String], slot: Int) -> [String]? {
        switch each {
        case .whole(0): nil
        case .whole(let count): Array(all[(slot * count)..<((slot + 1) * count)])
        case .shared: [all[slot % all.count]]
        }
    }

    /// The words for GPUs that do not suffice: `2 trials with 1 GPU each need 2, and there is 1`.
    private static func lack(_ each: GPUs, _ parallel: Int, _ count: Int) -> String {
        let trials = parallel == 1 ? "1 trial" : "\(parallel) trials"
        let there = count == 1 ? "there is 1" : "there are \(count)"
        return switch each {
        case .whole(let gpus):
            "\(trials) with \(gpus) GPU\(gpus == 1 ? "" : "s") each need\(parallel == 1 ? "s" : "") "
                + "\(parallel * gpus), and \(there)"
        case .shared(let sharers):
            "\(trials) with \(each) of a GPU each need\(parallel == 1 ? "s" : "") "
                + "\((parallel + sharers - 1) / sharers), and \(there)"
        }
    }
}

/// What this machine has, as far as this process may use it.
public enum Machine {
    /// The numbers of the cores.
    ///
    /// As the kernel lists them for this process, so that a limit by `taskset` or a container's set of cores counts.
    /// Where `/proc` does not say it, the first numbers, as many as Foundation counts.
    public static var cores: [Int] {
        let status = (try? String(contentsOfFile: "/proc/self/status", encoding: .utf8)) ?? ""
        let list =
            status.split(separator: "\n").first { $0.hasPrefix("Cpus_allowed_list:") }?
            .split(separator: ":").last.map(String.init) ?? ""
        let cores = numbers(list.trimmingCharacters(in: .whitespaces))
        return cores.isEmpty ? Array(0..<ProcessInfo.processInfo.activeProcessorCount) : cores
    }

    /// The GPUs, as CUDA's variable names them.
    ///
    /// If the variable is set it decides, also when it is empty: then there are none. Otherwise the cards that NVIDIA's
    /// driver lists are numbered from 0.
    public static var gpus: [String] {
        if let given = ProcessInfo.processInfo.environment["CUDA_VISIBLE_DEVICES"] {
            return given.split(separator: ",").map { $0.trimmingCharacters(in: .whitespaces) }.filter { $0 != "-1" }
        }
        let cards = (try? FileManager.default.contentsOfDirectory(atPath: "/proc/driver/nvidia/gpus")) ?? []
        return cards.indices.map(String.init)
    }

    /// The numbers that a list in the kernel's form stands for; a part that is not a number or a range is left out.
    ///
    ///     Machine.numbers("0-3,6")      // [0, 1, 2, 3, 6]
    static func numbers(_ list: String) -> [Int] {
        list.split(separator: ",").flatMap { part -> [Int] in
            let ends = part.split(separator: "-").compactMap { Int($0) }
            guard let first = ends.first, let last = ends.last, first <= last else { return [] }
            return Array(first...last)
        }
    }
}
