import Foundation
import TestSupport
import Testing

/// Text from trainers, files and databases can neither command the terminal nor mislead the person who reads it.
@Suite struct HostileTextTests {
    /// Escape sequences and other C0 controls, DEL, C1, marks of text direction, joiners, line separators.
    private static let hidden =
        "\u{1B}]52;c;ZXZpbA==\u{7}\u{1B}[2J\u{7F}\u{9B}31m\u{202E}\u{2066}\u{200F}\u{200D}\u{2028}\u{2029}\u{85}"

    private static func place() throws -> Workplace {
        let place = try Workplace()
        let escaped = hidden.unicodeScalars.map { "\\u" + String(String($0.value + 0x10000, radix: 16).suffix(4)) }
            .joined()
        try place.directory.write(hidden, to: "hidden")
        try place.directory.write(
            """
            #!/bin/sh
            cat hidden; cat hidden >&2
            printf '\\n{"loss": 1, "%s": 2}\\n' "$(cat hidden)"
            [ "$REVSWEEP_TRIAL" != 1 ] || exit 3
            """, to: "trainer.sh", executable: true)
        try place.directory.write(
            """
            metric: {name: loss, goal: minimize}
            trainer: {command: [./trainer.sh]}
            parameters:
              p: {type: choice, values: ["a\(escaped)b"]}
              q: {type: choice, values: ["👩\u{200D}💻"]}
            sampler: random
            budget: {trials: 3}
            """, to: "test.yaml")
        return place
    }

    private static func harm(_ text: String) -> [String] {
        text.replacing("👩\u{200D}💻", with: "").unicodeScalars.filter { scalar in
            scalar != "\n"
                && [.control, .format, .lineSeparator, .paragraphSeparator].contains(scalar.properties.generalCategory)
        }.map { String($0.value, radix: 16) }
    }

    @Test func `no command passes it on`() async throws {
        let place = try Self.place()
        for command in [
            "check test.yaml", "check test.yaml --json", "run test.yaml", "run test.yaml --json", "status test",
            "status test --json", "trials test", "trials test --json", "best test", "best test --json",
            "export test --format json", "ask test", "resume test", "tell test 0 --value 1", "stop test",
            "enqueue test 'p=\(Self.hidden)'", "enqueue test '\(Self.hidden)=1'", "status '\(Self.hidden)'",
            "run '\(Self.hidden).yaml'", "'\(Self.hidden)'", "trials test --state '\(Self.hidden)'",
            "trials test --sort '\(Self.hidden)'", "trials test --filter '\(Self.hidden)'",
            "trials test --filter \"state == '\(Self.hidden)'\"", "trials test --columns '\(Self.hidden)'",
            "trials test --columns number,p,reason", "trials test --sort p --filter 'number >= 0'", "show test 0",
            "show test 1", "show test 1 --json", "compare test 0 1 --all", "compare test 0 1 --json",
            "show test '\(Self.hidden)'", "logs test '\(Self.hidden)'", "logs '\(Self.hidden)' 0",
            "tell test 0 '\(Self.hidden)'", "export test -o '/\(Self.hidden)/x'",
        ] {
            let result = try await place.shell("$revsweep \(command)")
            #expect(!(result.output + result.errorOutput).isEmpty, "\(command)")
            #expect(Self.harm(result.output) == [] && Self.harm(result.errorOutput) == [], "\(command)")
        }
        let trials = try await place.revsweep("trials", "test").output
        #expect(trials.contains("a�]52;c;ZXZpbA==��[2J��31m") && trials.split(separator: "\n").count == 4)
        // A joiner is kept inside an emoji, which is its proper use.
        #expect(trials.contains("👩\u{200D}💻"))
        // The output for programs has the text unchanged.
        struct Trial: Decodable {
            struct Params: Decodable { var p: String }
            var params: Params
            var metrics: [String: Double]
        }
        let json = try await place.revsweep("trials", "test", "--json").output
        let trial = try JSONDecoder().decode([Trial].self, from: Data(json.utf8)).first
        #expect(trial?.params.p == "a\(Self.hidden)b")
    }

