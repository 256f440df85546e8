/// Names of sweeps, which are names of folders: only letters that every file system takes are in them.
package enum SweepName {
    /// What `isLegal` asks for, for messages.
    package static let rule = "up to \(longest) letters, digits, '.', '_' and '-', the first neither '.' nor '-'"

    private static let longest = 100

    /// Whether a sweep may have this name.
    package static func isLegal(_ name: String) -> Bool {
        name.unicodeScalars.allSatisfy(isLegal) && !name.isEmpty && !name.hasPrefix(".") && !name.hasPrefix("-")
            && name.utf8.count <= longest
    }

    private static func isLegal(_ scalar: Unicode.Scalar) -> Bool {
        scalar.isASCII
            && (scalar.properties.isAlphabetic || scalar.properties.numericType != nil
                || "._-".unicodeScalars.contains(scalar))
    }

    /// The text itself where it is a name, or one that is made of it, with `-` for what may not be in it.
    ///
    /// Nil if nothing is left.
    package static func legal(_ text: String) -> String? {
        if isLegal(text) { return text }
        let scalars = text.unicodeScalars.map { isLegal($0) ? Character($0) : "-" }
        let name = String(String(scalars).drop { "._-".contains($0) }.prefix(longest))
        return name.isEmpty ? nil : name
    }
}
