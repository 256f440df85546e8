import ConfigFile
import Files
import Foundation
import SweepConversion
import SweepFile

extension SweepFile {
    /// Reads a sweep file. One of W&B is converted in memory, and runs as it is; for a file of another tool, says what
    /// it is and how it is converted.
    ///
    /// - Parameter say: receives what a user should know about a converted file.
    /// - Throws: `DiagnosticsError` with every mistake that was found, or `UserError` for a file that has to be
    ///   converted first.
    static func reading(_ path: String, say: (String) -> Void = Console.printError) throws -> SweepFile {
        do {
            return try SweepFile.read(path: path)
        } catch {
            guard let file = try? ForeignFile.recognize(path: path) else { throw error }
            let output = URL(fileURLWithPath: path).deletingPathExtension().lastPathComponent + ".revsweep.yaml"
            let help = "convert it: revsweep convert \(shell: path) -o \(shell: output)"
            guard file.tool == .wandb else {
                throw UserError(message: "\(path) is \(file.tool.fileDescription), and not of revsweep", help: help)
            }
            // The program is named as it is seen from here, where an agent of W&B would be started, too.
            let here = RelativePath.from(path, to: ".")
            let conversion = try file.converted(
                ConversionContext(
                    directory: here.isEmpty ? nil : here,
                    fileName: URL(fileURLWithPath: path).deletingPathExtension().lastPathComponent))
            if !conversion.gaps.isEmpty {
                throw UserError(
                    message: "\(path) is \(file.tool.fileDescription), and does not say all that a sweep needs:\n"
                        + conversion.gaps.map { "  \($0)" }.joined(separator: "\n"),
                    help: help + ", and complete the sweep file")
            }
            say("\(path) is \(file.tool.fileDescription), and is run as it is. To change it, \(help)")
            for note in conversion.notes { say(note.description) }
            let directory = URL(fileURLWithPath: path.absolutePath()).deletingLastPathComponent().path
            return try SweepFile(
                source: SourceFile(path: path, text: conversion.text), base: nil, directory: directory)
        }
    }
}
