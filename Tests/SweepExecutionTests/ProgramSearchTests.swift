import Foundation
import SweepExecution
import TestSupport
import Testing

@Suite struct ProgramSearchTests {
    @Test func `a bare name is looked for along the path, a path starts at the given folder`() throws {
        let directory = try TemporaryDirectory()
        let program = try directory.write("#!/bin/sh\n", to: "bin/trainer", executable: true)
        let environment = ["PATH": "/nonexistent:\(directory.path)/bin"]
        #expect(try ProgramSearch.find("trainer", relativeTo: "/", environment: environment) == program)
        #expect(try ProgramSearch.find("./bin/trainer", relativeTo: directory.path) == program)
        #expect(try ProgramSearch.find(program, relativeTo: "/") == program)
    }

    /// What a program is called may decide what it does: busybox, the `python` of a virtual environment.
    @Test func `a program is called as it is written, also above its folder and through a link`() throws {
        let directory = try TemporaryDirectory()
        try directory.write("#!/bin/sh\n", to: "real/tool", executable: true)
        try directory.write("", to: "project/sweeps/sweep.yaml")
        try directory.write("", to: "elsewhere/notes")
        symlink("../real/tool", "\(directory.path)/project/alias")
        symlink("../project/sweeps", "\(directory.path)/elsewhere/link")
        let alias = "\(directory.path)/project/alias"
        #expect(try ProgramSearch.find("../alias", relativeTo: "\(directory.path)/project/sweeps") == alias)
        #expect(try ProgramSearch.find(".././sweeps/../alias", relativeTo: "\(directory.path)/project/sweeps") == alias)
        // Out of a folder that a link leads to the way goes on where that folder is, as for the kernel.
        #expect(try ProgramSearch.find("../alias", relativeTo: "\(directory.path)/elsewhere/link") == alias)
        #expect(try ProgramSearch.find("link/../alias", relativeTo: "\(directory.path)/elsewhere") == alias)
    }

    @Test func `what cannot be run says why`() throws {
        let directory = try TemporaryDirectory()
        let text = try directory.write("", to: "text")
        let environment = ["PATH": directory.path]
        #expect(throws: ProgramProblem.notFound(name: "missing", searched: "on PATH or beside revsweep")) {
            try ProgramSearch.find("missing", relativeTo: "/", environment: environment)
        }
        let beside = ProgramProblem.notFound(name: "text", searched: "on PATH or beside revsweep", beside: "./text")
        #expect(throws: beside) { try ProgramSearch.find("text", relativeTo: directory.path, environment: [:]) }
        #expect(beside.help == "the file beside the sweep file is './text'")
        let words = try #require(throws: ProgramProblem.self) {
            try ProgramSearch.find("python3 train.py", relativeTo: "/", environment: environment)
        }
        #expect(words.help == "each word is an element of its own: [python3, train.py]")
        #expect(
            ProgramProblem.notExecutable(path: "/my runs/it's.sh").help?.contains("chmod +x '/my runs/it'\\''s.sh';")
                == true)
        #expect(throws: ProgramProblem.notFound(name: "./missing", searched: "in \(directory.path)")) {
            try ProgramSearch.find("./missing", relativeTo: directory.path)
        }
        #expect(throws: ProgramProblem.notExecutable(path: text)) {
            try ProgramSearch.find("text", relativeTo: "/", environment: environment)
        }
        #expect(throws: ProgramProblem.isDirectory(path: directory.path)) {
            try ProgramSearch.find(directory.path, relativeTo: "/")
        }
    }
}

@Suite struct ScriptTests {
    @Test(arguments: [
        ("", "is an empty file", nil),
        ("echo hello\n", "is a script whose first line does not begin with '#!'", "sh, SCRIPT"),
        (
            "#!/bin/sh\r\necho\r\n", "names the interpreter '/bin/sh\\r': the file has Windows line ends",
            "sed -i 's/\\r$//'"
        ),
        (
            "#!/usr/bin/env sh\r\n", "names the interpreter '/usr/bin/env sh\\r': the file has Windows line ends",
            "sed -i"
        ),
        ("#!/no/such/python\n", "names the interpreter '/no/such/python', which is not there", "install it"),
        ("#!/usr/bin/env no-such-python\n", "names the interpreter 'no-such-python', which is not there", "install it"),
    ])
    func `a script that the system cannot run says why`(text: String, words: String, help: String?) throws {
        let directory = try TemporaryDirectory()
        try directory.write(text, to: "train", executable: true)
        let problem = try #require(throws: ProgramProblem.self) {
            try ProgramSearch.find("./train", relativeTo: directory.path)
        }
        #expect(problem.description.contains(words) && !problem.description.contains("\n"), "\(problem)")
        #expect(problem.help?.contains(help ?? "-") ?? (help == nil))
    }

    @Test(arguments: [
        "#!/bin/sh\n", "#! /bin/sh -e\n", "#!/usr/bin/env sh\n", "#!/usr/bin/env -S sh -e\n", "\u{7F}ELF", "PK\u{0}",
    ])
    func `what may be run is found`(text: String) throws {
        let directory = try TemporaryDirectory()
        let path = try directory.write(text, to: "train", executable: true)
        #expect(try ProgramSearch.find("./train", relativeTo: directory.path) == path)
    }
}
