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
    static let keys: [String: String] = [
        "low": "the key is 'min'", "lower": "the key is 'min'", "lower_bound": "the key is 'min'",
        "minimum": "the key is 'min'", "start": "the key is 'min'", "from": "the key is 'min'",
        "high": "the key is 'max'", "upper": "the key is 'max'", "upper_bound": "the key is 'max'",
        "maximum": "the key is 'max'", "end": "the key is 'max'", "stop": "the key is 'max'", "to": "the key is 'max'",
        "bounds": "write min: …, max: …", "range": "write min: …, max: …",
        "_value": "write values: […], or min: …, max: …",
        "q": "the key is 'step', and the type quniform, qloguniform, qnormal, qlognormal or int",
        "quantization": "the key is 'step'", "quantum": "the key is 'step'", "step_size": "the key is 'step'",
        "choices": "the key is 'values'", "categories": "the key is 'values'", "options": "the key is 'values'",
        "candidates": "the key is 'values'", "items": "the key is 'values'", "sequence": "the key is 'values'",
        "mu": "the key is 'mean'", "loc": "the key is 'mean'", "sigma": "the key is 'std'",
        "scale": "the key is 'std'; for a logarithmic scale: {type: loguniform, …} or {type: int, …, log: true}",
        "sd": "the key is 'std'", "stddev": "the key is 'std'",
        "log_scale": log, "scaling": log, "is_log": log, "prior": log, "log": log,
        "distribution": "the key is 'type'", "_type": "the key is 'type'", "kind": "the key is 'type'",
        "probabilities": "the key is 'weights'", "probs": "the key is 'weights'", "p": "the key is 'weights'",
        "condition": whenHelp, "conditions": whenHelp, "depends": whenHelp, "depends_on": whenHelp, "parent": whenHelp,
        "if": whenHelp,
        "grid": "the key is 'points'", "num": "the key is 'points'", "count": "the key is 'points'",
        "grid_points": "the key is 'points'",
    ]

    private static let log = "on a logarithmic scale are {type: loguniform, …} and {type: int, …, log: true}"
    private static let whenHelp = "the key is 'when': {PARENT: VALUE}"

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
