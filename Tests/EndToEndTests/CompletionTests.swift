import Foundation
import TestSupport
import Testing

/// What the Tab key offers, asked of the shells themselves.
@Suite struct CompletionTests {
    /// A shell, and a script that prints what it offers for the line `$line` with the cursor at its end.
    struct Shell: CustomTestStringConvertible, Sendable {
        var name: String
        var script: String
        var testDescription: String { name }
    }

    private static let bash = Shell(
        name: "bash",
        script: """
            source <(revsweep --generate-completion-script bash)
            read -ra COMP_WORDS <<<"$line"
            [[ $line == *' ' ]] && COMP_WORDS+=('')
            COMP_CWORD=$((${#COMP_WORDS[@]} - 1)) COMP_LINE=$line COMP_POINT=${#line}
            function=$(complete -p revsweep | sed 's/.* -F \\([^ ]*\\) .*/\\1/')
            "$function" revsweep "${COMP_WORDS[COMP_CWORD]}" "${COMP_WORDS[COMP_CWORD - 1]}"
            [ ${#COMPREPLY[@]} -eq 0 ] || printf '%s\\n' "${COMPREPLY[@]}"
            """)

    /// Fish knows where the cursor is on a terminal alone; here it is told.
    private static let fish = Shell(
        name: "fish",
        script: """
            function commandline
                if contains -- -tC $argv
                    string length -- (builtin commandline -t)
                else
                    builtin commandline $argv
                end
            end
            revsweep --generate-completion-script fish | source
            complete --do-complete $line
            """)

    private static let shells = [bash, fish].filter { Machine.has($0.name) }

    /// A folder with the sweep `digits` of twelve trials in the results folder, and one that is not called so.
    private static func workplace() async throws -> Workplace {
        let place = try Workplace(budget: "{trials: 12}", settings: "name: digits")
        let run = try await place.revsweep("run", "test.yaml", "--quiet")
        try #require(run.status == .exited(0), "\(run.errorOutput)")
        try FileManager.default.copyItem(
            atPath: "\(place.directory.path)/results", toPath: "\(place.directory.path)/elsewhere")
        try FileManager.default.moveItem(
            atPath: "\(place.directory.path)/elsewhere/digits", toPath: "\(place.directory.path)/elsewhere/other")
        // It is no sweep, and Bash would run what is between the brackets.
        let trap = "\(place.directory.path)/results/$(touch trapped)"
        try FileManager.default.copyItem(atPath: "\(place.directory.path)/results/digits", toPath: trap)
        return place
    }

    /// What `shell` offers, without what it says beside it.
    private static func offers(
        _ line: String, _ shell: Shell, in place: Workplace, sourceLocation: SourceLocation = #_sourceLocation
    ) async throws -> [String] {
        let programs = URL(fileURLWithPath: Program.revsweep.path).deletingLastPathComponent().path
        let program = try #require(Program(onPath: shell.name))
        let result = try await program.run(
            (shell.name == "fish" ? ["--no-config", "-c"] : ["-c"]) + [shell.script], in: place.directory.path,
            environment: [
                "PATH": "\(programs):\(ProcessInfo.processInfo.environment["PATH"] ?? "/usr/bin:/bin")",
                "HOME": place.directory.path, "line": line,
            ])
        #expect(result.errorOutput.isEmpty, sourceLocation: sourceLocation)
        return result.output.split(separator: "\n").map { String($0.prefix { $0 != "\t" }) }
    }

    @Test(.enabled("there is neither bash nor fish") { !shells.isEmpty }, arguments: shells)
    func `commands, sweeps and trials are offered`(shell: Shell) async throws {
        let place = try await Self.workplace()
        func offers(_ line: String) async throws -> [String] { try await Self.offers(line, shell, in: place) }
        #expect(try await offers("revsweep sta") == ["status"])
        #expect(try await offers("revsweep status ") == ["digits"])
        #expect(try await offers("revsweep status dig") == ["digits"])
        #expect(try await offers("revsweep status x") == [])
        #expect(try await offers("revsweep rerun digits 1").sorted() == ["1", "10", "11"])
        #expect(try await offers("revsweep rerun digits ").count == 12)
        #expect(try await offers("revsweep rerun digits 3 1").sorted() == ["1", "10", "11"])
        #expect(try await offers("revsweep tell digits 2") == ["2"])
        #expect(try await offers("revsweep export digits --format ys").isEmpty)
        #expect(try await offers("revsweep export digits --format y") == ["yaml"])
        #expect(try await offers("revsweep ask ").sorted() == ["digits", "test.yaml"])
        #expect(try await offers("revsweep ask t") == ["test.yaml"])
        #expect(!FileManager.default.fileExists(atPath: "\(place.directory.path)/trapped"))
    }