    @Test func `the last words of a trainer, and the line of a mistake, are shown without it`() async throws {
        let place = try Workplace("cat ../../../../hidden >&2; exit 3", budget: "{trials: 1}")
        try place.directory.write(Self.hidden, to: "hidden")
        let run = try await place.revsweep("run", "test.yaml")
        #expect(run.status == .exited(2) && Self.harm(run.errorOutput) == [])
        #expect(run.errorOutput.contains("�]52;c;ZXZpbA==�"))
        try place.directory.write(
            "metric: {name: \"loss\u{202E}\", goal: mini}\nparameter: 1 # \u{2066}\n", to: "bad.yaml")
        let check = try await place.revsweep("check", "bad.yaml")
        #expect(check.status == .exited(1) && Self.harm(check.errorOutput) == [], "\(check.errorOutput)")
    }

    @Test func `no view on a terminal passes it on`() async throws {
        let place = try Self.place()
        _ = try await place.revsweep("run", "test.yaml", "--quiet")
        for arguments in [
            ["trials", "test"], ["trials", "test", "--columns", "number,p,reason"], ["trials", "test", "--csv"],
            ["show", "test", "0"], ["show", "test", "1"], ["compare", "test", "0", "1", "--all"], ["status", "test"],
            ["explain", "test", "0"], ["explain", "test", "1"], ["explain", "test"],
            ["logs", "test", "0"], ["logs", "test", "1", "--stderr"], ["logs", "test", "1", "--follow"],
        ] {
            let terminal = try PseudoTerminal(columns: 100, rows: 50)
            let ending = try await terminal.run(.revsweep, arguments, in: place.directory.path)
            #expect(ending == .exited(0) && terminal.screen.alarms == [], "\(arguments)")
            #expect(!String(decoding: terminal.bytes, as: UTF8.self).contains("\u{202E}"), "\(arguments)")
        }
    }

    /// A terminal without UTF-8 may act on parts of other characters.
    @Test func `a terminal that shows ASCII alone gets nothing else`() async throws {
        let place = try Workplace()
        try place.directory.write(
            """
            #!/bin/sh
            echo "eine Größe"; echo "{\\"loss\\": $1}"
            """, to: "trainer.sh", executable: true)
        try place.directory.write(
            """
            metric: {name: loss, goal: minimize}
            trainer: {command: [./trainer.sh, "{param:größe}"]}
            parameters:
              größe: {type: uniform, min: 0, max: 1}
              name: {type: choice, values: [損失, "\\x9B2J"]}
            sampler: random
            budget: {trials: 4}
            """, to: "test.yaml")
        for environment in [["LC_ALL": "C"], ["LC_ALL": "C", "TERM": "dumb"]] {
            for arguments in [
                ["run", "test.yaml", "--plain"], ["best", "test"], ["best", "test", "--json"], ["importance", "test"],
                ["importance", "test", "--method", "fanova"], ["status", "test"], ["trials", "test"],
                ["trials", "test", "--csv"], ["show", "test", "0"], ["compare", "test", "0", "1", "--all"],
                ["explain", "test"], ["explain", "test", "0"], ["logs", "test", "0"], ["export", "test"],
                ["check", "test.yaml"], ["status", "größe"],
            ] {
                let terminal = try PseudoTerminal(columns: 100, rows: 50)
                let ending = try await terminal.run(
                    .revsweep, arguments, in: place.directory.path, environment: environment)
                #expect(ending == .exited(arguments == ["status", "größe"] ? 1 : 0), "\(arguments)")
                #expect(!terminal.bytes.isEmpty && terminal.bytes.allSatisfy { $0 < 0x80 }, "\(arguments)")
            }
        }
    }

    private static let script = FileManager.default.isExecutableFile(atPath: "/usr/bin/script")

    @Test(.enabled(if: script, "needs script(1)"))
    func `what programs and logs have as it is, is shown on a terminal without it`() async throws {
        let place = try Self.place()
        let result = try await place.shell(
            """
            $revsweep run test.yaml --quiet
            export NO_COLOR=1 TERM=dumb
            for command in "export test --format yaml" "export test --format csv" "trials test" "trials test --csv" \
                "trials test --columns p,q --csv" "show test 1" "compare test 0 1 --all" "logs test 0" \
                "logs test 1 --stderr" "logs test 0 -f" "status test"
            do script -qec "$revsweep $command" /dev/null < /dev/null; done
            """)
        #expect(Self.harm(result.output.replacing("\r\n", with: "\n")) == [])
        #expect(result.output.contains("�"))
    }
}
