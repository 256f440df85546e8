import About
import ArgumentParser
import Files

/// `revmlp manual`: writes the manual pages of this program. `scripts/install` calls it; help does not show it.
///
///     revmlp manual share/man/man1
struct ManualCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "manual", abstract: "Writes the manual pages to a folder.", shouldDisplay: false)

    @Argument(help: "The folder, which must exist.", completion: .directory) var folder: String

    func run() throws {
        for page in try ManualPage.pages(ofProgram: Revmlp._dumpHelp()) {
            try AtomicFile.write(page.text, to: "\(folder)/\(page.fileName)")
        }
    }
}
