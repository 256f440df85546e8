import Foundation
import SweepEngine
import SweepFile
import SweepStore
import Testing

/// Sweeps that are there already, and files that say something else than they did.
@Suite struct ChangedFileTests {
    private static let settings = "budget: {trials: 3}\nresources: {parallel: 1}"

    /// A sweep of three trials, the first at 0.75.
    private static func ended() async throws -> ShellSweep {
        let sweep = try ShellSweep("echo \"{\\\"loss\\\": 1}\"", settings + "\nenqueue: [{x: 0.75}]")
        _ = try await sweep.run()
        return sweep
    }

    private static let file = """
        name: test
        metric: {name: loss, goal: minimize}
        trainer: {command: [./trainer.sh, "{args}"], directory: "{trial_dir}"}
        parameters:
          x: {type: uniform, min: 0, max: 1}
        \(settings)
        enqueue: [{x: 0.75}]
        """

    private static func opening(
        _ sweep: ShellSweep, _ text: String, in folder: String = "", accepting: Bool = false
    ) async throws -> OpenSweep {
        try sweep.directory.write(text, to: "\(folder)test.yaml")
        return try await OpenSweep.starting(
            SweepFile.read(path: "\(sweep.directory.path)/\(folder)test.yaml"),
            below: "\(sweep.directory.path)/results", cores: 2, acceptsChanges: accepting, at: Date())
    }

    /// What is changed, what is said of it, and whether the trials so far allow it.
    @Test(
        arguments: [
            ("max: 1}", "max: 2}", "parameters.x.max: 1 → 2"),
            ("min: 0", "min: -1", "parameters.x.min: 0 → -1"),
            ("max: 1}", "max: 0.99}", "parameters.x.max: 1 → 0.99"),
            ("resources:", "sampler: random\nresources:", "sampler: auto → random"),
            ("resources:", "sampler: {seed: 5}\nresources:", "sampler: auto → {seed: 5}"),
            ("resources:", "pruner: median\nresources:", "pruner: none → median"),
            ("resources:", "pruner: successive_halving\nresources:", "pruner: none → successive_halving"),
            ("resources:", "retry: {attempts: 2}\nresources:", "retry: none → {attempts: 2}"),
            ("resources:", "reproducible: true\nresources:", "reproducible: false → true"),
            ("resources:", "constraints: ['x >= 0']\nresources:", "constraints: none → [x >= 0]"),
            (
                "./trainer.sh, \"{args}\"", "sh, trainer.sh, \"{args}\"",
                "trainer.command: [./trainer.sh, '{args}'] → [sh, trainer.sh, '{args}']"
            ),
            ("\"{args}\"],", "\"{args}\"], env: {A: b},", "trainer.env: none → {A: b}"),
            (
                "max: 1}", "max: 1}\n  y: {type: choice, values: [a, b], default: b}",
                "parameters.y: none → {type: choice, values: [a, b], default: b}"
            ),
        ])
    func `what the trials so far fit goes on when it is accepted`(
        old: String, new: String, change: String
    ) async throws {
        let sweep = try await Self.ended()
        let text = Self.file.replacing(old, with: new).replacing("trials: 3", with: "trials: 5")
        let error = await #expect(throws: OpenSweepError.self) { try await Self.opening(sweep, text) }
        guard case .changed(_, let changes) = error else {
            Issue.record("\(String(describing: error))")
            return
        }
        #expect(changes.map(\.description) == [change])
        #expect(error?.description.contains("    \(change)\n") == true)
        #expect(error?.description.contains("test.yaml --results ") == true)
        #expect(try sweep.store().sweep().file.text != text)
        let opened = try await Self.opening(sweep, text, accepting: true)
        #expect(opened.accepted.map(\.description) == [change] && opened.firstRevisedTrial == 3)
        let events = try opened.store.events().filter { $0.kind == .changeAccepted }
        #expect(events.map(\.detail) == ["\(change), from trial 3 on"])
        withExtendedLifetime(opened) {}
    }

    @Test func `a changed sweep goes on with its old trials as its history`() async throws {
        let sweep = try await Self.ended()
        let text = Self.file.replacing("trials: 3", with: "trials: 6")
            .replacing("max: 1}", with: "max: 2}\n  y: {type: choice, values: [a, b], default: b}")
        _ = try await Self.opening(sweep, text, accepting: true)
        let (ending, trials) = try await sweep.run()
        #expect(ending == .trials && trials.count == 6 && trials.allSatisfy { $0.state == .complete })
        #expect(trials[0].parameters == [.init("x", 0.75), .init("y", "b")])
        #expect(trials.allSatisfy { $0.parameters.map(\.name) == ["x", "y"] })
        #expect(try sweep.store().sweep().parameterNames == ["x", "y"])
    }

    @Test func `a grid that grows tries only what is new`() async throws {
        let sweep = try ShellSweep("echo '{\"loss\": 1}'", "sampler: grid")
        let text = try sweep.directory.text(of: "test.yaml")
            .replacing("{type: uniform, min: 0, max: 1}", with: "{type: int, min: 1, max: 3}")
        try sweep.directory.write(text, to: "test.yaml")
        #expect(try await sweep.run().trials.count == 3)
        // An integer of old is a number of the range that there is now.
        let wider = text.replacing("{type: int, min: 1, max: 3}", with: "{type: quniform, min: 1, max: 5, step: 1}")
        _ = try await Self.opening(sweep, wider, accepting: true)
        let (ending, trials) = try await sweep.run()
        #expect(ending == .grid)
        #expect(trials.compactMap { $0.parameters.first?.value.asNumber } == [1, 2, 3, 4, 5])
    }

