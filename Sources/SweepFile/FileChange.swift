import ConfigFile
import SweepSearch

/// One thing that a sweep file says differently than before.
///
///     for change in new.changes(since: old) { print(change) }
///     // parameters.lr.max: 0.1 → 0.3
///     // sampler.name: auto → tpe
public struct FileChange: Sendable, Hashable {
    /// The part of the sweep that changed. What has to be done about the trials so far depends on it.
    ///
    ///     metric, warmStart                 a new sweep is needed
    ///     bounds, sampler, trainer, base, … the user has to accept the change
    ///     space                             the one or the other: it may exclude values of earlier trials
    public enum Part: Sendable, Hashable {
        case name, folder, metric, bounds, warmStart, trainer, base, space, enqueue, sampler, pruner, replicates, retry,
            planning, launcher
    }

    public var part: Part
    /// The dotted path of the setting in the file, such as `parameters.lr.max`; for the base configuration, the path
    /// there followed by the words "in the base configuration".
    public var path: String
    /// The former value as one would write it; `none` for a setting that was not there and has no default.
    public var old: String
    /// The present value, in the same form.
    public var new: String

    /// A change, with both values as they are to be shown.
    public init(_ part: Part, _ path: String, from old: String, to new: String) {
        self.part = part
        self.path = path
        self.old = old
        self.new = new
    }
}

extension FileChange: CustomStringConvertible {
    /// `parameters.x.max: 1 → 2`
    public var description: String { "\(path): \(old) → \(new)" }
}

extension FileChange {
    /// What is shown for a setting that one of the files leaves out.
    private static let defaults = [
        "metric.value": "last", "sampler": "auto", "sampler.name": "auto", "sampler.seed": "0",
        "reproducible": "false", "retry.attempts": "1", "trainer.directory": "the sweep file's folder",
    ]

    /// The places at which two versions of one part of a file differ, in the order of the newer one.
    ///
    ///     before      lr: {type: uniform, min: 0, max: 0.1}
    ///     after       lr: {type: uniform, min: 0.0, max: 0.3}
    ///
    ///     // parameters.lr.max: 0.1 → 0.3; with isExact also parameters.lr.min: 0 → 0.0
    ///
    /// Mappings are compared key by key, so that only what differs is shown. A list is one value.
    ///
    /// - Parameters:
    ///   - path: the path of the part.
    ///   - isExact: whether 1 and 1.0 differ. To a trainer that reads its arguments they may; to a range they do not.
    static func between(
        _ old: ConfigNode?, _ new: ConfigNode?, part: Part, path: String, isExact: Bool = false
    ) -> [FileChange] {
        switch (old?.value, new?.value) {
        case (nil, nil): return []
        case (.mapping(let former)?, .mapping(let entries)?):
            let keys = entries.map(\.key) + former.map(\.key).filter { new?[$0] == nil }
            return keys.flatMap { key in
                between(
                    old?[key], new?[key], part: part, path: path.isEmpty ? key : "\(path).\(key)", isExact: isExact)
            }
        case (let former?, let value?) where isSame(former, value, isExact: isExact): return []
        case (_, _):
            let missing = defaults[path] ?? "none"
            return [FileChange(part, path, from: old?.words ?? missing, to: new?.words ?? missing)]
        }
    }

    /// Whether two values are the same. The order of a mapping's keys never matters, and NaN is the same as NaN.
    private static func isSame(_ first: ConfigNode.Value, _ second: ConfigNode.Value, isExact: Bool) -> Bool {
        switch (first, second) {
        case (.number(let left), .number(let right)): left == right || left.isNaN && right.isNaN
        case (.integer(let integer), .number(let number)), (.number(let number), .integer(let integer)):
            !isExact && Double(integer) == number
        case (.sequence(let left), .sequence(let right)):
            left.count == right.count && zip(left, right).allSatisfy { isSame($0.value, $1.value, isExact: isExact) }
        case (.mapping(let left), .mapping(let right)):
            left.count == right.count
                && left.allSatisfy { entry in
                    let other = right.first { $0.key == entry.key }
                    return other.map { isSame(entry.node.value, $0.node.value, isExact: isExact) } ?? false
                }
        case (_, _): first == second
        }
    }
}

extension ConfigNode {
    /// In characters.
    private static let maxLength = 100

    /// The value on one line, as one would write it; a long one is cut.
    fileprivate var words: String {
        let line = flow
        return line.count > Self.maxLength ? line.prefix(Self.maxLength) + "…" : line
    }

    /// The value in YAML's flow style: lists and mappings on one line.
    private var flow: String {
        switch value {
        case .null: "null"
        case .boolean(let flag): flag.description
        case .integer(let number): text ?? number.description
        case .number(let number): text ?? ParameterValue.number(number).description
        case .string(let text): Self.plain(text)
        case .sequence(let nodes): "[" + nodes.map(\.flow).joined(separator: ", ") + "]"
        case .mapping(let entries):
            "{"
                + entries.map { "\(Self.plain($0.key)): \($0.node.flow)" }
                .joined(separator: ", ") + "}"
        }
    }

    /// Text without quotes where YAML would read it as the same text.
    ///
    ///     sgd         sgd
    ///     a, b        'a, b'
    ///     no          no: to YAML 1.2 it is text
    private static func plain(_ text: String) -> String {
        let list = try? ConfigDocument(parsing: SourceFile(path: "", text: "[\(text)]")).root.value
        return list == .sequence([ConfigNode(.string(text))]) ? text : ParameterValue.string(text).description
    }
}
