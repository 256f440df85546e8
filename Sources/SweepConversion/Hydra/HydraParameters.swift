import ConfigFile
import SweepModel
import SweepSearch

/// The parameters of a Hydra sweeper, in both forms: `params` with Hydra's grammar, and the older `search_space`.
struct HydraParameters {
    let problems: DiagnosticCollector
    let notes: ConversionNotes
    /// Which grid is walked, if one is.
    let grid: Grid?
    private(set) var lines: [OutlineLine] = []
    /// Overrides that the command passes on as they are: values with `${…}`, which Hydra fills in.
    private(set) var literals: [String] = []

    /// Grids, which leave the upper end of a range out, each in its own way.
    enum Grid {
        /// That of Hydra's own sweeper.
        case basic
        /// The sampler of the Optuna sweeper.
        case optuna
    }

    init(problems: DiagnosticCollector, notes: ConversionNotes, grid: Grid?) {
        self.problems = problems
        self.notes = notes
        self.grid = grid
    }

    private var ending: SteppedRange.Ending {
        switch grid {
        case nil: .included
        case .basic: .stopLeftOut
        case .optuna: .lastLeftOut
        }
    }

    // MARK: params

    mutating func readParams(_ file: ConfigSection) {
        guard let node = file.node("params"), node.value != .null else { return }
        guard case .mapping(let entries) = node.value else {
            problems.report(
                "'\(file.name("params"))' must be a mapping, found \(node.kindDescription)", at: node.location,
                help: "params: {lr: interval(0.0, 1.0)}")
            return
        }
        for entry in entries { readOverride(entry) }
    }

    private mutating func readOverride(_ entry: ConfigEntry) {
        guard ParameterName.check(entry.key, at: entry.keyLocation, problems) else { return }
        if lines.contains(where: { $0.key == entry.key }) {
            problems.report("there are two parameters '\(entry.key)'", at: entry.keyLocation)
            return
        }
        do throws(ForeignProblem) {
            switch entry.node.value {
            case .string(let text): try readText(text, entry)
            case .null: lines.append(Definition.constant("null").line(entry.key))
            case .mapping where entry.node["type"] != nil: readSpace(entry)
            case .boolean, .integer, .number, .sequence, .mapping:
                guard let value = entry.node.foreignValue(older: true) else {
                    throw ForeignProblem(message: "a value cannot be or hold NaN")
                }
                lines.append(Definition.constant(value.text).line(entry.key))
            }
        } catch {
            problems.report(
                "'\(entry.key)': \(error.message)", at: entry.place, help: error.help)
        }
    }

    private mutating func readText(_ text: String, _ entry: ConfigEntry) throws(ForeignProblem) {
        // `no` is false to PyYAML, with which Hydra reads its files.
        if entry.node.olderKind != nil, let value = entry.node.foreignValue(older: true) {
            lines.append(Definition.constant(value.text).line(entry.key))
            return
        }
        let override = try HydraOverride(text)
        if case .fixed(.interpolation(let text)) = override {
            literals.append(CommandText.literal("\(entry.key)=\(text)"))
            return
        }
        lines.append(try definition(override).line(entry.key))
    }

    private func definition(_ override: HydraOverride) throws(ForeignProblem) -> Definition {
        switch override {
        case .fixed(let element):
            guard let value = element.value else {
                throw ForeignProblem(message: "a list cannot hold a choice or range")
            }
            return .constant(value.text)
        case .choice(let elements):
            let values = elements.compactMap(\.value)
            guard values.count == elements.count else {
                throw ForeignProblem(message: "a choice cannot hold another choice or range")
            }
            return choice(values)
        case .range(let start, let stop, let step):
            return try SteppedRange(start: start, stop: stop, step: step).definition(ending)
        case .interval(let start, let end, let isLogarithmic):
            return try interval(start, end, isLogarithmic: isLogarithmic)
        }
    }

    private func choice(_ values: [ForeignValue]) -> Definition {
        let distinct = DistinctValues(values)
        var definition = Definition.choice(distinct.texts)
        if distinct.hasDuplicates { definition.remark = "a value was listed twice" }
        return definition
    }

    /// Optuna draws integers if both ends are written as integers, though Hydra's documentation calls intervals real.
    private func interval(
        _ start: ForeignNumber, _ end: ForeignNumber, isLogarithmic: Bool
    ) throws(ForeignProblem) -> Definition {
        guard start.value <= end.value else {
            throw ForeignProblem(message: "\(start.text) is larger than \(end.text)")
        }
        if isLogarithmic, start.value <= 0 {
            throw ForeignProblem(message: "a logarithmic interval must begin above 0, and begins at \(start.text)")
        }
        if grid == .optuna, start.isInteger, end.isInteger {
            let one = ForeignNumber(value: 1, text: "1", isInteger: true)
            return try SteppedRange(start: start, stop: end, step: one).definition(ending)
        }
        if grid != nil {
            throw ForeignProblem(
                message: "a grid cannot have an interval of real numbers",
                help: "write range(start, stop, step) or choice(…); a search_space needs a step")
        }
        if start.isInteger, end.isInteger, let first = start.whole, let last = end.whole {
            var definition = Definition.range("int", String(first), String(last))
            if isLogarithmic { definition.settings.append(("log", "true")) }
            return definition
        }
        return .range(isLogarithmic ? "loguniform" : "uniform", start.text, end.text)
    }

