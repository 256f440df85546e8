import Foundation
import SweepEngine
import SweepFile
import SweepStore
import Testing

extension OpenSweep {
    fileprivate func closed(_ body: (OpenSweep) async throws -> Void) async throws {
        try await closing(unmerged: { Issue.record("\($0)") }, body)
    }
}

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

    /// The list at first, how many trials there are then, and what a changed list leads to.
    @Test(
        arguments: [
            ([0.1, 0.2, 0.3], 2, [0.2, 0.3], [0.3]), ([0.1, 0.2, 0.3], 1, [0.3], [0.3]),
            ([0.1, 0.2, 0.3], 1, [0.3, 0.2, 0.1], [0.3, 0.2]), ([0.1, 0.2], 2, [0.1, 0.15, 0.2], [0.15]),
            ([0.1, 0.2, 0.3], 1, [0.9, 0.1, 0.2, 0.3], [0.9, 0.2, 0.3]), ([0.1], 2, [0.1, 0.1], [0.1]),
            ([0.1], 2, [], []),
        ] as [([Double], Int, [Double], [Double])])
    func `each entry of a list that is changed is tried once`(
        first: [Double], count: Int, second: [Double], tried: [Double]
    ) async throws {
        func text(_ values: [Double], _ trials: Int) -> String {
            let list = values.map { "{x: \($0)}" }.joined(separator: ", ")
            return Self.file.replacing("[{x: 0.75}]", with: "[\(list)]").replacing(
                "trials: 3", with: "trials: \(trials)")
        }
        let sweep = try ShellSweep("echo \"{\\\"loss\\\": 1}\"", Self.settings)
        try sweep.directory.write(text(first, count), to: "test.yaml")
        _ = try await sweep.run()
        _ = try await Self.opening(sweep, text(second, count + 4), accepting: true)
        let trials = try await sweep.run().trials
        let further = trials.dropFirst(count).filter { $0.origin == .enqueued }
        #expect(further.compactMap { $0.parameters["x"]?.asNumber } == tried && trials.count == count + 4)
    }

    @Test func `rungs do not change while trials wait or have waited at them`() async throws {
        let sweep = try ShellSweep(
            "for s in 1 2 3; do echo \"{\\\"loss\\\": $x}\"; sleep 0.01; done; sleep 0.2", Self.settings)
        func text(_ pruner: String) -> String { Self.file + "\n" + pruner }
        let halving = "pruner: {name: successive_halving, min_steps: 1, reduction: 2}"
        try sweep.directory.write(text(halving), to: "test.yaml")
        _ = try await sweep.run()
        let other = text("pruner: {name: successive_halving, min_steps: 2, reduction: 3}")
        _ = await #expect(throws: OpenSweepError.self) { try await Self.opening(sweep, other, accepting: true) }
        _ = try await Self.opening(sweep, Self.file, accepting: true)
        _ = await #expect(throws: OpenSweepError.self) { try await Self.opening(sweep, other, accepting: true) }
        _ = try await Self.opening(sweep, text(halving), accepting: true)
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
        #expect(trials[0].parameters == ["x": 0.75, "y": "b"])
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
        #expect(trials[3].parameters == ["x": 0.125] && trials[3].origin == .enqueued)
        #expect(trials[4].origin == .sampled)
    }

    @Test(
        arguments: [
            (
                "max: 1}", "max: 0.5}",
                "trial 0: 0.75 is not a legal value of 'x': it must be a number from 0.0 to 0.5"
            ),
            (
                "goal: minimize", "goal: maximize",
                "what the trials so far reached was judged by the other goal, or by other reports"
            ),
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

    @Test(arguments: [
        ("name: loss", "name: error", "metric.name: loss → error"),
        ("  x:", "  z:", "parameters.x → parameters.z"),
        ("max: 1}", "max: 0.5}", "parameters.x.max: 1 → 0.5"),
    ])
    func `trials that failed are no history, and stand in the way of no change`(
        old: String, new: String, change: String
    ) async throws {
        let sweep = try ShellSweep("exit 7", Self.settings)
        try sweep.directory.write(Self.file, to: "test.yaml")
        #expect(try await sweep.run().trials.allSatisfy { $0.state == .failed })
        let text = Self.file.replacing("trials: 3", with: "trials: 5").replacing("enqueue: [{x: 0.75}]", with: "")
            .replacing(old, with: new)
        let error = await #expect(throws: OpenSweepError.self) { try await Self.opening(sweep, text) }
        guard case .changed = error else {
            Issue.record("\(String(describing: error))")
            return
        }
        _ = try await Self.opening(sweep, text, accepting: true)
        try sweep.directory.write(
            "#!/bin/sh\necho '{\"loss\": 1, \"error\": 2}'\n", to: "trainer.sh", executable: true)
        let (ending, trials) = try await sweep.run()
        #expect(ending == .trials && trials.count == 5)
        #expect(trials.prefix(3).allSatisfy { $0.state == .failed && $0.parameters.map(\.name) == ["x"] })
        #expect(trials.suffix(2).allSatisfy { $0.state == .complete })
        #expect(trials.last?.parameters.map(\.name) == [change.hasSuffix("z") ? "z" : "x"])
    }

    /// A sweep with one trial at 0.75 that has nothing to show: interrupted, or in the hands of another program.
    private static func withOpenTrial(asked: Bool) async throws -> ShellSweep {
        let sweep = try ShellSweep("echo '{\"error\": 2}'", settings)
        try sweep.directory.write(file, to: "test.yaml")
        try await sweep.open().closed { opened in
            let trial = try await opened.ask(at: Date())
            #expect(trial.parameters == ["x": 0.75])
            if !asked { try await opened.takeBack(trial, at: Date()) }
        }
        return sweep
    }

    @Test(arguments: [
        ("name: loss", "name: error", [Int]()), ("max: 1}", "max: 0.5}", [0]), ("  x:", "  z:", [0]),
        ("max: 1}", "max: 1}\n  y: {type: uniform, min: 0, max: 1}", [0]),
    ])
    func `a trial that waits and has nothing to show stands in the way of no change`(
        old: String, new: String, givenUp: [Int]
    ) async throws {
        let sweep = try await Self.withOpenTrial(asked: false)
        let text = Self.file.replacing("enqueue: [{x: 0.75}]", with: "").replacing("name: loss", with: "name: error")
            .replacing(old, with: new)
        let opened = try await Self.opening(sweep, text, accepting: true)
        #expect(opened.givenUp == givenUp)
        try await opened.closed { _ in }
        let (ending, trials) = try await sweep.run()
        #expect(ending == .trials && trials.count == 3)
        #expect(trials.map(\.state) == [givenUp.isEmpty ? .complete : .failed, .complete, .complete])
        #expect(trials[0].parameters == ["x": 0.75])
        #expect(givenUp.isEmpty || trials[0].reason?.description.hasPrefix("given up: the sweep file") == true)
    }

    @Test func `a trial that another program has asked for keeps its place`() async throws {
        let sweep = try await Self.withOpenTrial(asked: true)
        let text = Self.file.replacing("enqueue: [{x: 0.75}]", with: "").replacing("max: 1}", with: "max: 0.5}")
        let error = await #expect(throws: OpenSweepError.self) { try await Self.opening(sweep, text, accepting: true) }
        guard case .contradicted(_, _, let objections) = error else {
            Issue.record("\(String(describing: error))")
            return
        }
        #expect(objections.count == 1 && objections[0].hasPrefix("trial 0: 0.75 is not a legal value"))
    }

    @Test func `a sweep without trials takes any file`() async throws {
        let sweep = try ShellSweep("exit 0", Self.settings)
        _ = try await sweep.open()
        let opened = try await Self.opening(
            sweep,
            Self.file.replacing("goal: minimize", with: "goal: maximize").replacing("  x:", with: "  z:")
                .replacing("{x: 0.75}", with: "{z: 0.75}"))
        #expect(try opened.store.sweep().metric.goal.rawValue == "maximize" && opened.accepted.isEmpty)
        withExtendedLifetime(opened) {}
    }

    // MARK: New sweeps from old ones

    @Test func `a fork begins with the trials that fit, and its budget does not count them`() async throws {
        let sweep = try ShellSweep(
            "[ $REVSWEEP_TRIAL = 2 ] && exit 1; echo \"{\\\"loss\\\": $x, \\\"acc\\\": 7}\"",
            "budget: {trials: 5}\nresources: {parallel: 1}\nenqueue: [{x: 0.75}, {x: 0.5}]")
        _ = try await sweep.run()
        let old = try sweep.store().trials()
        let text = try sweep.directory.text(of: "test.yaml").replacing("name: test", with: "name: new")
            .replacing(
                "{x: {type: uniform, min: 0, max: 1}}",
                with: "{x: {type: uniform, min: 0, max: 0.7}, y: {type: choice, values: [a, b], default: b}}"
            )
            .replacing("trials: 5", with: "trials: 2").replacing("[{x: 0.75}, {x: 0.5}]", with: "[{x: 0.25, y: a}]")
        try sweep.directory.write(text, to: "test.yaml")
        let file = try SweepFile.read(path: "\(sweep.directory.path)/test.yaml")
        let results = "\(sweep.directory.path)/results"
        let fits = old.filter { $0.state == .complete && ($0.value ?? 1) <= 0.7 }
        do {
            let (forked, imported) = try await OpenSweep.forking(
                "\(results)/test", into: file, below: results, cores: 2, at: Date())
            #expect(imported.trials.count == fits.count && imported.unfinished == 1)
            #expect(imported.leftOut.first?.hasPrefix("trial 0: 0.75 is not a legal value of 'x'") == true)
            withExtendedLifetime(forked) {}
        }
        let (ending, trials) = try await sweep.run()
        #expect(ending == .trials && trials.count == fits.count + 2)
        #expect(trials.prefix(fits.count).map(\.value) == fits.map(\.value))
        #expect(
            trials.prefix(fits.count).map(\.source) == fits.map { .init(sweep: "\(results)/test", trial: $0.number) })
        #expect(trials[0].parameters == ["x": 0.5, "y": "b"])
        #expect(trials[fits.count].parameters == ["x": 0.25, "y": "a"])
        let store = try SweepStore(readingSweepIn: "\(results)/new")
        #expect(try store.importedCount() == fits.count)
        #expect(try store.metrics(ofTrial: 0).map(\.name).sorted() == ["acc", "loss"])
        await #expect(throws: OpenSweepError.self) {
            try await OpenSweep.forking("\(results)/test", into: file, below: results, cores: 2, at: Date())
        }
        // What was reported beside the metric is the metric of another sweep.
        try sweep.directory.write(
            text.replacing("name: new", with: "name: other").replacing(
                "{name: loss, goal: minimize}", with: "{name: acc, goal: maximize}"),
            to: "test.yaml")
        let other = try SweepFile.read(path: "\(sweep.directory.path)/test.yaml")
        let (_, imported) = try await OpenSweep.forking(
            "\(results)/test", into: other, below: results, cores: 2, at: Date())
        #expect(imported.trials.map(\.value) == fits.map { _ in 7 })
        try sweep.directory.write(
            text.replacing("name: new", with: "name: none").replacing("name: loss", with: "name: never"),
            to: "test.yaml")
        let none = try SweepFile.read(path: "\(sweep.directory.path)/test.yaml")
        await #expect(throws: OpenSweepError.self) {
            try await OpenSweep.forking("\(results)/test", into: none, below: results, cores: 2, at: Date())
        }
        #expect(!SweepStore.exists(in: "\(results)/none"))
    }

    @Test func `a grid does not try again what was imported`() async throws {
        let sweep = try ShellSweep("echo '{\"loss\": 1}'", "sampler: grid")
        let text = try sweep.directory.text(of: "test.yaml")
            .replacing("{type: uniform, min: 0, max: 1}", with: "{type: int, min: 1, max: 3}")
        try sweep.directory.write(text, to: "test.yaml")
        _ = try await sweep.run()
        try sweep.directory.write(
            text.replacing("max: 3", with: "max: 5").replacing("name: test", with: "name: new")
                + "\nreproducible: true", to: "test.yaml")
        let results = "\(sweep.directory.path)/results"
        _ = try await OpenSweep.forking(
            "\(results)/test", into: SweepFile.read(path: "\(sweep.directory.path)/test.yaml"), below: results,
            cores: 2,
            at: Date())
        let (ending, trials) = try await sweep.run()
        #expect(ending == .grid && trials.compactMap { $0.parameters.first?.value.asNumber } == [1, 2, 3, 4, 5])
    }

    // MARK: Folders

    @Test func `a project that was copied or moved with its results goes on there`() async throws {
        let sweep = try ShellSweep("echo \"{\\\"loss\\\": $x}\"", Self.settings)
        try sweep.directory.write(sweep.directory.text(of: "test.yaml"), to: "project/sweeps/test.yaml")
        let path = sweep.directory.path
        func open(_ project: String) async throws -> OpenSweep {
            try await OpenSweep.starting(
                SweepFile.read(path: "\(path)/\(project)/sweeps/test.yaml"), below: "\(path)/\(project)/results",
                cores: 2,
                at: Date())
        }
        do { withExtendedLifetime(try await open("project")) {} }
        try FileManager.default.copyItem(atPath: "\(path)/project", toPath: "\(path)/copy")
        // Resumed there, it runs what is there, not what it was copied from.
        do {
            let resumed = try await OpenSweep.resuming(in: "\(path)/copy/results/test")
            #expect(resumed.record.directory == "\(path)/copy/sweeps")
        }
        do {
            let copy = try await open("copy")
            #expect(!copy.isNew && copy.record.directory == "\(path)/copy/sweeps" && copy.accepted.isEmpty)
        }
        try FileManager.default.moveItem(atPath: "\(path)/project", toPath: "\(path)/renamed")
        let renamed = try await OpenSweep.resuming(in: "\(path)/renamed/results/test")
        #expect(renamed.record.directory == "\(path)/renamed/sweeps")
    }

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
