import ArgumentParser
import Foundation

struct LossCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "loss", abstract: "Compares the regrets of one worker with those of many, method by method.")

    @Option(help: "Functions or groups of them (suite, practice, exam), by comma.") var functions = "suite"
    @Option(help: "Files of regrets with one worker.") var one: [String]
    @Option(help: "Files of regrets with many workers.") var many: [String]

    func run() throws {
        var alone = ResultTable()
        var crowded = ResultTable()
        let functions = try BenchFunction.chosen(functions).map(\.name)
        for path in one { try alone.read(path, only: Set(functions)) }
        for path in many { try crowded.read(path, only: Set(functions)) }
        let last = ResultTable.checkpoints.count - 1
        let methods = crowded.methods.filter(alone.methods.contains)
        print("| function |" + methods.map { " \($0), 1 worker | 8 workers |" }.joined())
        print("|---|" + methods.map { _ in "---|---|" }.joined())
        var ratios = methods.map { _ in [Double]() }
        var shares = methods.map { _ in [Double]() }
        for function in functions {
            var row = "| \(function) |"
            let baseline = median(alone.values("random", function, at: last))
            for (index, method) in methods.enumerated() {
                let medians = [alone, crowded].map { median($0.values(method, function, at: last)) }
                row += " \(short(medians[0])) | \(short(medians[1])) |"
                // Where both are 0 nothing is lost.
                ratios[index].append(log10(max(medians[1], 1e-9) / max(medians[0], 1e-9)))
                if baseline > 0 { shares[index].append(100 * (medians[1] - medians[0]) / baseline) }
            }
            print(row)
        }
        func means(_ numbers: [[Double]], _ format: String) -> String {
            zip(methods, numbers).map { method, numbers in
                let mean = numbers.reduce(0, +) / Double(max(1, numbers.count))
                return "\(method) \(String(format: format, mean))"
            }.joined(separator: ", ")
        }
        print(
            """

            What is lost, the mean over the functions:

            - regret with 8 workers less regret with one, in percent of random search's regret with one: \
            \(means(shares, "%.1f"))
            - the quotient of the two regrets, in orders of magnitude: \(means(ratios, "%.2f"))
            """)
    }
}
