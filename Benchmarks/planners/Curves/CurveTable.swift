import Foundation

/// The best value so far after each epoch, by method, function and seed.
struct CurveTable {
    private var methods: [String] = []
    private var histories: [String: [String: [Int: [Double]]]] = [:]

    mutating func add(_ history: [Double], method: String, function: String, seed: Int) {
        if !methods.contains(method) { methods.append(method) }
        histories[method, default: [:]][function, default: [:]][seed] = history
    }

    // MARK: Files

    /// Adds a file with the columns method, function, seed, and then the epochs at which the best value changed, each
    /// followed by a colon and the value: `31:0.52`; the last field is the number of epochs.
    mutating func read(_ path: String, only functions: Set<String>) throws {
        for line in try String(contentsOfFile: path, encoding: .utf8).split(whereSeparator: \.isNewline).dropFirst() {
            let fields = line.split(separator: ",").map(String.init)
            guard fields.count >= 4, let seed = Int(fields[2]), let count = Int(fields.last ?? "") else {
                throw BenchError("\(path): cannot read '\(line.prefix(60))'")
            }
            var history = [Double](repeating: .infinity, count: count)
            for change in fields[3...].dropLast() {
                let parts = change.split(separator: ":")
                guard parts.count == 2, let epoch = Int(parts[0]), let value = Double(parts[1]), epoch < count else {
                    throw BenchError("\(path): cannot read '\(change)'")
                }
                for index in epoch..<count { history[index] = value }
            }
            if functions.contains(fields[1]) { add(history, method: fields[0], function: fields[1], seed: seed) }
        }
    }

    func write(_ path: String) throws {
        var text = "method,function,seed,changes\n"
        for method in methods {
            for (function, seeds) in (histories[method] ?? [:]).sorted(by: { $0.key < $1.key }) {
                for (seed, history) in seeds.sorted(by: { $0.key < $1.key }) {
                    let changes = history.indices.filter { $0 == 0 || history[$0] < history[$0 - 1] }
                        .filter { history[$0].isFinite }.map { "\($0):\(history[$0])" }
                    text += ([method, function, "\(seed)"] + changes + ["\(history.count)"]).joined(separator: ",")
                    text += "\n"
                }
            }
        }
        try text.write(toFile: path, atomically: true, encoding: .utf8)
    }

    // MARK: Report

    /// Markdown: the medians of the regret after a quarter, a half and all of the epochs, by how much the last one
    /// exceeds that of `reference` with the same seeds, and the median of the time to the median result of random
    /// search with ASHA.
    func report(functions: [CurveFunction], reference: String) -> String {
        var text = ""
        for function in functions {
            let name = function.name
            let target = median(results("random+asha", name).map { $0.last ?? .infinity })
            let length = histories.values.compactMap { $0[name]?.values.first?.count }.max() ?? 0
            let goal = short(target)
            text += "\n\(name): least \(function.optimum); random+asha ends with \(goal), the median\n\n"
            text += "| method | regret after \(length / 4) epochs | \(length / 2) | \(length) |"
            text += " times \(reference)'s [95 %] | epochs to \(goal) | within \(length) |\n"
            text += "|---|---|---|---|---|---|---|\n"
            for method in methods {
                let histories = results(method, name)
                if histories.isEmpty { continue }
                let regrets = [length / 4, length / 2, length].map { epoch in
                    short(median(histories.map { $0[min(epoch, $0.count) - 1] - function.optimum }))
                }
                let times = histories.map { history in
                    Double(history.firstIndex { $0 <= target }.map { $0 + 1 } ?? 2 * length)
                }
                let reached = times.count { $0 <= Double(length) }
                let time = median(times)
                text += "| \(method) | " + regrets.joined(separator: " | ")
                text += " | \(method == reference ? "" : ratio(method, reference, function))"
                text += " | \(time > Double(length) ? "more" : short(time)) | \(reached) of \(times.count) |\n"
            }
        }
        return text
    }

    /// The last regret over that of another method with the same seed, the geometric mean, with its interval by a
    /// bootstrap over the seeds: `1.31 [1.02, 1.70]`. Empty where no seed is the same.
    private func ratio(_ method: String, _ other: String, _ function: CurveFunction) -> String {
        func decades(_ history: [Double]) -> Double { log10(max((history.last ?? .infinity) - function.optimum, 1e-4)) }
        let others = histories[other]?[function.name] ?? [:]
        let differences = (histories[method]?[function.name] ?? [:]).sorted { $0.key < $1.key }
            .compactMap { seed, history in others[seed].map { decades(history) - decades($0) } }
        guard !differences.isEmpty, differences.allSatisfy(\.isFinite) else { return "" }
        let (mean, low, high) = bootstrap([differences])
        return String(format: "%.2f [%.2f, %.2f]", pow(10, mean), pow(10, low), pow(10, high))
    }

    private func results(_ method: String, _ function: String) -> [[Double]] {
        (histories[method]?[function] ?? [:]).sorted { $0.key < $1.key }.map(\.value)
    }
}
