import ConfigFile
import SweepModel

/// How the `command` and `program` of a W&B sweep become the trainer's command.
struct WandBCommand {
    /// Whether parameters are nested; W&B passes a nested one as a dictionary.
    let isNested: Bool
    let problems: DiagnosticCollector
    let notes: ConversionNotes
    let context: ConversionContext
    private var comments: [String] = []

    init(
        isNested: Bool, problems: DiagnosticCollector, notes: ConversionNotes, context: ConversionContext
    ) {
        self.isNested = isNested
        self.problems = problems
        self.notes = notes
        self.context = context
    }

    /// The forms of arguments by W&B's names for them. Values look as Python prints them, except in JSON.
    private static let forms: [String: String] = [
        "args": "args:python", "args_no_equals": "args:space:python", "args_no_hyphens": "args:plain:python",
        "args_no_boolean_flags": "args:flags:python", "args_append_hydra": "args:append:python",
        "args_override_hydra": "args:override:python", "args_json": "args:json", "args_json_file": "args:file",
    ]

    /// The line `command` of the trainer.
    mutating func read(_ file: ConfigSection) -> OutlineLine {
        let program = program(file)
        let standard = ["${env}", "${interpreter}", "${program}", "${args}"]
        var items = standard
        var place = file.place(of: "program")
        if let node = file.node("command"), node.value != .null {
            place = node.location
            items = words(node)
            if items.isEmpty { items = standard }
        }
        if let command = context.givenCommand(passing: ["{args:python}"], notes) { return command }
        let needsProgram = items.contains("${program}")
        if needsProgram, program == nil {
            comments.append(
                notes.add("the file names no program; write yours in the place of train.py", at: place, isGap: true))
        }
        var words: [String] = []
        for item in items { words += argument(item, program: program ?? "train.py", after: words, at: place) }
        if words.allSatisfy({ $0.hasPrefix("{args") }) {
            comments.append(
                notes.add("the command has no program; write yours in the place of train.py", at: place, isGap: true))
            words.insert(contentsOf: ["python", CommandText.literal(program ?? "train.py")], at: 0)
        }
        return OutlineLine("command", CommandText.list(words), comments: comments)
    }

    private func program(_ file: ConfigSection) -> String? {
        guard let node = file.node("program"), node.value != .null else { return nil }
        if let text = node.foreignText, !text.isEmpty { return text }
        problems.report(
            "'\(file.name("program"))' must be the path of a program, found \(node.kindDescription)", at: node.location)
        return nil
    }

    /// The elements of `command`. W&B takes a list; a line of text is split as a shell splits it.
    private mutating func words(_ node: ConfigNode) -> [String] {
        if case .sequence(let items) = node.value {
            return items.compactMap { item in
                if item.value == .null { return "None" }
                if let text = item.foreignText { return text }
                problems.report("an argument must be text, found \(item.kindDescription)", at: item.location)
                return nil
            }
        }
        if let text = node.foreignText {
            comments.append(
                notes.add("W&B takes a list here; this line is split at its spaces", at: node.location))
            return CommandText.words(text)
        }
        problems.report(
            "the command must be a list of a program and its arguments, found \(node.kindDescription)",
            at: node.location)
        return []
    }

    /// What an element becomes. A macro counts only as a whole element, and W&B leaves out one that it does not know.
    private mutating func argument(
        _ item: String, program: String, after words: [String], at place: SourceLocation?
    ) -> [String] {
        let isForShell = ShellArgument.follows(words)
        if item.contains("${envvar:") { return [withVariables(item, isForShell: isForShell, at: place)] }
        guard item.hasPrefix("${"), item.hasSuffix("}") else {
            if item.contains("${args") || item.contains("${program") {
                comments.append(
                    notes.add("'\(item)' is passed on as it is: W&B fills in only whole elements", at: place))
            }
            return [CommandText.literal(item, isForShell: isForShell)]
        }
        let name = String(item.dropFirst(2).dropLast())
        switch name {
        case "env": return ["/usr/bin/env"]
        case "interpreter": return ["python"]
        case "program": return [CommandText.literal(program)]
        case "args_dict":
            comments.append(
                notes.add("'${args_dict}' is for a function in W&B's own process; no program gets it", at: place))
            return []
        default:
            if let form = Self.forms[name] {
                return ["{\(form)\(isNested ? ":nested" : "")}"]
            }
            let near = nearestName(to: name, among: Self.forms.keys.sorted() + ["env", "interpreter", "program"])
            comments.append(
                notes.add(
                    "W&B knows no '\(item)' and leaves it out" + (near.map { "; was '${\($0)}' meant?" } ?? ""),
                    at: place))
            return []
        }
    }

    /// Replaces `${envvar:NAME}`, also in a part of an element. A variable that is not set becomes its own name, as in
    /// W&B.
    private mutating func withVariables(_ item: String, isForShell: Bool, at place: SourceLocation?) -> String {
        var result = ""
        var rest = item[...]
        while let start = rest.firstRange(of: "${envvar:"), let end = rest[start.upperBound...].firstIndex(of: "}") {
            result += CommandText.literal(String(rest[..<start.lowerBound]), isForShell: isForShell)
            let name = String(rest[start.upperBound..<end])
            rest = rest[rest.index(after: end)...]
            if context.variable(name) != nil {
                result += "${\(name)}"
            } else {
                result += name
                comments.append(
                    notes.add(
                        "the environment has no variable '\(name)', and W&B then takes its name; "
                            + "for the variable write $\(name)", at: place))
            }
        }
        return result + CommandText.literal(String(rest), isForShell: isForShell)
    }
}
