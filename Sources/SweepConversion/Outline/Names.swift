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

/// Names of sweeps, which are names of folders.
enum SweepName {
    /// The text with other characters than letters, digits, `.`, `_` and `-` replaced; nil if nothing is left of it.
    static func legal(_ text: String) -> String? {
        let scalars = text.unicodeScalars.map { scalar -> Character in
            let isLegal =
                scalar.isASCII
                && (scalar.properties.isAlphabetic || scalar.properties.numericType != nil
                    || "._-".unicodeScalars.contains(scalar))
            return isLegal ? Character(scalar) : "-"
        }
        let name = String(String(scalars).drop { "._-".contains($0) }.prefix(100))
        return name.isEmpty ? nil : name
    }
}
