/// Names of parameters, which stand on command lines and in placeholders, where spaces, `=` and braces have a meaning.
package enum ParameterName {
    /// What `isLegal` asks for, for messages.
    package static let rule = "a name has no spaces, control characters, '=', '{' and '}'"

    /// Whether a parameter may have this name.
    package static func isLegal(_ name: String) -> Bool {
        !name.isEmpty
            && name.unicodeScalars.allSatisfy { scalar in
                !scalar.properties.isWhitespace && scalar.properties.generalCategory != .control
                    && !"={}".unicodeScalars.contains(scalar)
            }
    }
}
