import Foundation

/// A manual page for `man`, made of what a command's `--help` says.
///
/// So there is one text to keep right, and a page cannot say something else than the program does:
///
///     for page in try ManualPage.pages(ofProgram: Revsweep._dumpHelp()) { print(page.fileName) }
///     // revsweep.1
///     // revsweep-run.1
///     // …
public struct ManualPage: Sendable {
    /// Such as `revsweep-run.1`; `man revsweep run` finds it.
    public var fileName: String
    /// The page in the language of `man`.
    public var text: String

    /// A page for the program, and one for each of its commands.
    ///
    /// - Parameter description: what the argument parser says of the program, in JSON.
    /// - Throws: `DecodingError` if it is something else.
    public static func pages(ofProgram description: String) throws -> [ManualPage] {
        let program = try CommandDescription(json: Data(description.utf8))
        let exitCodes = CommandDiscussion(program.discussion ?? "", of: program.commandName).exitCodes
        func pages(of command: CommandDescription) -> [ManualPage] {
            [ManualPage(command, of: program, exitCodes: exitCodes)] + command.shownSubcommands.flatMap(pages)
        }
        return pages(of: program)
    }

    /// - Parameter exitCodes: those of the whole program, where the command does not say its own.
    private init(
        _ command: CommandDescription, of program: CommandDescription, exitCodes: [CommandDiscussion.ExitCode]
    ) {
        let name = Self.name(of: command.words)
        let discussion = CommandDiscussion(command.discussion ?? "", of: program.commandName)
        var source = ManualSource()
        source.title(name.uppercased(), version: "\(program.commandName) \(ProgramVersion.number)")
        source.section("NAME")
        source.line("\(name) - \(Self.inASentence(command.abstract ?? ""))")
        source.section("SYNOPSIS")
        source.bold(command.words.joined(separator: " "))
        source.raw(Self.synopsis(of: command))
        source.section("DESCRIPTION")
        source.line(command.abstract ?? "")
        for paragraph in discussion.paragraphs { source.paragraph(paragraph) }
        let arguments = command.shownArguments
        source.entries("ARGUMENTS", arguments.filter { $0.kind == .positional })
        source.entries("OPTIONS", arguments.filter { $0.kind != .positional })
        let commands = command.shownSubcommands
        if !commands.isEmpty { source.section("COMMANDS") }
        for command in commands { source.entry(reference: Self.name(of: command.words), command.abstract ?? "") }
        let codes = discussion.exitCodes.isEmpty ? exitCodes : discussion.exitCodes
        if !codes.isEmpty { source.section("EXIT STATUS") }
        for code in codes { source.entry(bold: code.code, code.meaning) }
        if !discussion.examples.isEmpty { source.section("EXAMPLES") }
        for example in discussion.examples { source.example(example.command, comment: example.comment) }
        source.section("SEE ALSO")
        source.references(
            (command.words.count > 1 ? [Self.name(of: command.words.dropLast())] : [])
                + commands.map { Self.name(of: $0.words) }
                + (program.commandName == "revsweep" ? ["revmlp"] : ["revsweep"]))
        fileName = "\(name).1"
        text = source.text
    }

    private static func name(of words: some Sequence<String>) -> String { words.joined(separator: "-") }

    /// `Runs a sweep.` as what follows the name: `runs a sweep`.
    private static func inASentence(_ abstract: String) -> String {
        let text = abstract.hasSuffix(".") ? String(abstract.dropLast()) : abstract
        // Not an abbreviation such as `SQL`.
        let isWord = text.dropFirst().first?.isUppercase == false
        return isWord ? text.prefix(1).lowercased() + text.dropFirst() : text
    }

    /// The arguments in the order in which they are typed, options in between.
    private static func synopsis(of command: CommandDescription) -> [String] {
        // Every command has these two, so they would hide the others.
        let general = ["--version", "--help"]
        let options = command.shownArguments.filter { argument in
            argument.kind != .positional && !(argument.names ?? []).contains { general.contains($0.typed) }
        }
        var parts = options.map { argument in
            let name = argument.names?.last { $0.kind == .long } ?? argument.names?.last
            let option = ManualSource.bolded(name?.typed ?? "")
            let value = argument.kind == .option ? " " + ManualSource.italic(argument.valueName ?? "value") : ""
            let whole = option + value
            return (argument.isOptional ? "[\(whole)]" : whole) + (argument.isRepeating ? " ..." : "")
        }
        parts += command.shownArguments.filter { $0.kind == .positional }.map { argument in
            let value = ManualSource.italic(argument.valueName ?? "value")
            return (argument.isOptional ? "[\(value)]" : value) + (argument.isRepeating ? " ..." : "")
        }
        return parts + (command.shownSubcommands.isEmpty ? [] : [ManualSource.italic("command") + " ..."])
    }
}
