import Foundation

/// What is missing of the best front's volume after some numbers of trials, by method, function and seed: see
/// ``VectorFunction/gap(of:)``.
struct VolumeTable {
    static let checkpoints = [20, 40, 60, 100]

    /// The methods in the order in which they were added.
    private(set) var methods: [String] = []
    private var gaps: [String: [String: [Int: [Double]]]] = [:]

    private static let columns = ["method", "function", "seed"] + checkpoints.map { "t\($0)" }

    /// - Parameter values: one for each checkpoint.
    mutating func add(_ values: [Double], method: String, function: String, seed: Int) {
        if !methods.contains(method) { methods.append(method) }
        gaps[method, default: [:]][function, default: [:]][seed] = values
    }

    // MARK: Files

    /// Adds a file with the columns method, function, seed, t20, t40, t60 and t100, in this order.
    mutating func read(_ path: String, only functions: Set<String>) throws {
        let lines = try String(contentsOfFile: path, encoding: .utf8).split(whereSeparator: \.isNewline)
        guard lines.first == Self.columns.joined(separator: ",")[...] else {
            throw BenchError("\(path) has other columns than \(Self.columns)")
        }
        for line in lines.dropFirst() {
            let fields = line.split(separator: ",").map(String.init)
            let values = fields.dropFirst(3).compactMap(Double.init)
            guard fields.count == Self.columns.count, values.count == Self.checkpoints.count, let seed = Int(fields[2])
            else { throw BenchError("\(path): cannot read '\(line.prefix(60))'") }
            if functions.contains(fields[1]) { add(values, method: fields[0], function: fields[1], seed: seed) }
        }
    }

    func write(_ path: String) throws {
        var text = Self.columns.joined(separator: ",") + "\n"
        for method in methods {
            for (function, seeds) in (gaps[method] ?? [:]).sorted(by: { $0.key < $1.key }) {
                for (seed, values) in seeds.sorted(by: { $0.key < $1.key }) {
                    text += "\(method),\(function),\(seed),"
                    text += values.map { String(format: "%.6g", $0) }.joined(separator: ",") + "\n"
                }
            }
        }
        try text.write(toFile: path, atomically: true, encoding: .utf8)
    }

    // MARK: Report

    func values(_ method: String, _ function: String, at checkpoint: Int) -> [Double] {
        (gaps[method]?[function] ?? [:]).sorted { $0.key < $1.key }.map { $0.value[checkpoint] }
    }

    /// By how much a method misses more than another one with the same seeds, in orders of magnitude.
    private func differences(_ method: String, _ other: String, _ function: String, at checkpoint: Int) -> [Double] {
        let others = gaps[other]?[function] ?? [:]
        return (gaps[method]?[function] ?? [:]).sorted { $0.key < $1.key }.compactMap { seed, values in
            others[seed].map { values[checkpoint] - $0[checkpoint] }
        }
    }

    /// Markdown: the medians of every function, then means over all functions with the differences from `reference`.
    func report(functions: [String], reference: String) -> String {
        let methods = methods.filter { method in functions.allSatisfy { gaps[method]?[$0] != nil } }
        var text = ""
        for (index, checkpoint) in Self.checkpoints.enumerated() {
            text += "\nWhat is missing after \(checkpoint) trials, log10 of the share of the volume: medians\n\n"
            text += "| function |" + methods.map { " \($0) |" }.joined() + "\n|---|"
            text += methods.map { _ in "---|" }.joined() + "\n"
            for function in functions {
                let medians = methods.map { median(values($0, function, at: index)) }
                let best = medians.min() ?? 0
                text += "| \(function) |"
                text += medians.map { $0 <= best ? " **\(rounded($0))** |" : " \(rounded($0)) |" }.joined() + "\n"
            }
        }
        text += "\nMeans over all functions, and by how much they exceed those of \(reference) with the same seeds\n\n"
        text += "| method |" + Self.checkpoints.map { " at \($0) |" }.joined()
        text += " wins, ties, losses at \(Self.checkpoints.last ?? 0) | which |\n|---|"
        text += Self.checkpoints.map { _ in "---|" }.joined() + "---|---|\n"
        for method in methods {
            text += "| \(method) |"
            text += Self.checkpoints.indices.map { " \(summary(method, functions, reference, at: $0)) |" }.joined()
            text += verdict(method, functions, reference) + "\n"
        }
        return text
    }

    /// `-1.42, +0.11 [0.03, 0.19]`: the mean, the difference, and its interval by a bootstrap over the seeds.
    private func summary(_ method: String, _ functions: [String], _ reference: String, at checkpoint: Int) -> String {
        let own = rounded(mean(functions.map { mean(values(method, $0, at: checkpoint)) }))
        let differences = functions.map { self.differences(method, reference, $0, at: checkpoint) }
        guard method != reference, differences.allSatisfy({ !$0.isEmpty }) else { return own }
        let more = bootstrap(differences)
        return "\(own), \(more.mean < 0 ? "" : "+")\(rounded(more.mean)) [\(rounded(more.low)), \(rounded(more.high))]"
    }

    /// As ``ResultTable`` has it: two-sided at the level 0.05, adjusted for the number of functions.
    private func verdict(_ method: String, _ functions: [String], _ reference: String) -> String {
        guard method != reference, functions.allSatisfy({ gaps[reference]?[$0] != nil }) else { return " | |" }
        let last = Self.checkpoints.count - 1
        let tests = functions.map { mannWhitney(values(method, $0, at: last), values(reference, $0, at: last)) }
        let adjusted = holm(tests.map(\.p))
        let signs = zip(adjusted, tests).map { $0 > 0.05 ? "=" : $1.superiority > 0.5 ? "+" : "−" }
        let counts = ["+", "=", "−"].map { sign in String(signs.count { $0 == sign }) }.joined(separator: ", ")
        return " \(counts) | " + zip(functions, signs).filter { $1 != "=" }.map(+).joined(separator: " ") + " |"
    }
}

private func rounded(_ number: Double) -> String { String(format: "%.2f", number) }
