import ConfigFile
import SweepModel

/// How the `parameters` of a W&B sweep become those of a sweep file.
struct WandBParameters {
    let method: WandBSweep.Method?
    let problems: DiagnosticCollector
    let notes: ConversionNotes
    /// Whether parameters are nested in others, with `parameters` in a parameter.
    private(set) var hasNested = false
    private var hasDotted = false
    private var places: [String: SourceLocation?] = [:]

    init(method: WandBSweep.Method?, problems: DiagnosticCollector, notes: ConversionNotes) {
        self.method = method
        self.problems = problems
        self.notes = notes
    }

    /// Whether some names have dots of their own and others are nested, which a sweep file cannot tell apart.
    var isMixed: Bool { hasNested && hasDotted }

    /// - Parameters:
    ///   - path: the path of the mapping in the file, for messages.
    ///   - prefix: what stands before the names: `optimizer.` below the nested parameter `optimizer`.
    mutating func read(_ node: ConfigNode, path: String, prefix: String = "") -> [OutlineLine] {
        guard case .mapping(let entries) = node.value, !entries.isEmpty else {
            problems.report(
                "'\(path)' must be a mapping of parameters, found \(node.kindDescription)", at: node.location,
                help: "\(path): {NAME: {min: 0.0, max: 1.0}}")
            return []
        }
        return entries.flatMap { entry -> [OutlineLine] in
            let name = prefix + entry.key
            if prefix.isEmpty, entry.key.contains(".") { hasDotted = true }
            guard ParameterName.check(entry.key, at: entry.keyLocation, problems) else { return [] }
            let own = "\(path).\(entry.key)"
            if let nested = entry.node["parameters"], !isRange(entry.node) {
                hasNested = true
                for other in entry.node.entries where other.key != "parameters" {
                    problems.report(
                        "unknown key '\(own).\(other.key)'", at: other.keyLocation,
                        help: "a parameter with 'parameters' has no other keys")
                }
                return read(nested, path: "\(own).parameters", prefix: name + ".")
            }
            if let earlier = places[name] {
                problems.report(
                    "there are two parameters '\(name)'", at: entry.keyLocation,
                    help: earlier.map { "the other is on line \($0.line)" })
                return []
            }
            places[name] = entry.keyLocation
            guard case .mapping(let settings) = entry.node.value, !settings.isEmpty else {
                problems.report(
                    "'\(own)' must be a mapping, found \(entry.node.kindDescription)",
                    at: entry.place, help: help(for: entry))
                return []
            }
            let section = ConfigSection(entry.placed, path: own, problems: problems)
            let reader = WandBRange(section: section, method: method, problems: problems, notes: notes)
            return reader.definition().map { [$0.line(name)] } ?? []
        }
    }

    private func isRange(_ node: ConfigNode) -> Bool {
        ["value", "values", "min", "max"].contains { node[$0] != nil }
    }

    private func help(for entry: ConfigEntry) -> String {
        switch entry.node.value {
        case .sequence: "\(entry.key): {values: […]}"
        case .null, .mapping: "\(entry.key): {value: …}, {values: […]} or {min: …, max: …}"
        case .boolean, .integer, .number, .string: "\(entry.key): {value: \(entry.node.foreignText ?? "…")}"
        }
    }
}
