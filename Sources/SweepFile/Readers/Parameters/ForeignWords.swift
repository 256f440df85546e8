import ConfigFile

/// The words that other tools use for types and settings of a parameter, and what to write here instead.
///
/// Users come from Optuna, Ray Tune, hyperopt or W&B with files in their languages. `low` and `randint` are too far
/// from `min` and `int` for a search by spelling, so each known word has its own help.
///
///     lr: {type: suggest_float, low: 0, high: 1}
///     help: write {type: uniform, min: …, max: …}, or loguniform for a logarithmic scale
enum ForeignWords {
    /// The help for an unknown type; nil for a word that no known tool uses.
    ///
    ///     ForeignWords.help(forType: "hp.randint")        // write {type: int, min: …, max: …}, both bounds included
    ///     ForeignWords.help(forType: "Uniform")           // write {type: uniform, min: …, max: …}
    static func help(forType word: String) -> String? {
        let word = normalized(word)
        return (types[word] ?? DistributionReader.Kind(rawValue: word)?.example).map { "write \($0)" }
    }

    /// What to write in place of an unknown key of a parameter, by the key in lower case.
    static let keys: [String: KeyAdvice] = [
        "low": .key("min"), "lower": .key("min"), "lower_bound": .key("min"),
        "minimum": .key("min"), "start": .key("min"), "from": .key("min"),
        "high": .key("max"), "upper": .key("max"), "upper_bound": .key("max"),
        "maximum": .key("max"), "end": .key("max"), "stop": .key("max"), "to": .key("max"),
        "bounds": "write min: …, max: …", "range": "write min: …, max: …",
        "_value": "write values: […], or min: …, max: …",
        "q": .key("step", ", and the type quniform, qloguniform, qnormal, qlognormal or int"),
        "quantization": .key("step"), "quantum": .key("step"), "step_size": .key("step"),
        "choices": .key("values"), "categories": .key("values"), "options": .key("values"),
        "candidates": .key("values"), "items": .key("values"), "sequence": .key("values"),
        "mu": .key("mean"), "loc": .key("mean"), "sigma": .key("std"),
        "scale": .key("std", "; for a logarithmic scale: {type: loguniform, …} or {type: int, …, log: true}"),
        "sd": .key("std"), "stddev": .key("std"),
        "log_scale": log, "scaling": log, "is_log": log, "prior": log, "log": log,
        "distribution": .key("type"), "_type": .key("type"), "kind": .key("type"),
        "probabilities": .key("weights"), "probs": .key("weights"), "p": .key("weights"),
        "condition": whenHelp, "conditions": whenHelp, "depends": whenHelp, "depends_on": whenHelp, "parent": whenHelp,
        "if": whenHelp,
        "grid": .key("points"), "num": .key("points"), "count": .key("points"),
        "grid_points": .key("points"),
    ]

    private static let log: KeyAdvice = "on a logarithmic scale are {type: loguniform, …} and {type: int, …, log: true}"
    private static let whenHelp = KeyAdvice.key("when", ": {PARENT: VALUE}")

    private static let number = "{type: uniform, min: …, max: …}, or loguniform for a logarithmic scale"
    private static let logarithmic = "{type: loguniform, min: …, max: …}"
    private static let integer = "{type: int, min: …, max: …}, both bounds included"
    private static let choice = "{type: choice, values: […]}"
    /// By the bare word, what to write in its place.
    private static let types: [String: String] = [
        "float": number, "double": number, "real": number, "number": number, "continuous": number, "linear": number,
        "range": number + "; {type: int, …} for integers", "uniform_float": number, "float_uniform": number,
        "log": logarithmic, "log_uniform": logarithmic, "log_uniform_values": logarithmic, "log_float": logarithmic,
        "logfloat": logarithmic, "reciprocal": logarithmic, "inv_log_uniform": logarithmic,
        "inv_log_uniform_values": logarithmic, "float_log": logarithmic, "loguniform_float": logarithmic,
        "integer": integer, "randint": integer, "uniform_int": integer, "int_uniform": integer, "uniformint": integer,
        "long": integer, "discrete_uniform": integer + "; {type: quniform, …, step: …} for numbers",
        "qrandint": "{type: int, min: …, max: …, step: …}, both bounds included",
        "lograndint": "{type: int, min: …, max: …, log: true}, both bounds included",
        "qlograndint": "{type: int, min: …, max: …, step: …, log: true}, both bounds included",
        "log_int": "{type: int, min: …, max: …, log: true}", "int_log": "{type: int, min: …, max: …, log: true}",
        "q_uniform": "{type: quniform, min: …, max: …, step: …}",
        "q_log_uniform": "{type: qloguniform, min: …, max: …, step: …}",
        "q_log_uniform_values": "{type: qloguniform, min: …, max: …, step: …}",
        "q_normal": "{type: qnormal, mean: …, std: …, step: …}", "qrandn": "{type: qnormal, mean: …, std: …, step: …}",
        "log_normal": "{type: lognormal, mean: …, std: …}, of the logarithm",
        "q_log_normal": "{type: qlognormal, mean: …, std: …, step: …}, of the logarithm",
        "randn": "{type: normal, mean: …, std: …}", "gaussian": "{type: normal, mean: …, std: …}",
        "gauss": "{type: normal, mean: …, std: …}", "normal_float": "{type: normal, mean: …, std: …}",
        "categorical": choice, "category": choice, "categories": choice, "select": choice, "enum": choice,
        "choices": choice, "values": choice, "list": choice, "options": choice,
        "pchoice": choice + " with weights: […]",
        "str": choice, "string": choice, "grid": choice, "grid_search": choice, "sample": choice,
        "discrete": choice + ", or ordinal where the order means something",
        "ordered": "{type: ordinal, values: […]}",
        "bool": "{type: choice, values: [true, false]}", "boolean": "{type: choice, values: [true, false]}",
        "flag": "{type: choice, values: [true, false]}", "binary": "{type: choice, values: [true, false]}",
        "fixed": "{type: constant, value: …}", "const": "{type: constant, value: …}",
        "value": "{type: constant, value: …}", "none": "{type: constant, value: null}",
    ]

