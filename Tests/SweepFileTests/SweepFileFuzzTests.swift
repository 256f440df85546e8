import ConfigFile
import RandomStreams
import SweepFile
import SweepModel
import TestSupport
import Testing

/// Whatever a text says, reading it ends in a sweep or in words, and never in a trap.
@Suite struct SweepFileFuzzTests {
    private static let base =
        "model: {hidden: 64}\noptimizer:\n  name: sgd\n  rate: 0.1\n  momentum: &m 0.9\n  again: *m\n"

    private static let files = [
        SweepText(
            trainer: "{command: [python, -m, train, '{config}', '{seed}', '{{x}}'], config: ../base.yaml, env: {A: 1}}",
            budget: "{trials: 60, time: 1h30m, failures: 20}",
            parameters: """
                optimizer.name: {type: choice, values: [sgd, adam], weights: [1, 2]}
                optimizer.rate: {type: loguniform, min: 1e-4, max: 1}
                optimizer.momentum: {type: uniform, min: 0, max: 0.99, when: {optimizer.name: sgd}}
                model.hidden: {type: int, min: 32, max: 512, log: true, step: 2}
                """,
            rest: """
                enqueue: [{optimizer.name: sgd, optimizer.momentum: 0.5}, {}]
                sampler: {name: tpe, seed: 7}
                resources: {parallel: auto, threads: 2, timeout: 90s}
                retry: {attempts: 2, on: [crash, timeout]}
                reproducible: {lag: 8}
                """
        ).text,
        """
        # block style, anchors, every kind of scalar
        metric:
          name: "loss"
          goal: minimize
        trainer:
          command:
          - ./train.sh
          - '{args}'
          - --x={param:a}
          - |
            text
        parameters:
          a: &range
            type: uniform
            min: -1.5
            max: 0x10
          b:
            <<: *range
            when:
              a: [0, 1]
          c: {type: choice, values: [1, 'no', true, 2.5, "é"], when: {b: 1}}
        budget:
          trials: 0o17
        """,
        SweepText(
            budget: "{}",
            parameters: """
                a: {type: quniform, min: 0, max: 1, step: 0.25, points: 3}
                b: {type: qloguniform, min: 1, max: 64, step: 2, when: {a: "<= 0.5"}}
                c: {type: normal, mean: 0, std: 1, max: 2, points: 2}
                d: {type: qlognormal, mean: 1, std: 0.5, step: 1, when: {a: {">": 0, "<": 1}}}
                e: {type: ordinal, values: [s, m, l], when: {f: v}}
                f: {type: constant, value: v}
                g: {type: int, min: 1, max: 8, when: {e: ">= m"}}
                """,
            rest: """
                constraints: ["a + c ** 2 <= 9 or not (g in [1, 2] and e != 's')", "max(a, -b) < 2"]
                sampler: {name: grid, seed: 7, points: 2}
                enqueue: [{a: 0.5, b: 4}]
                """
        ).text,
    ]

    private static let tokens = [
        "9223372036854775808", "9223372036854775807", "-9223372036854775808", "-0", "-0.0", ".nan", ".inf", "1e999",
        "5e-324", "[]", "{}",
        "[[]]", "{a: }", "*a", "&a ", "*range", "&range ", "!!binary ", "!!str ", "! ", "!!float ", "!!int ", "!!null ",
        "?", "? ", "|", ">", "|9\n",
        "\t", "\0", "\r",
        "\u{85}", "\u{2028}", "\u{FEFF}", "🦊", "'", "\"", "\\", "\"\\x\"", "#", " #", "- ", "---\n", "...\n",
        "%YAML 9\n", "<<: ", ":", ": ",
        ",", "null", "~", "true", "sgd", "choice", "int", "step: 0", "log: true", "when: {a: 1}", "{config}", "{", "}}",
        "{param:", "=", "", "<", ">=", "**", "not ", "(", "or", "log(", "qnormal", "ordinal", "'< 1'", "points: 2",
        "1e300",
    ]