    // MARK: search_space

    /// The kinds of the older form.
    private enum Kind: String, CaseIterable {
        case float, int, categorical
    }

    /// What the words of other tools are here.
    private static func meant(by word: String) -> String? {
        switch word.filter({ $0 != "_" && $0 != "-" }) {
        case "choice", "category", "discrete", "values", "cat", "enum": "'categorical'"
        case "integer", "randint", "intuniform", "uniformint": "'int'"
        case "double", "real", "uniform", "number", "range": "'float'"
        case "loguniform", "log": "'float' with log: true"
        default: nil
        }
    }

    mutating func readSearchSpace(_ file: ConfigSection) {
        guard let node = file.node("search_space"), node.value != .null else { return }
        guard case .mapping(let entries) = node.value else {
            problems.report(
                "'\(file.name("search_space"))' must be a mapping, found \(node.kindDescription)", at: node.location,
                help: "search_space: {lr: {type: float, low: 0.0, high: 1.0}}")
            return
        }
        for entry in entries {
            if case .mapping = entry.node.value {
                guard ParameterName.check(entry.key, at: entry.keyLocation, problems) else { continue }
                readSpace(entry)
            } else {
                readOverride(entry)
            }
        }
    }

    private mutating func readSpace(_ entry: ConfigEntry) {
        let section = ConfigSection(entry.placed, path: entry.key, problems: problems)
        guard let type = section.requiredNode("type", help: "type: float, int or categorical") else { return }
        let word = type.foreignText?.lowercased() ?? type.kindDescription
        guard let kind = Kind(rawValue: word.split(separator: ".").last.map(String.init) ?? word) else {
            if let meant = Self.meant(by: word) {
                problems.report(
                    "'\(section.name("type"))' cannot be '\(word)'", at: type.location, help: "did you mean \(meant)?")
            } else {
                section.reportUnknownName(
                    word, of: section.name("type"), among: Kind.allCases.map(\.rawValue), at: type.location)
            }
            return
        }
        do throws(ForeignProblem) {
            let definition = try definition(kind, section)
            // The dataclass that the sweeper reads has all these keys, of which some are empty.
            for key in ["choices", "low", "high", "log", "step"] where section.node(key)?.value == .null {
                _ = section.node(key)
            }
            section.reportUnknownKeys()
            lines.append(definition.line(entry.key))
        } catch {
            problems.report("'\(entry.key)': \(error.message)", at: section.location, help: error.help)
        }
    }

    private func definition(_ kind: Kind, _ section: ConfigSection) throws(ForeignProblem) -> Definition {
        if kind == .categorical {
            guard case .sequence(let items)? = section.node("choices")?.value, !items.isEmpty else {
                throw ForeignProblem(message: "a categorical parameter needs a list 'choices'")
            }
            let values = items.compactMap { $0.foreignValue(older: true) }
            guard values.count == items.count else { throw ForeignProblem(message: "a choice cannot be or hold NaN") }
            return choice(values)
        }
        for key in ["low", "high", "step"] {
            guard let node = section.node(key), HydraSettings.isInterpolation(node) else { continue }
            throw ForeignProblem(
                message: "'\(key)' is \(node.foreignText ?? ""), which another file says", help: "write the number here"
            )
        }
        guard var low = section.node("low")?.foreignNumber, var high = section.node("high")?.foreignNumber else {
            throw ForeignProblem(message: "it needs the numbers 'low' and 'high'")
        }
        let isLogarithmic = section.node("log")?.value == .boolean(true)
        let isInteger = kind == .int
        func typed(_ number: ForeignNumber) throws(ForeignProblem) -> ForeignNumber {
            guard isInteger else { return ForeignNumber(value: number.value, text: number.text, isInteger: false) }
            guard let whole = Int(exactly: number.value.rounded(.towardZero)) else {
                throw ForeignProblem(message: "\(number.text) is too large for an integer")
            }
            return ForeignNumber(value: Double(whole), text: String(whole), isInteger: true)
        }
        (low, high) = (try typed(low), try typed(high))
        guard let node = section.node("step"), node.value != .null, !isLogarithmic else {
            return try interval(low, high, isLogarithmic: isLogarithmic)
        }
        guard let step = node.foreignNumber else { throw ForeignProblem(message: "'step' must be a number") }
        return try SteppedRange(start: low, stop: high, step: try typed(step)).definition(ending)
    }
}
