import Files
import TestSupport
import Testing

/// Words of command lines that are copied into a shell.
@Suite struct ShellWordTests {
    @Test(arguments: [
        ("plain-1.0/a_b=c:d,e+f@g%h", "plain-1.0/a_b=c:d,e+f@g%h"), ("größe", "größe"), ("", "''"), ("a b", "'a b'"),
        ("it's", "'it'\\''s'"), ("$HOME", "'$HOME'"), ("*", "'*'"), ("a\u{A0}b", "'a\u{A0}b'"),
        // To Swift this is no quote but a quote with an accent.
        ("a'\u{301};b", "'a'\\''\u{301};b'"),
        ("for x in y:\n\tprint('\\n')", #"$'for x in y:\n\tprint(\'\\n\')'"#),
        ("\u{1B}[2J\r\u{7F}\u{85}7\u{202E}", #"$'\033[2J\r\177\302\2057\342\200\256'"#),
        ("👩\u{200D}💻", "👩\u{200D}💻"), ("a\u{200D}b", #"$'a\342\200\215b'"#),
    ])
    func `a word has quotes where a shell needs them, and nothing in it is hidden`(word: String, expected: String) {
        #expect(ShellWord.text(word) == expected)
        #expect("run \(shell: word)" == "run \(expected)")
    }

    @Test(.enabled("there is no bash") { Program(onPath: "bash") != nil })
    func `bash reads every word as it was`() async throws {
        let bash = try #require(Program(onPath: "bash"))
        let folder = try TemporaryDirectory()
        // All characters that could mean something, each before a digit and a letter, and words of several of them.
        let scalars = (UInt32(1)...0xBF).compactMap { Unicode.Scalar($0) } + "\u{200B}\u{2028}\u{FEFF}é中".unicodeScalars
        var words = scalars.map { String($0) + "7a" + String($0) }
        words += ["", "a 'b' \"c\" $d `e` \\f !g #h ~i {j,k} *?[l] \n", "\\\\\n'\n", "'\u{301}\n", "\r\n"]
        let line = words.map(ShellWord.text).joined(separator: " ")
        #expect(!line.unicodeScalars.contains { $0.properties.generalCategory == .control })
        let result = try await bash.run(["-c", "printf '%s\\0' \(line)"], in: folder.path)
        #expect(result.status == .exited(0), "\(result.errorOutput)")
        let read = result.output.unicodeScalars.split(separator: "\0", omittingEmptySubsequences: false)
            .dropLast().map { String(String.UnicodeScalarView($0)) }
        #expect(read == words)
    }
}
