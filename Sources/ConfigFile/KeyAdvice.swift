/// What to write in place of a key that a section does not know.
///
///     let advice: [String: KeyAdvice] = ["low": .key("min"), "range": "write min: …, max: …"]
public struct KeyAdvice: Sendable, Hashable {
    /// The key of the same section that is meant, if one is.
    let key: String?
    let words: String

    /// - Parameter more: what follows in the same sentence.
    public static func key(_ key: String, _ more: String = "") -> KeyAdvice {
        KeyAdvice(key: key, words: "the key is '\(key)'\(more)")
    }

    /// Advice that is not the name of another key.
    public static func words(_ words: String) -> KeyAdvice { KeyAdvice(key: nil, words: words) }
}

extension KeyAdvice: ExpressibleByStringLiteral {
    public init(stringLiteral words: String) { self = .words(words) }
}
