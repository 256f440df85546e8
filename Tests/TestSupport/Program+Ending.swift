import Foundation
import Subprocess

extension Program {
    /// Runs the program, and sends it a signal unless it has ended by then.
    ///
    /// - Parameters:
    ///   - lines: how many lines of output to wait for before the signal is sent.
    ///   - delay: how long to wait after that.
    public func run(
        _ arguments: [String], in directory: String, ending signal: CInt, afterLines lines: Int = 0,
        delay: Duration = .zero
    ) throws -> Result {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: path)
        process.arguments = arguments
        process.currentDirectoryURL = URL(fileURLWithPath: directory)
        process.environment = Self.environment
        let (output, errors) = (Pipe(), Pipe())
        (process.standardOutput, process.standardError) = (output, errors)
        try process.run()
        var text = Data()
        while text.count(where: { $0 == 10 }) < lines {
            let more = output.fileHandleForReading.availableData
            if more.isEmpty { break }
            text += more
        }
        usleep(UInt32(delay / .microseconds(1)))
        kill(process.processIdentifier, signal)
        text += output.fileHandleForReading.readDataToEndOfFile()
        let complaints = errors.fileHandleForReading.readDataToEndOfFile()
        process.waitUntilExit()
        let code = process.terminationStatus
        return Result(
            status: process.terminationReason == .exit ? .exited(code) : .signaled(code),
            output: String(decoding: text, as: UTF8.self), errorOutput: String(decoding: complaints, as: UTF8.self))
    }
}