    /// Reads a text, and uses the sweep if there is one.
    ///
    /// - Returns: whether there is one.
    private static func read(_ text: String, base: String) -> Bool {
        do {
            let file = try SweepFile(
                source: SourceFile(path: "s.yaml", text: text), base: SourceFile(path: "b.yaml", text: base),
                directory: "/")
            var random = RandomStream(seed: 1, stream: 2)
            let assignment = try file.sweep.space.complete(file.sweep.enqueued.first ?? [:], using: &random)
            if let config = file.config(for: assignment, seed: 1) {
                let read = try ConfigDocument(parsing: SourceFile(path: "c.yaml", text: config.yaml())).root
                // As text, because a NaN does not equal itself.
                #expect(read.yaml() == config.yaml())
            }
            let context = CommandTemplate.Context(
                config: "c", trialDirectory: "t", sweepDirectory: "s", number: 1, attempt: 1, seed: 1,
                resources: Resources(),
                parameters: assignment.map { ($0.name, $0.value) })
            #expect(file.sweep.trainer.command.flatMap { $0.arguments(in: context) }.isEmpty == false)
            #expect(file.changes(since: file) == [])
            return true
        } catch let error as DiagnosticsError {
            let lines = error.diagnostics.flatMap { [$0.message, $0.help ?? "-"] }
            #expect(lines.allSatisfy { !$0.isEmpty }, "\(error)")
            #expect(Set(error.diagnostics).count == error.diagnostics.count, "\(error)")
            #expect(!error.description.contains("\0"))
            return false
        } catch {
            Issue.record("\(error) of\n\(text)")
            return false
        }
    }

    private static func mutate(_ text: String, using random: inout RandomStream) -> String {
        var bytes = Array(text.utf8)
        func place(_ random: inout RandomStream) -> Int { Int(random.integer(below: UInt64(bytes.count + 1))) }
        for _ in 0...random.integer(below: 3) {
            let start = place(&random)
            let end = min(bytes.count, start + Int(random.integer(below: 12)))
            switch random.integer(below: 6) {
            case 0 where start < bytes.count: bytes[start] ^= 1 << UInt8(random.integer(below: 8))
            case 1: bytes.removeSubrange(start..<end)
            case 2: bytes.insert(contentsOf: bytes[start..<end], at: place(&random))
            case 3:
                var lines = bytes.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
                let count = UInt64(lines.count)
                lines.swapAt(Int(random.integer(below: count)), Int(random.integer(below: count)))
                bytes = Array(lines.joined(separator: [UInt8(ascii: "\n")]))
            default:
                let words = bytes.indices.filter { !isLetter(bytes[$0]) }
                let start = words.isEmpty ? 0 : words[Int(random.integer(below: UInt64(words.count)))] + 1
                let length = bytes[min(start, bytes.count)...].prefix(while: isLetter).count
                let token = tokens[Int(random.integer(below: UInt64(tokens.count)))]
                bytes.replaceSubrange(
                    min(start, bytes.count)..<min(start, bytes.count) + length, with: Array(token.utf8))
            }
        }
        return String(decoding: bytes, as: UTF8.self)
    }

    private static func isLetter(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "."),
            UInt8(ascii: "_"):
            true
        default: false
        }
    }

    /// 102,000 mutations in all.
    @Test(.tags(.slow), arguments: 0..<51) func `no sweep file makes the reader trap`(seed: Int) {
        var random = RandomStream(seed: UInt64(seed), stream: 4)
        let text = Self.files[seed % Self.files.count]
        #expect(Self.read(text, base: Self.base), "the unchanged file is right")
        let right = (0..<2000).count { _ in Self.read(Self.mutate(text, using: &random), base: Self.base) }
        // Some mutations fall into a comment or leave another sweep; most do not.
        #expect((20..<1800).contains(right), "\(right)")
    }

    @Test func `no base configuration makes the reader trap`() {
        var random = RandomStream(seed: 1, stream: 5)
        let right = (0..<2000).count { _ in Self.read(Self.files[0], base: Self.mutate(Self.base, using: &random)) }
        #expect((20..<1800).contains(right))
    }
}
