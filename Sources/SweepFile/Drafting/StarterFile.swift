import ConfigFile
import SweepModel
import SweepSearch

#if canImport(Glibc)
    import Glibc
#else
    import Foundation
#endif

/// Guesses from a trainer's configuration what a sweep over it might vary, for `revsweep init`.
///
/// Values that are nearly always worth tuning, such as a learning rate, become parameters with a range around their
/// present value; others are suggested in comments. Settings that make a run longer, repeat it or name its files are
/// left out: they are no hyperparameters.
///
///     let base = try ConfigDocument.read(path: "base.yaml")
///     print(try StarterFile.draft(of: base, path: "../base.yaml").text)
///
/// From the configuration
///
///     optimizer: {name: sgd, learning_rate: 0.01, momentum: 0.9}
///     batch_size: 64
///     epochs: 10
///
/// come the parameters
///
///     optimizer.learning_rate: {type: loguniform, min: 0.0003, max: 0.1}  # now 0.01
///     optimizer.momentum: {type: uniform, min: 0.0, max: 0.99}            # now 0.9
///     batch_size: {type: ordinal, values: [16, 32, 64, 128]}              # now 64
public enum StarterFile {
    /// The draft of a sweep over `config`.
    ///
    /// A sweep needs at least one parameter. So if no value is worth tuning without being asked, the first of the
    /// suggestions becomes one.
    ///
    /// - Parameter path: the path of the configuration, from the folder of the sweep file.
    /// - Throws: `DiagnosticsError` if the configuration holds nothing that could be varied, or is no YAML.
    public static func draft(of config: ConfigDocument, path: String) throws(DiagnosticsError) -> SweepDraft {
        let isMapping = if case .mapping = config.root.value { true } else { false }
        if !isMapping, let foreign = config.source.foreignFormat { throw DiagnosticsError([foreign]) }
        var lines = config.root.leafPaths.compactMap { name -> SweepDraft.Line? in
            guard ParameterName.isLegal(name), let node = config.root[path: name],
                config.root.foreignValue(onTheWayTo: name) == nil
            else { return nil }
            return gaussNewtonRate(name, node.value, in: config.root) ?? line(name, node.value)
        }
        if !lines.contains(where: \.isActive) {
            guard let first = lines.indices.first else {
                throw DiagnosticsError([
                    Diagnostic(
                        path: config.source.path, message: "there is nothing to vary: no number, text or boolean",
                        help: "a configuration is a mapping such as optimizer: {learning_rate: 0.1}")
                ])
            }
            lines[first].isActive = true
        }
        return SweepDraft(
            header: [
                "A sweep over \(path), as `revsweep init` guesses it: "
                    + "one line for each value that may be worth tuning.",
                "Take out what does not matter, uncomment what does, and mend the ranges.",
            ], config: path, parameters: lines)
    }

    /// The line for one value; nil for values that are left out.
    private static func line(_ name: String, _ value: ConfigNode.Value) -> SweepDraft.Line? {
        let components = name.lowercased().split(separator: ".").map(String.init)
        guard let last = components.last else { return nil }
        let words = Set(last.split { $0 == "_" || $0 == "-" }.map(String.init))
        guard words.isDisjoint(with: notTuned), let guess = guess(last, words, value) else { return nil }
        // Changing the data or the task gives other results, but no better solution of this task.
        let isAside = !Set(components.dropLast()).isDisjoint(with: aside) && !words.contains("batch")
        let now = "now \(ParameterValue(value)?.description ?? "")"
        return SweepDraft.Line(
            name: name, definition: guess.definition, remark: now + (guess.hint.map { "; \($0)" } ?? ""),
            isActive: guess.isLikely && !isAside)
    }

