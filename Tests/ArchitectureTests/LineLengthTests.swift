import Foundation
import TestSupport
import Testing

/// How wide the code is. The formatter wraps all but strings, regular expressions and comments.
@Suite struct LineLengthTests {
    /// In Unicode code points.
    private static let limit = 120

    @Test func `no line passes 120 characters`() throws {
        for path in try Self.paths() {
            let text = try String(contentsOfFile: Project.path(path), encoding: .utf8)
            for line in Self.longLines(of: text) {
                Issue.record("\(path):\(line.number) has \(line.length) characters")
            }
        }
    }

    @Test func `the characters of a line are its code points`() {
        let full = String(repeating: "…", count: Self.limit)
        #expect(Self.longLines(of: "\(full)\n\n\(full)\n").isEmpty)
        let long = Self.longLines(of: "\n\(full)\u{301}\na\n\(full)12")
        #expect(long.map { [$0.number, $0.length] } == [[2, 121], [4, 122]])
    }

    /// Below the project's root: the package's description and all code.
    private static func paths() throws -> [String] {
        var paths = ["Package.swift"]
        for folder in ["Sources", "Tests", "Benchmarks"] {
            let found = try FileManager.default.subpathsOfDirectory(atPath: Project.path(folder))
            paths += found.filter { $0.hasSuffix(".swift") }.sorted().map { "\(folder)/\($0)" }
        }
        return paths
    }

    private static func longLines(of text: String) -> [(number: Int, length: Int)] {
        text.unicodeScalars.split(separator: "\n", omittingEmptySubsequences: false).enumerated()
            .map { index, line in (number: index + 1, length: line.count) }
            .filter { $0.length > limit }
    }
}
