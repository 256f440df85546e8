import ConfigFile
import SweepModel

extension ArgumentForm {
    private static let words = ["space", "plain", "flags", "no", "dashes", "json", "file"]
    private static let styles: [String: Style] = ["space": .space, "plain": .plain, "json": .json, "file": .file]
    private static let help = """
        known are {args} {args:space} {args:plain} {args:json} {args:file}; with :flags, or :flags:no, \
        and :dashes where there are names with '--'
        """

    /// Reads the words after `args`, such as `args:space:dashes`.
    ///
    /// - Parameter name: the placeholder without its braces.
    /// - Throws: `TemplateProblem` for a word that has no meaning, is given twice or contradicts another.
    init(parsing name: String) throws(TemplateProblem) {
        let words = name.split(separator: ":", omittingEmptySubsequences: false).dropFirst().map(String.init)
        self.init()
        for (position, word) in words.enumerated() {
            guard Self.words.contains(word) else {
                throw TemplateProblem(
                    message: "'{\(name)}' is no form of arguments: '\(word)' has no meaning there",
                    help: nearest(word, among: Self.words).map { "did you mean '\($0)'?" } ?? Self.help)
            }
            if words[..<position].contains(word) {
                throw TemplateProblem(message: "'{\(name)}' says '\(word)' twice")
            }
            if let style = Self.styles[word] {
                if self.style != .equals {
                    throw TemplateProblem(
                        message: "'{\(name)}' is no form of arguments: '\(word)' excludes what stands before it",
                        help: Self.help)
                }
                self.style = style
            }
        }
        hasDashes = words.contains("dashes")
        if words.contains("flags") { flags = words.contains("no") ? .negated : .present }
        if words.contains("no"), flags == .asValues {
            throw TemplateProblem(
                message: "'{\(name)}' is no form of arguments: '--no-NAME' is for flags",
                help: "write {args:flags:no}")
        }
        let hasOptions = style == .equals || style == .space
        if !hasOptions, flags != .asValues || hasDashes {
            throw TemplateProblem(
                message: "'{\(name)}' is no form of arguments: there are no names with '--' in it", help: Self.help)
        }
    }
}
