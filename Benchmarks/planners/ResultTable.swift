import Foundation

/// Regrets after some numbers of trials, by method, function and seed.
struct ResultTable {
    static let checkpoints = [25, 50, 100]

    /// The methods in the order in which they were added.
    private(set) var methods: [String] = []
    private var regrets: [String: [String: [Int: [Double]]]] = [:]

    mutating func add(_ curve: Curve) {
        let values = Self.checkpoints.map { curve.regrets[min($0, curve.regrets.count) - 1] }
        add(values, method: curve.method, function: curve.function, seed: curve.seed)
    }

    private mutating func add(_ values: [Double], method: String, function: String, seed: Int) {
        if !methods.contains(method) { methods.append(method) }
        regrets[method, default: [:]][function, default: [:]][seed] = values
    }

    /// Adds a file with the columns method, function, seed, t25, t50 and t100, and maybe more.
    mutating func read(_ path: String, only functions: Set<String>) throws {
        let lines = try String(contentsOfFile: path, encoding: .utf8).split(whereSeparator: \.isNewline)
        let header = (lines.first ?? "").split(separator: ",", omittingEmptySubsequences: false).map(String.init)
        let wanted = ["method", "function", "seed"] + Self.checkpoints.map { "t\($0)" }
        let columns = wanted.compactMap(header.firstIndex(of:))
        guard columns.count == wanted.count else { throw BenchError("\(path) lacks a column of \(wanted)") }
        for line in lines.dropFirst() {
            let fields = line.split(separator: ",", omittingEmptySubsequences: false).map(String.init)
            let cells = columns.map { $0 < fields.count ? fields[$0] : "" }
            let values = cells[3...].compactMap(Double.init)
            guard let seed = Int(cells[2]), values.count == Self.checkpoints.count else {
                throw BenchError("\(path): cannot read '\(line.prefix(60))'")
            }
            if functions.contains(cells[1]) { add(values, method: cells[0], function: cells[1], seed: seed) }
        }
    }

    func write(_ path: String) throws {
        var text = "method,function,seed," + Self.checkpoints.map { "t\($0)" }.joined(separator: ",") + "\n"
        for method in methods {
            for (function, seeds) in (regrets[method] ?? [:]).sorted(by: { $0.key < $1.key }) {
                for (seed, values) in seeds.sorted(by: { $0.key < $1.key }) {
                    text += "\(method),\(function),\(seed),"
                    text += values.map { String(format: "%.6g", $0) }.joined(separator: ",") + "\n"
                }
            }
        }
        try text.write(toFile: path, atomically: true, encoding: .utf8)
    }

    func values(_ method: String, _ function: String, at checkpoint: Int) -> [Double] {
        (regrets[method]?[function] ?? [:]).sorted { $0.key < $1.key }.map { $0.value[checkpoint] }
    }

    /// Markdown: medians, ranks of the medians, and tests against `reference`.
    func report(functions: [String], reference: String) -> String {
        let methods = methods.filter { method in functions.allSatisfy { regrets[method]?[$0] != nil } }
        var text = ""
        var meanRanks = [[Double]]()
        for (index, checkpoint) in Self.checkpoints.enumerated() {
            let medians = functions.map { function in methods.map { median(values($0, function, at: index)) } }
            text += "\nMedian regret after \(checkpoint) trials\n\n| function |" + methods.map { " \($0) |" }.joined()
            text += "\n|---|" + methods.map { _ in "---|" }.joined() + "\n"
            for (function, row) in zip(functions, medians) {
                let best = row.min() ?? 0
                text += "| \(function) |"
                text += row.map { $0 <= best ? " **\(short($0))** |" : " \(short($0)) |" }.joined() + "\n"
            }
            let ranked = medians.map(ranks)
            meanRanks.append(
                methods.indices.map { method in
                    ranked.map { $0[method] }.reduce(0, +) / Double(max(1, functions.count))
                })
        }
        text += "\n| mean rank of the medians |" + Self.checkpoints.map { " at \($0) |" }.joined()
        text += " wins, ties, losses against \(reference) at \(Self.checkpoints.last ?? 0) | which |\n"
        text += "|---|" + Self.checkpoints.map { _ in "---|" }.joined() + "---|---|\n"
        for index in methods.indices.sorted(by: { (meanRanks.last?[$0] ?? 0) < (meanRanks.last?[$1] ?? 0) }) {
            text += "| \(methods[index]) |" + meanRanks.map { String(format: " %.2f |", $0[index]) }.joined()
            text += verdict(methods[index], functions, reference) + "\n"
        }
        return text
    }

    /// Two-sided at the level 0.05, adjusted for the number of functions.
    private func verdict(_ method: String, _ functions: [String], _ reference: String) -> String {
        guard method != reference, regrets[reference] != nil else { return " | |" }
        let last = Self.checkpoints.count - 1
        let tests = functions.map { mannWhitney(values(method, $0, at: last), values(reference, $0, at: last)) }
        let adjusted = holm(tests.map(\.p))
        let signs = zip(adjusted, tests).map { $0 > 0.05 ? "=" : $1.superiority > 0.5 ? "+" : "−" }
        let counts = ["+", "=", "−"].map { sign in String(signs.count { $0 == sign }) }.joined(separator: ", ")
        return " \(counts) | " + zip(functions, signs).filter { $1 != "=" }.map(+).joined(separator: " ") + " |"
    }
}

func short(_ number: Double) -> String { String(format: "%.3g", number) }

struct BenchError: Error, CustomStringConvertible {
    let description: String
    init(_ description: String) { self.description = description }
}
