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
    ///     // parameters.lr.max: 0.1 → 0.3; by kinds also parameters.lr.min: 0 → 0.0
    ///
    /// Mappings are compared key by key, so that only what differs is shown. A list is one value.
    ///
    /// - Parameters:
    ///   - path: the path of the part.
    ///   - comparison: when two scalars are the same.
    static func between(
        _ old: ConfigNode?, _ new: ConfigNode?, part: Part, path: String, by comparison: Comparison = .values
    ) -> [FileChange] {
        guard let old, let new else {
            if old == nil, new == nil { return [] }
            let missing = defaults[path] ?? "none"
            return [FileChange(part, path, from: old?.words ?? missing, to: new?.words ?? missing)]
        }
        switch (old.value, new.value) {
        case (.mapping(let former), .mapping(let entries)):
            let keys = entries.map(\.key) + former.map(\.key).filter { new[$0] == nil }
            return keys.flatMap { key in
                between(
                    old[key], new[key], part: part, path: path.isEmpty ? key : "\(path).\(key)", by: comparison)
            }
        case (_, _):
            return isSame(old, new, by: comparison) ? [] : [FileChange(part, path, from: old.words, to: new.words)]
        }
    }

    /// When two scalars are the same.
    enum Comparison: Sendable {
        /// 1 and 1.0 are, as the end of a range.
        case values
        /// 1 and 1.0 are not, 3.1 and 3.10 are: in a configuration, which a reader of YAML reads.
        case kinds
        /// 3.1 and 3.10 are not: in an argument, which is text.
        case texts
    }

    /// Whether two values are the same. The order of a mapping's keys never matters, and NaN is the same as NaN.
    private static func isSame(_ first: ConfigNode, _ second: ConfigNode, by comparison: Comparison) -> Bool {
        switch (first.value, second.value) {
        case (.sequence(let left), .sequence(let right)):
            return left.count == right.count && zip(left, right).allSatisfy { isSame($0, $1, by: comparison) }
        case (.mapping(let left), .mapping(let right)):
            return left.count == right.count
                && left.allSatisfy { entry in
                    second[entry.key].map { isSame(entry.node, $0, by: comparison) } ?? false
                }
        case (.integer(let integer), .number(let number)), (.number(let number), .integer(let integer)):
            return comparison == .values && Double(integer) == number
        case (.number(let left), .number(let right)) where !(left == right || left.isNaN && right.isNaN): return false
        case (.number, .number): break
        case (.string(let left), .string(let right)): return left == right
        case (let left, let right): if left != right { return false }
        }
        return comparison != .texts || first.text == second.text
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