    @Test(.enabled("there is neither bash nor fish") { !shells.isEmpty }, arguments: shells)
    func `the results folder of the line is looked into`(shell: Shell) async throws {
        let place = try await Self.workplace()
        func offers(_ line: String) async throws -> [String] { try await Self.offers(line, shell, in: place) }
        #expect(try await offers("revsweep status --results elsewhere ") == ["other"])
        #expect(try await offers("revsweep rerun --results elsewhere other 11") == ["11"])
        #expect(try await offers("revsweep rerun elsewhere/other 11") == ["11"])
        #expect(try await offers("revsweep status elsewhere/o") == ["elsewhere/other"])
    }

    @Test(.enabled("there is neither bash nor fish") { !shells.isEmpty }, arguments: shells)
    func `sweep files are offered, and other files are not`(shell: Shell) async throws {
        let place = try await Self.workplace()
        let files = try await Self.offers("revsweep run te", shell, in: place)
        #expect(files == ["test.yaml"])
        let others = try await Self.offers("revsweep run trai", shell, in: place)
        #expect(others.isEmpty)
    }

    /// The words come in three in Bash, which takes `=` to end a word.
    @Test func `a results folder after an equals sign is understood`() async throws {
        let place = try await Self.workplace()
        for words in [["--results=elsewhere"], ["--results", "=", "elsewhere"], ["--results", "'elsewhere'"]] {
            let line = ["revsweep", "status"] + words + [""]
            let result = try await Program.revsweep.run(
                ["---completion", "status", "--", "positional@0", "\(line.count - 1)", "0"] + line,
                in: place.directory.path)
            #expect(result.output == "other\n", "\(words): \(result.errorOutput)")
        }
    }

    @Test func `the name of the command is no sweep, also where a sweep has it`() async throws {
        let place = try await Self.workplace()
        // A sweep of one trial, which has the number 0: nothing of it would be offered.
        let small = try Workplace(budget: "{trials: 1}", settings: "name: show")
        let run = try await small.revsweep(
            "run", "test.yaml", "--quiet", "--results", "\(place.directory.path)/results")
        #expect(run.status == .exited(0), "\(run.errorOutput)")
        let result = try await Program.revsweep.run(
            ["---completion", "show", "--", "positional@1", "3", "0", "revsweep", "show", "digits", "1"],
            in: place.directory.path)
        // The shell leaves out those that do not begin as what was typed.
        #expect(result.output == (0..<12).map { "\($0)\n" }.joined(), "\(result.errorOutput)")
    }

    @Test func `every field that a sweep has is offered`() async throws {
        let place = try await Self.workplace()
        let result = try await Program.revsweep.run(
            ["---completion", "trials", "--", "--sort", "4", "0", "revsweep", "trials", "digits", "--sort", ""],
            in: place.directory.path)
        let fields = result.output.split(separator: "\n")
        #expect(fields.suffix(5) == ["origin", "source", "seed", "x", "metric.loss"], "\(result.output)")
        for field in fields {
            let sorted = try await place.revsweep("trials", "digits", "--sort", String(field))
            #expect(sorted.status == .exited(0), "\(field): \(sorted.errorOutput)")
        }
    }

    @Test(.enabled("there is no zsh") { Machine.has("zsh") })
    func `the script for zsh offers sweeps and trials with their states`() async throws {
        let place = try await Self.workplace()
        // Completion works on a terminal alone, so there is a pseudo-terminal with a shell in it.
        let script = """
            zmodload zsh/zpty zsh/zselect
            zpty -b inner "zsh -f -i"
            zpty -w inner "PS1= PROMPT_EOL_MARK=; stty cols 80; autoload -U compinit; compinit -u -D"
            zpty -w inner "source <(revsweep --generate-completion-script zsh); print READ\\Y"
            seen=
            await() { until [[ $seen == *$~1* ]]; do zpty -r inner text && seen+=$text || zselect -t 2; done }
            await READY
            zpty -n -w inner "$line"$'\t'
            await $wanted
            zpty -d inner
            """
        let programs = URL(fileURLWithPath: Program.revsweep.path).deletingLastPathComponent().path
        for (line, wanted) in [
            ("revsweep sta", "revsweep status"), ("revsweep status di", "revsweep status digits"),
            ("revsweep rerun digits 1", "11 *-- complete"),
        ] {
            let result = try await #require(Program(onPath: "timeout")).run(
                ["60", "zsh", "-f", "-c", script], in: place.directory.path,
                environment: [
                    "PATH": "\(programs):\(ProcessInfo.processInfo.environment["PATH"] ?? "/usr/bin:/bin")",
                    "HOME": place.directory.path, "TERM": "xterm", "line": line, "wanted": wanted,
                ])
            #expect(result.status == .exited(0), "\(line): \(result.output) \(result.errorOutput)")
        }
    }
}
