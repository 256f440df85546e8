import Foundation

/// What `revsweep confirm` has left beside a sweep: the file `confirmed.json`, read again.
///
///     let confirmed = ConfirmedBest(inSweepAt: "results/digits")
///     confirmed?.order                // [17, 23, 8]: of these trials number 17 is best with fresh seeds
public struct ConfirmedBest: Sendable, Hashable, Decodable {
    /// The name of the file in the sweep's folder.
    public static let fileName = "confirmed.json"

    /// What is read of one configuration.
    struct Configuration: Sendable, Hashable, Decodable {
        var trial: Int
        var trials: [Int]
        var count: Int
        var mean: Double?
        var low: Double?
        var high: Double?
        /// Nil where the sweep has no bounds.
        var beyondBounds: Int?

        private enum CodingKeys: String, CodingKey {
            case trial, trials, count, mean, low, high
            case beyondBounds = "beyond_bounds"
        }
    }

    private var configurations: [Configuration]
    private var best: Int

    /// - Returns: nil if nothing was confirmed, or if the file cannot be read: it only repeats what is in the database
    ///   of the other sweep.
    public init?(inSweepAt directory: String) {
        guard let data = FileManager.default.contents(atPath: "\(directory)/\(Self.fileName)"),
            let read = try? JSONDecoder().decode(Self.self, from: data), read.configurations.first?.trial == read.best
        else { return nil }
        self = read
    }

    /// The numbers of the trials whose configurations were run again and have a result, the best first.
    public var order: [Int] { configurations.filter { $0.mean != nil }.map(\.trial) }

    /// Whether the best trial of the sweep is one of those that were run again; after that, the sweep may have gone on.
    public func covers(best trial: Int) -> Bool { configurations.contains { $0.trials.contains(trial) } }

    /// What the seeds have shown of a trial's configuration: `0.97222 (0.968 to 0.97644) with 10 fresh seeds`; nil if
    /// it was not run again.
    public func words(of trial: Int) -> String? {
        guard let found = result(of: trial), let mean = found.mean else { return nil }
        let interval = found.low.flatMap { low in
            found.high.map { " (\(HumanText.number(low)) to \(HumanText.number($0)))" }
        }
        let beyond = HumanText.beyondBound(found.beyondBounds ?? 0, of: found.count).map { ", \($0)" } ?? ""
        return "\(HumanText.number(mean))\(interval ?? "") with \(HumanText.count(found.count, "fresh seed"))\(beyond)"
    }

    func result(of trial: Int) -> Configuration? { configurations.first { $0.trial == trial } }
}
