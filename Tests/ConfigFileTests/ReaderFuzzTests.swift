import ConfigFile
import Foundation
import RandomStreams
import Testing

/// Whatever a text is, reading it ends in a tree or in words, and never in a trap.
@Suite struct ReaderFuzzTests {
    private static let texts = [
        """
        %YAML 1.1
        ---
        # A configuration with all that YAML has.
        defaults: &defaults {lr: !!float 1e-5, betas: [0.9, 0.999], amp: no}
        run: &run
          <<: [*defaults, {seed: 18446744073709551615}]
          text: |2-
              indented
            less

          folded: >+
            a
            b

          ? explicit
          : - x
            - &deep [[], {}, [{a: b}], c: d]
        'quo''ted': "esc\\u00e9 \\
          joined"
        empty:
        0: cat
        again: *run
        ...
        """, "\u{FEFF}a: 1\r\nb:\r\n  - ü\r\n  - {c: 🦊, ? d}\r\n",
    ]

    private static let tokens = [
        "&a ", "*a", "!!int ", "!!map ", "! ", "!<", "? ", ": ", "- ", "[", "]", "{", "}", ",", "\"", "'", "|", ">",
        "|1",
        "#", " #", "\t", "\r", "\n", "\n\n", "\u{85}", "\u{2028}", "\u{FEFF}", "\0", "\u{7}", "---\n", "...\n",
        "%TAG ! x\n",
        "<<: ", "~", "\\", "\\x", "é", "🦊", "\u{FFFD}", "\u{E000}",
    ]

    static func mutate(_ text: String, using random: inout RandomStream) -> String {
        var bytes = Array(text.utf8)
        for _ in 0...random.integer(below: 4) {
            let start = Int(random.integer(below: UInt64(bytes.count + 1)))
            let end = min(bytes.count, start + Int(random.integer(below: 12)))
            switch random.integer(below: 4) {
            case 0 where start < bytes.count: bytes[start] ^= 1 << UInt8(random.integer(below: 8))
            case 1: bytes.removeSubrange(start..<end)
            case 2:
                bytes.insert(contentsOf: bytes[start..<end], at: Int(random.integer(below: UInt64(bytes.count + 1))))
            default:
                let token = tokens[Int(random.integer(below: UInt64(tokens.count)))]
                bytes.replaceSubrange(start..<start, with: Array(token.utf8))
            }
        }
        return String(decoding: bytes, as: UTF8.self)
    }

    /// REVSWEEP_FUZZ_ROUNDS says how many mutations to try for a search by hand.
    static let rounds = ProcessInfo.processInfo.environment["REVSWEEP_FUZZ_ROUNDS"].flatMap(Int.init) ?? 3000

    @Test func `no text makes the reader trap, and every place it names is in the text`() {
        var random = RandomStream(seed: 3, stream: 1)
        var readable = 0
        for round in 0..<Self.rounds {
            let text = Self.mutate(Self.texts[round % Self.texts.count], using: &random)
            do {
                let root = try readConfig(text)
                #expect(try readConfig(root.yaml()).yaml() == root.yaml())
                readable += 1
            } catch {
                for diagnostic in error.diagnostics {
                    guard let place = diagnostic.location else { continue }
                    let isInText =
                        place.line >= 1 && place.column >= 1 && place.column <= diagnostic.line.unicodeScalars.count + 1
                    #expect(isInText, "\(diagnostic) in \(text.debugDescription)")
                }
            }
        }
        #expect((Self.rounds / 50..<Self.rounds).contains(readable), "\(readable)")
    }
}