    /// The bare word of `hp.uniform`, `suggest_float` and `Log-Uniform`: `uniform`, `float` and `log_uniform`.
    private static func normalized(_ word: String) -> String {
        var word = word.lowercased().replacing("-", with: "_").replacing(" ", with: "_")
        for prefix in ["hp.", "tune.", "ray.tune.", "suggest_", "trial.suggest_"] where word.hasPrefix(prefix) {
            word.removeFirst(prefix.count)
        }
        return word
    }
}

// MARK: Parameters without a type

extension ForeignWords {
    /// Which type a parameter without one probably needs, judging by its other keys; nil if they do not tell.
    ///
    ///     lr: {min: 0, max: 1}            of a range: type: uniform, loguniform (a logarithmic scale) or int …
    ///     optimizer: {values: [a, b]}     of several values: type: choice
    static func help(forMissingTypeIn section: ConfigSection) -> String? {
        func has(_ keys: String...) -> Bool { keys.contains(where: section.contains) }
        if let foreign = ["distribution", "_type", "kind"].first(where: section.contains),
            let node = section.entries.first(where: { $0.key == foreign })?.node, case .string(let word) = node.value
        {
            return help(forType: word) ?? "the key is 'type', not '\(foreign)'"
        }
        if has("values", "choices", "categories", "options") { return "of several values: type: choice" }
        if has("value") { return "of one value: type: constant" }
        if has("mean", "std", "mu", "sigma") { return "type: normal or lognormal" }
        if has("min", "low", "lower"), has("max", "high", "upper") {
            return "of a range: type: uniform, loguniform (a logarithmic scale) or int (integers)"
        }
        return nil
    }

    /// How to write a parameter as a mapping that was written as a value or a list; nil for null and for a mapping.
    ///
    ///     lr: loguniform(1e-4, 1)         write {type: loguniform, min: …, max: …}
    static func help(forParameter node: ConfigNode) -> String? {
        switch node.value {
        case .sequence: "of several values: {type: choice, values: […]}; of a range: {type: uniform, min: …, max: …}"
        case .boolean, .integer, .number:
            "of one value: {type: constant, value: …}; of a range: {type: uniform, min: …, max: …}"
        case .string(let text):
            if let word = text.split(separator: "(").first.map(String.init), let help = help(forType: word) {
                help
            } else {
                "a parameter is {type: uniform, min: …, max: …}, {type: choice, values: […]} and the like"
            }
        case .null, .mapping: nil
        }
    }
}

extension DistributionReader.Kind {
    /// A parameter of this type, with `…` for what the user fills in.
    fileprivate var example: String {
        switch self {
        case .uniform, .loguniform, .int: "{type: \(rawValue), min: …, max: …}"
        case .quniform, .qloguniform: "{type: \(rawValue), min: …, max: …, step: …}"
        case .normal, .lognormal: "{type: \(rawValue), mean: …, std: …}"
        case .qnormal, .qlognormal: "{type: \(rawValue), mean: …, std: …, step: …}"
        case .choice, .ordinal: "{type: \(rawValue), values: […]}"
        case .constant: "{type: constant, value: …}"
        }
    }
}
