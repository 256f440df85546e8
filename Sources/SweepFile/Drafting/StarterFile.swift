import ConfigFile
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
    /// - Throws: `DiagnosticsError` if the configuration holds nothing that could be varied.
    public static func draft(of config: ConfigDocument, path: String) throws(DiagnosticsError) -> SweepDraft {
        var lines = config.root.leafPaths.compactMap { name -> SweepDraft.Line? in
            guard isAddressable(name), let node = config.root[path: name],
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

    /// Whether a parameter may have this name: spaces, `=` and braces have a meaning on command lines and in
    /// placeholders.
    private static func isAddressable(_ name: String) -> Bool {
        !name.isEmpty
            && name.unicodeScalars.allSatisfy {
                !$0.properties.isWhitespace && $0.properties.generalCategory != .control
                    && !"={}".unicodeScalars.contains($0)
            }
    }

    /// The line for one value; nil for values that are left out.
    private static func line(_ name: String, _ value: ConfigNode.Value) -> SweepDraft.Line? {
        let components = name.lowercased().split(separator: ".").map(String.init)
        guard let last = components.last else { return nil }
        let words = Set(last.split { $0 == "_" || $0 == "-" }.map(String.init))
        guard words.isDisjoint(with: notTuned), let guess = guess(last, words, value) else { return nil }
        // Changing the data or the task gives other results, but no better solution of this task.
        let isAside = !Set(components.dropLast()).isDisjoint(with: aside) && !words.contains("batch")
        return SweepDraft.Line(
            name: name, definition: guess.definition, remark: "now \(ParameterValue(value)?.description ?? "")",
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
    }

    /// A range for a value, guessed from the words in its name and from its kind; nil for null, lists, and numbers
    /// that are not finite.
    private static func guess(_ name: String, _ words: Set<String>, _ value: ConfigNode.Value) -> Guess? {
        switch value {
        case .null, .sequence, .mapping: nil
        case .boolean: Guess(definition: "{type: choice, values: [false, true]}", isLikely: false)
        case .string(let text):
            Guess(definition: "{type: choice, values: [\(ParameterValue.string(text))]}", isLikely: false)
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
        let isPenalty =
            name.contains("decay") || name.contains("damping") || name.contains("penalty") || words.contains("l2")
        if isPenalty, number == 0 {
            // A penalty of 0 has no logarithm. To tune it means to try some, so the usual range is offered.
            return Guess(definition: "{type: loguniform, min: 1e-6, max: 1e-2}", isLikely: false)
        }
        // Within these bounds, a hundredth and a hundred times the number are finite and not 0.
        guard number > 1e-100, number < 1e100 else {
            let bounds = number < 0 && number > -1e100 ? (2 * number, number / 2) : (min(number, 0), max(number, 1))
            return range("uniform", bounds.0, bounds.1, likely: false)
        }
        if name.contains("learning_rate") || words.contains("lr") {
            return range("loguniform", number / 30, min(10 * number, max(1, number)), likely: true)
        }
        if isPenalty { return range("loguniform", number / 100, min(100 * number, max(1, number)), likely: true) }
        if number < 0.1 { return range("loguniform", number / 10, min(10 * number, 1), likely: false) }
        return isShare ? range("uniform", 0, 1, likely: false) : range("uniform", number / 2, 2 * number, likely: false)
    }

    /// The number with one significant digit, as a person would write it; 0.99 and 0.999 stay, as they would become 1.
    private static func rounded(_ number: Double) -> Double {
        if number == 0 || [0.99, 0.999].contains(number) { return number }
        let exponent = Int(floor(log10(number.magnitude)))
        // Multiplying by a power of ten would give 0.30000000000000004; the decimal text gives 0.3.
        let digit = (number / pow(10, Double(exponent))).rounded()
        return Double("\(Int(digit))e\(exponent)") ?? number
    }
}