    /// Words in the names of settings that make a run longer, repeat it, or say where its files are.
    private static let notTuned: Set = [
        "seed", "threads", "workers", "gpu", "gpus", "device", "epochs", "epoch", "steps", "iterations", "iters", "max",
        "every", "patience", "version", "port", "verbose", "debug", "subset", "samples", "classes", "outputs",
        "features",
        "path", "dir", "directory", "file", "folder", "name", "log", "logs", "checkpoint", "keep", "save", "resume",
    ]
    /// Sections whose values are suggested in comments only.
    private static let aside: Set = [
        "task", "data", "dataset", "synthetic", "teacher", "output", "outputs", "logging", "log", "eval", "test",
    ]

    /// A guessed range, and whether the parameter is worth tuning without being asked.
    private struct Guess {
        /// As the sweep file has it: `{type: int, min: 16, max: 256, log: true}`.
        var definition: String
        var isLikely: Bool
        /// What to change for a better range.
        var hint: String?
    }

    /// A range for a value, guessed from the words in its name and from its kind; nil for null, lists, and numbers
    /// that are not finite.
    private static func guess(_ name: String, _ words: Set<String>, _ value: ConfigNode.Value) -> Guess? {
        switch value {
        case .null, .sequence, .mapping: nil
        case .boolean: Guess(definition: "{type: choice, values: [false, true]}", isLikely: false)
        case .string(let text):
            Guess(definition: "{type: choice, values: [\(ParameterValue.string(text))]}", isLikely: false)
        case .integer(let number) where isReal(name, words): guess(name, words, integer: number)
        case .integer(let number): guess(words, number)
        case .number(let number) where number.isFinite: guess(name, words, number)
        case .number: nil
        }
    }

    // MARK: Integers

    /// A range for an integer: for a width of 64 from 16 to 256 on a logarithmic scale, for a batch of 64 the sizes
    /// 16, 32, 64 and 128.
    private static func guess(_ words: Set<String>, _ number: Int) -> Guess {
        func range(_ min: Int, _ max: Int, log: Bool) -> String {
            "{type: int, min: \(min), max: \(max)\(log ? ", log: true" : "")}"
        }
        // Within these bounds, four times the number cannot overflow.
        guard (2...1_000_000_000).contains(number) else {
            let (beyond, overflow) = number.addingReportingOverflow(3)
            return Guess(definition: range(number, overflow ? number : beyond, log: false), isLikely: false)
        }
        if words.contains("batch") {
            let sizes = [number / 4, number / 2, number, number * 2].filter { $0 > 0 }
            var distinct: [Int] = []
            for size in sizes where !distinct.contains(size) { distinct.append(size) }
            return Guess(
                definition: "{type: ordinal, values: [\(distinct.map(\.description).joined(separator: ", "))]}",
                isLikely: true)
        }
        if !words.isDisjoint(with: ["hidden", "width", "units", "dim", "channels", "neurons", "filters", "embedding"]) {
            return Guess(definition: range(max(1, number / 4), number * 4, log: true), isLikely: true)
        }
        if !words.isDisjoint(with: ["layers", "blocks", "depth", "heads"]), number <= 20 {
            return Guess(definition: range(max(1, number / 2), number + 2, log: false), isLikely: true)
        }
        return Guess(definition: range(max(1, number / 2), number * 2, log: true), isLikely: false)
    }

    // MARK: Numbers

    /// Words of settings that are counted, also where the rest of the name speaks of a real number: `lr_step_size`.
    private static let counted: Set = [
        "step", "size", "interval", "warmup", "period", "freq", "frequency", "num", "count", "delay",
    ]

    /// Whether the name is that of a real number, also where the configuration has an integer.
    private static func isReal(_ name: String, _ words: Set<String>) -> Bool {
        guard words.isDisjoint(with: counted) else { return false }
        return isRate(name, words) || isPenalty(name, words) || words.contains("momentum") || name.contains("dropout")
            || name.contains("smoothing") || name.hasPrefix("beta")
    }

    private static func isRate(_ name: String, _ words: Set<String>) -> Bool {
        name.contains("learning_rate") || words.contains("lr")
    }

