import ConfigFile
import SweepModel

extension ParameterName {
    /// Whether a sweep file can have the name; if not, that is reported.
    static func check(_ name: String, at location: SourceLocation?, _ problems: DiagnosticCollector) -> Bool {
        if isLegal(name) { return true }
        problems.report("a parameter cannot be called '\(name)'", at: location, help: rule)
        return false
    }
}
