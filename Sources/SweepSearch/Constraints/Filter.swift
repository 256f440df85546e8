/// A condition that chooses trials, in the language of constraints:
///
///     state == complete and value < 0.3
///     optimizer.name in [adam, adamw] and not metric.val_accuracy < 0.9
///     'CUDA' in reason
///
/// It differs from a constraint in three ways. Besides parameters it may name whatever its user allows, such as the
/// state of a trial. A word that one of these can be needs no quotes. And a comparison with something that a trial does
/// not have, such as an inactive parameter, is false, so that a trial is chosen only if the condition holds for it.
///
/// `null` is a value that a parameter may have; no inactive one equals it. Texts of a parameter that is `ordinal` are
/// compared by their places, in constraints as well; numbers always by their size. `PART in TEXT` is true if the text
/// contains the part. Other texts are compared as words of a dictionary, which is right for times:
/// `started > '2026-11-28T21'`.
public struct Filter: Sendable, Hashable {
    /// The condition as the user wrote it.
    public let text: String
    /// The names it mentions, each once.
    public let names: [String]
    let program: [Instruction]

    /// - Parameters:
    ///   - words: text that needs no quotes.
    ///   - variable: what a name stands for; nil for one that does not exist.
    /// - Throws: what is wrong with the condition, in the order of the text.
    public init(
        parsing text: String, words: Set<String> = [], variable: @escaping (String) -> FilterVariable?
    ) throws(ConstraintError) {
        var parser = ConstraintParser(text, words: words, variable: variable)
        program = try parser.parse()
        names = parser.names
        self.text = text
    }
}

/// What a name in a filter stands for.
public enum FilterVariable: Sendable, Hashable {
    /// A parameter, or anything else of which the possible values are known.
    case values(Distribution)
    /// Any number.
    case number
    /// Any text.
    case text
    /// What kind of value it is, nobody knows.
    case anything
}