    private static func isPenalty(_ name: String, _ words: Set<String>) -> Bool {
        name.contains("decay") || name.contains("damping") || name.contains("penalty") || words.contains("l2")
    }

    /// A range for an integer that stands for a real number. A base configuration allows real numbers in place of 0 and
    /// 1; for any other integer there can be a range of integers only, and what would be better is said beside it.
    ///
    ///     weight_decay: 0     {type: loguniform, min: 1e-6, max: 1e-2}
    ///     lr: 2               {type: int, …}  # …; with 2.0 in the configuration: {type: loguniform, …}
    private static func guess(_ name: String, _ words: Set<String>, integer number: Int) -> Guess {
        let real = guess(name, words, Double(number))
        if number == 0 || number == 1 { return real }
        let integers = guess(words, number)
        return Guess(
            definition: integers.definition, isLikely: false,
            hint: "with \(Double(number).yamlDescription) in the configuration: \(real.definition)")
    }

    /// A range for a number: for a learning rate of 0.01 from 0.0003 to 0.1 on a logarithmic scale, for a dropout from
    /// 0 to 0.5.
    ///
    /// Words that are known to name hyperparameters come first; for the rest the size of the number decides.
    private static func guess(_ name: String, _ words: Set<String>, _ number: Double) -> Guess {
        func range(_ type: String, _ min: Double, _ max: Double, likely: Bool) -> Guess {
            // Rounded to one digit, a range might miss the present value or be empty, so it is extended to that value.
            let (low, high) = (Swift.min(rounded(min), number), Swift.max(rounded(max), number))
            return Guess(
                definition: "{type: \(type), min: \(low.yamlDescription), max: \(high.yamlDescription)}",
                isLikely: likely)
        }
        let isShare = (0...1).contains(number)
        if name.contains("dropout"), isShare { return range("uniform", 0, 0.5, likely: true) }
        if words.contains("momentum"), isShare { return range("uniform", 0, 0.99, likely: number > 0) }
        if name.contains("smoothing"), isShare { return range("uniform", 0, 0.2, likely: false) }
        if name.hasPrefix("beta"), isShare { return range("uniform", 0.8, 0.999, likely: false) }
        let isPenalty = isPenalty(name, words)
        if isPenalty, number == 0 {
            // A penalty of 0 has no logarithm. To tune it means to try some, so the usual range is offered.
            return Guess(definition: "{type: loguniform, min: 1e-6, max: 1e-2}", isLikely: false)
        }
        // Within these bounds, a hundredth and a hundred times the number are finite and not 0.
        guard number > 1e-100, number < 1e100 else {
            let bounds = number < 0 && number > -1e100 ? (2 * number, number / 2) : (min(number, 0), max(number, 1))
            return range("uniform", bounds.0, bounds.1, likely: false)
        }
        if isRate(name, words) {
            return range("loguniform", number / 30, min(10 * number, max(1, number)), likely: true)
        }
        if isPenalty { return range("loguniform", number / 100, min(100 * number, max(1, number)), likely: true) }
        if number < 0.1 { return range("loguniform", number / 10, min(10 * number, 1), likely: false) }
        return isShare ? range("uniform", 0, 1, likely: false) : range("uniform", number / 2, 2 * number, likely: false)
    }

    /// The number with one significant digit, as a person would write it; 0.99 and 0.999 stay, as they would become 1.
    private static func rounded(_ number: Double) -> Double {
        if number == 0 || [0.99, 0.999].contains(number) { return number }
        // At the ends of what a number can be, there is none of one digit.
        guard (1e-300...1e300).contains(number.magnitude) else { return number }
        let exponent = Int(floor(log10(number.magnitude)))
        // Multiplying by a power of ten would give 0.30000000000000004; the decimal text gives 0.3.
        let digit = (number / pow(10, Double(exponent))).rounded()
        return Double("\(Int(digit))e\(exponent)") ?? number
    }
}
