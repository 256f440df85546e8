import ArgumentParser
import Foundation

struct LossCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "loss", abstract: "Compares the regrets of one worker with those of many, method by method.")

    @Option(help: "Files of regrets with one worker.") var one: [String]
    @Option(help: "Files of regrets with many workers.") var many: [String]

    func run() throws {
        var alone = ResultTable()
        var crowded = ResultTable()
        let functions = BenchFunction.all.filter { $0.group == .suite }.map(\.name)
        for path in one { try alone.read(path, only: Set(functions)) }
        for path in many { try crowded.read(path, only: Set(functions)) }
        let last = ResultTable.checkpoints.count - 1
        let methods = crowded.methods.filter(alone.methods.contains)
        print("| function |" + methods.map { " \($0), 1 worker | 8 workers |" }.joined())
        print("|---|" + methods.map { _ in "---|---|" }.joined())
        var ratios = methods.map { _ in [Double]() }
        for function in functions {
            var row = "| \(function) |"
            for (index, method) in methods.enumerated() {
                let medians = [alone, crowded].map { median($0.values(method, function, at: last)) }
                row += " \(short(medians[0])) | \(short(medians[1])) |"
                // Where both are 0 nothing is lost.
                ratios[index].append(log10(max(medians[1], 1e-9) / max(medians[0], 1e-9)))
            }
            print(row)
        }
        print("\nOrders of magnitude of the median regret that are lost, the mean over the functions: ", terminator: "")
        let means = zip(methods, ratios).map { method, ratios in
            "\(method) \(String(format: "%.2f", ratios.reduce(0, +) / Double(max(1, ratios.count))))"
        }
        print(means.joined(separator: ", ") + ".")
    }
}