    @Test func `values enqueued in the file of a sweep that has come past them are tried next`() async throws {
        let sweep = try await Self.ended()
        let text = Self.file.replacing("trials: 3", with: "trials: 5")
            .replacing("[{x: 0.75}]", with: "[{x: 0.75}, {x: 0.125}]")
        _ = try await Self.opening(sweep, text, accepting: true)
        let trials = try await sweep.run().trials
        #expect(trials[3].parameters == [.init("x", 0.125)] && trials[3].origin == .enqueued)
        #expect(trials[4].origin == .sampled)
    }

    @Test(
        arguments: [
            (
                "max: 1}", "max: 0.5}",
                "trial 0: 0.75 is not a legal value of 'x': it must be a number from 0.0 to 0.5"
            ),
            ("goal: minimize", "goal: maximize", "what the trials so far reached was measured by the other metric"),
            ("name: loss", "name: error", "what the trials so far reached was measured by the other metric"),
            (
                "resources:", "constraints: ['x < 0.7']\nresources:",
                "trial 0: the values violate the constraint x < 0.7"
            ),
            ("  x:", "  z:", "trial 0: it has a value of 'x', which is gone"),
        ])
    func `what contradicts the trials so far is refused, accepted or not`(
        old: String, new: String, objection: String
    ) async throws {
        let sweep = try await Self.ended()
        let before = try sweep.store().sweep()
        let text = Self.file.replacing("enqueue: [{x: 0.75}]", with: "").replacing(old, with: new)
        for accepting in [false, true] {
            let error = await #expect(throws: OpenSweepError.self) {
                try await Self.opening(sweep, text, accepting: accepting)
            }
            guard case .contradicted(_, _, let objections) = error else {
                Issue.record("\(String(describing: error))")
                return
            }
            #expect(objections.contains(objection))
            #expect(error?.description.contains("revsweep fork test ") == true)
        }
        #expect(try sweep.store().sweep() == before)
    }

    @Test func `a new parameter without a default says what it needs`() async throws {
        let sweep = try await Self.ended()
        let text = Self.file.replacing("max: 1}", with: "max: 1}\n  y: {type: choice, values: [a, b]}")
        let error = await #expect(throws: OpenSweepError.self) {
            try await Self.opening(sweep, text, accepting: true)
        }
        #expect(
            error?.description.contains("ran without 'y': say which value counts for them, with default: VALUE") == true
        )
    }

    @Test func `a parameter that no trial so far would have needs no default`() async throws {
        let sweep = try await Self.ended()
        let text = Self.file.replacing(
            "max: 1}", with: "max: 3}\n  y: {type: choice, values: [a, b], when: {x: '> 1'}}")
        let opened = try await Self.opening(sweep, text, accepting: true)
        #expect(opened.accepted.count == 2)
        withExtendedLifetime(opened) {}
    }

    @Test func `a sweep without trials takes any file`() async throws {
        let sweep = try ShellSweep("exit 0", Self.settings)
        _ = try await sweep.open()
        let opened = try await Self.opening(
            sweep,
            Self.file.replacing("goal: minimize", with: "goal: maximize").replacing("  x:", with: "  z:")
                .replacing("{x: 0.75}", with: "{z: 0.75}"))
        #expect(try opened.store.sweep().goal == "maximize" && opened.accepted.isEmpty)
        withExtendedLifetime(opened) {}
    }

    // MARK: Folders

    @Test func `two experiments never share a sweep`() async throws {
        let sweep = try await Self.ended()
        for accepting in [false, true] {
            let error = await #expect(throws: OpenSweepError.self) {
                try await Self.opening(sweep, Self.file, in: "second/", accepting: accepting)
            }
            #expect(error?.description.contains("it was started from \(sweep.directory.path)/test.yaml\n") == true)
            #expect(error?.description.contains("this file is        \(sweep.directory.path)/second/test.yaml") == true)
        }
    }

    @Test func `a file that was moved within its project goes on when that is accepted`() async throws {
        let sweep = try await Self.ended()
        try FileManager.default.removeItem(atPath: "\(sweep.directory.path)/test.yaml")
        let error = await #expect(throws: OpenSweepError.self) {
            try await Self.opening(sweep, Self.file, in: "second/")
        }
        guard case .changed(_, let changes) = error else {
            Issue.record("\(String(describing: error))")
            return
        }
        #expect(changes.map(\.part) == [.folder])
        let opened = try await Self.opening(sweep, Self.file, in: "second/", accepting: true)
        #expect(opened.record.directory == "\(sweep.directory.path)/second")
        withExtendedLifetime(opened) {}
    }

    @Test func `a folder that was renamed, or is reached by another way, is the same`() async throws {
        let sweep = try await Self.ended()
        let path = sweep.directory.path
        try FileManager.default.createDirectory(atPath: "\(path)/first", withIntermediateDirectories: false)
        let elsewhere = Self.file.replacing("name: test", with: "name: other")
        _ = try await Self.opening(sweep, elsewhere, in: "first/")
        try FileManager.default.createSymbolicLink(atPath: "\(path)/link", withDestinationPath: "first")
        _ = try await Self.opening(sweep, elsewhere, in: "link/")
        try FileManager.default.moveItem(atPath: "\(path)/first", toPath: "\(path)/renamed")
        let opened = try await Self.opening(sweep, elsewhere, in: "renamed/")
        #expect(opened.record.directory == "\(path)/renamed" && !opened.isNew)
        withExtendedLifetime(opened) {}
    }
}
