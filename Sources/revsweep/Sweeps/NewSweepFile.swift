import Files
import Foundation

/// A sweep file that a command has made, for a person to look through.
enum NewSweepFile {
    /// Writes it whole, makes the folder it belongs in, and says what to do next; or prints it if `output` is `-`.
    ///
    /// - Throws: `UserError` if there is such a file already, or an error of the file system.
    static func write(_ text: String, to output: String) throws {
        if output == "-" { return try Console.printData(text) }
        if OutputPath.isFile(output) {
            throw UserError(message: "\(output) is already there", help: "name another file: --output FILE")
        }
        let folder = URL(fileURLWithPath: output).deletingLastPathComponent().path
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        try AtomicFile.write(text, to: output)
        try OutputPath.sayWritten("wrote \(output); next: revsweep check \(shell: output)", to: output)
    }
}
