import Files
import Foundation

/// A sweep file that a command has made, for a person to look through.
enum NewSweepFile {
    /// Writes it whole, makes the folder it belongs in, and says what to do next; or prints it if `output` is `-`.
    ///
    /// - Throws: `UserError` if there is such a file already, or an error of the file system.
    static func write(_ text: String, to output: String) throws {
        if output == "-" { return try Console.printData(text) }
        if FileManager.default.fileExists(atPath: output) {
            throw UserError(message: "\(output) is already there", help: "name another file: --output FILE")
        }
        let folder = URL(fileURLWithPath: output).deletingLastPathComponent().path
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        try AtomicFile.write(text, to: output)
        try Console.print("wrote \(output); next: revsweep check \(shell: output)")
    }
}
