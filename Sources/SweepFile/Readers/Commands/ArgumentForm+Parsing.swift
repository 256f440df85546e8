import ConfigFile
import SweepModel

extension ArgumentForm {
    /// The words that may follow `args`, each at most once.
    private static let words = [
        "space", "plain", "append", "override", "json", "file", "flags", "no", "dashes", "python", "nested",
    ]
    /// The words that choose a style, of which there may be one; without any it is `equals`, as in `--lr=0.1`.
    private static let styles: [String: Style] = [
        "space": .space, "plain": .plain, "append": .append, "override": .override, "json": .json, "file": .file,
    ]
    private static let help = """
        known are {args} {args:space} {args:plain} {args:append} {args:override} {args:json} {args:file}; \
        with :flags, or :flags:no, and :dashes where there are names with '--', :python where it is no JSON, \
        and :nested
        """

    /// Reads the words after `args`, such as `args:space:dashes`.
    ///
    ///     args                    --lr=0.1 --fast=true
    ///     args:space              --lr 0.1 --fast true
    ///     args:flags              --lr=0.1 --fast
    ///     args:space:dashes       names with - in place of _
    ///     args:plain              lr=0.1 fast=true
    ///     args:json:flags         refused: there are no names with '--' in it
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
        isNested = words.contains("nested")
        if words.contains("python") { spelling = .python }
        if isOneText, spelling == .python {
            throw TemplateProblem(
                message: "'{\(name)}' is no form of arguments: JSON is not spelled as Python prints", help: Self.help)
        }
        let hasOptions = style == .equals || style == .space
        if !hasOptions, flags != .asValues || hasDashes {
            throw TemplateProblem(
                message: "'{\(name)}' is no form of arguments: there are no names with '--' in it", help: Self.help)
        }
    }
}
