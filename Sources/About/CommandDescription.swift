import Foundation

/// A command with its arguments and subcommands, as the argument parser describes it.
///
///     try CommandDescription(json: Data(Revsweep._dumpHelp().utf8))
///
/// Only what a manual page says is read; the parser may describe more.
struct CommandDescription: Decodable, Sendable {
    struct Argument: Decodable, Sendable {
        enum Kind: String, Decodable {
            case positional, option, flag
        }

        struct Name: Decodable, Sendable {
            enum Kind: String, Decodable {
                case long, short, longWithSingleDash
            }

            var kind: Kind
            var name: String

            /// With its dashes, as it is typed.
            var typed: String { (kind == .long ? "--" : "-") + name }
        }

        var kind: Kind
        var shouldDisplay: Bool
        var isOptional: Bool
        var isRepeating: Bool
        /// Nil for arguments that are told by their position.
        var names: [Name]?
        var valueName: String?
        var defaultValue: String?
        var allValues: [String]?
        var abstract: String?
        var discussion: String?
    }

    var commandName: String
    var superCommands: [String]?
    var abstract: String?
    var discussion: String?
    var shouldDisplay: Bool
    var arguments: [Argument]?
    var subcommands: [CommandDescription]?

    /// The program and the commands on the way to this one, as they are typed: `["revmlp", "data", "fetch"]`.
    var words: [String] { (superCommands ?? []) + [commandName] }

    /// The arguments that help shows.
    var shownArguments: [Argument] { (arguments ?? []).filter(\.shouldDisplay) }

    /// The subcommands that help shows, without the one that only prints help.
    var shownSubcommands: [CommandDescription] {
        (subcommands ?? []).filter { $0.shouldDisplay && $0.commandName != "help" }
    }

    /// - Throws: `DecodingError` if it is not such a description.
    init(json: Data) throws {
        struct Document: Decodable {
            var command: CommandDescription
        }
        self = try JSONDecoder().decode(Document.self, from: json).command
    }
}
