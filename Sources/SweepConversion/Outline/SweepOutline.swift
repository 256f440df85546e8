import SweepModel

/// A sweep file in the making, section by section, with comments at their places.
///
///     var outline = SweepOutline()
///     outline.metric = OutlineLine("metric", "{name: loss, goal: minimize}")
///     print(outline.text)
struct SweepOutline {
    /// The lines of the comment on top.
    var header: [String] = []
    var name: OutlineLine?
    var metric = OutlineLine("metric", "{name: val_loss, goal: minimize}")
    /// The lines below `trainer`.
    var trainer: [OutlineLine] = []
    /// The folder in which the trainer starts, as the sweep file writes it; empty for the sweep file's own. Nil if
    /// the file that is converted does not say it.
    var directory: String?
    /// The lines below `parameters`.
    var parameters: [OutlineLine] = []
    /// Comments about the parameters as a whole.
    var parameterComments: [String] = []
    /// The sections that stand on one line each, such as `sampler`, `pruner` and `budget`.
    var sections: [OutlineLine] = []
    /// Whether the trainer gets a configuration file with its values in it.
    var usesBase = false

    /// Says how many values of a range a grid tries, which other tools leave open.
    mutating func completeGrid(_ notes: ConversionNotes) {
        let continuous = ["uniform", "loguniform", "normal", "lognormal"]
        guard let place = sections.firstIndex(where: { $0.key == "sampler" }),
            parameters.contains(where: { $0.definition.map { continuous.contains($0.type) } ?? false })
        else { return }
        let text = sections[place].text
        guard text == "grid" || text.hasPrefix("{name: grid") else { return }
        sections[place].text = (text == "grid" ? "{name: grid" : String(text.dropLast())) + ", points: 5}"
        sections[place].comments.append(
            notes.add("a grid has to know how many values of a range it tries; here 5", at: nil))
    }

    /// The whole file.
    var text: String {
        var lines = header.flatMap { OutlineLine.comment($0) } + [""]
        if let name { lines += name.lines(indent: 0) }
        lines += metric.lines(indent: 0)
        var trainer = trainer
        if let directory, !directory.isEmpty {
            trainer.append(OutlineLine("directory", ValueText.string(directory)))
        }
        lines += ["", "trainer:"] + trainer.flatMap { $0.lines(indent: 2) }
        lines += [""] + parameterComments.flatMap { OutlineLine.comment($0) } + ["parameters:"]
        lines += OutlineLine.aligned(parameters, indent: 2)
        let order = ["sampler", "pruner", "budget", "resources"]
        let sections = sections.sorted { order.firstIndex(of: $0.key) ?? 9 < order.firstIndex(of: $1.key) ?? 9 }
        lines += [""] + sections.flatMap { $0.lines(indent: 0) }
        return lines.joined(separator: "\n") + "\n"
    }
}

/// A key and its value on one line of a sweep file, comments above it and a remark behind it.
struct OutlineLine {
    var key: String
    /// The value as YAML on one line.
    var text: String
    /// A short explanation, behind the value.
    var remark: String?
    /// What has to be said of it, above it.
    var comments: [String]
    /// What the text says, if it is the line of a parameter.
    private(set) var definition: Definition?

    init(_ key: String, _ text: String, remark: String? = nil, comments: [String] = []) {
        self.key = key
        self.text = text
        self.remark = remark
        self.comments = comments
    }

    /// The line of a parameter.
    init(_ name: String, _ definition: Definition) {
        self.init(
            name, ValueText.mapping([("type", definition.type)] + definition.settings), remark: definition.remark,
            comments: definition.comments)
        self.definition = definition
    }

    private var body: String { "\(ValueText.string(key)): \(text)" }

    func lines(indent: Int) -> [String] { Self.aligned([self], indent: indent) }

    /// The lines with their remarks below each other.
    static func aligned(_ lines: [OutlineLine], indent: Int) -> [String] {
        let space = String(repeating: " ", count: indent)
        // One long line must not push the remarks of all others to the right.
        let widest = lines.filter { $0.remark != nil }.map { $0.body.count }.filter { $0 <= 80 }.max() ?? 0
        return lines.flatMap { line -> [String] in
            let comments = line.comments.flatMap { comment($0, indent: indent) }
            guard let remark = line.remark else { return comments + [space + line.body] }
            let gap = String(repeating: " ", count: Swift.max(0, widest - line.body.count))
            return comments + ["\(space)\(line.body)\(gap)  # \(printable(remark))"]
        }
    }

    /// A text as comment lines of readable width.
    static func comment(_ text: String, indent: Int = 0) -> [String] {
        let start = String(repeating: " ", count: indent) + "#"
        var lines: [String] = []
        for word in printable(text).split(separator: " ", omittingEmptySubsequences: false) {
            if let last = lines.last, last.count + 1 + word.count <= 100 {
                lines[lines.count - 1] = "\(last) \(word)"
            } else {
                lines.append("\(start) \(word)")
            }
        }
        return lines
    }

    /// The text on one line: what the user wrote must not end a comment.
    private static func printable(_ text: String) -> String {
        String(
            String.UnicodeScalarView(
                text.unicodeScalars.map { scalar in
                    switch scalar.properties.generalCategory {
                    case .control, .lineSeparator, .paragraphSeparator, .format, .surrogate: " "
                    default: scalar
                    }
                }))
    }
}
