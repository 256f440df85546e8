import Foundation
import SweepExecution
import SweepFile

/// What of this machine each of the trials that run at once has for itself.
public struct TrialSlots: Sendable, Hashable {
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
        if resources.gpus > 0 {
            let most = gpus.count / resources.gpus
            if resources.parallel == nil { parallel = min(parallel, max(1, most)) }
            guard parallel <= most else {
                throw .tooLittle(
                    "\(parallel) trials with \(resources.gpus) GPUs each need \(parallel * resources.gpus), and there "
                        + (gpus.count == 1 ? "is 1" : "are \(gpus.count)"))
            }
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
                gpus: resources.gpus > 0 ? share(of: gpus, resources.gpus) : nil)
        }
    }
}

/// What this machine has, as far as this process may use it.
public enum Machine {
    /// The numbers of the cores.
    public static var cores: [Int] {
        let status = (try? String(contentsOfFile: "/proc/self/status", encoding: .utf8)) ?? ""
        let list =
            status.split(separator: "\n").first { $0.hasPrefix("Cpus_allowed_list:") }?
            .split(separator: ":").last.map(String.init) ?? ""
        let cores = numbers(list.trimmingCharacters(in: .whitespaces))
        return cores.isEmpty ? Array(0..<ProcessInfo.processInfo.activeProcessorCount) : cores
    }

    /// The GPUs, as CUDA's variable names them.
    public static var gpus: [String] {
        if let given = ProcessInfo.processInfo.environment["CUDA_VISIBLE_DEVICES"] {
            return given.split(separator: ",").map { $0.trimmingCharacters(in: .whitespaces) }.filter { $0 != "-1" }
        }
        let cards = (try? FileManager.default.contentsOfDirectory(atPath: "/proc/driver/nvidia/gpus")) ?? []
        return cards.indices.map(String.init)
    }

    /// Reads `0-3,6`.
    static func numbers(_ list: String) -> [Int] {
        list.split(separator: ",").flatMap { part -> [Int] in
            let ends = part.split(separator: "-").compactMap { Int($0) }
            guard let first = ends.first, let last = ends.last, first <= last else { return [] }
            return Array(first...last)
        }
    }
}
