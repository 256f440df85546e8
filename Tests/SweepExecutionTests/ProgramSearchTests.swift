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

    @Test func `what cannot be run says why`() throws {
        let directory = try TemporaryDirectory()
        let text = try directory.write("", to: "text")
        let environment = ["PATH": directory.path]
        #expect(throws: ProgramProblem.notFound(name: "missing", searched: "on PATH or beside revsweep")) {
            try ProgramSearch.find("missing", relativeTo: "/", environment: environment)
        }
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
