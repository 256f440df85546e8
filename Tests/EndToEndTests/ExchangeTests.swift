import Foundation
import TestSupport
import Testing

/// Exports, imports and mirrors as users call them.
@Suite struct ExchangeTests {
    /// What a journal says of each trial: the states that it was made in and came to.
    private struct Journal {
        var made = 0
        var ended = 0
        var names: Set<String> = []

        init(_ text: String) throws {
            for line in text.split(separator: "\n") {
                let object = try JSONSerialization.jsonObject(with: Data(line.utf8))
                guard let entry = object as? [String: Any], let code = entry["op_code"] as? Int else { continue }
                if let name = entry["study_name"] as? String { names.insert(name) }
                if code == 4 { made += 1 }
                let state = entry["state"] as? Int
                if (code == 4 || code == 6) && (state == 1 || state == 2 || state == 3) { ended += 1 }
            }
        }
    }

    @Test func `every format is written whole, to a file or to standard output`() async throws {
        let place = try Workplace()
        _ = try await place.revsweep("run", "test.yaml", "--quiet")
        for format in ["csv", "jsonl", "json", "yaml", "optuna"] {
            let printed = try await place.revsweep("export", "test", "--format", format)
            #expect(printed.status == .exited(0) && printed.errorOutput.isEmpty, "\(format)")
            try place.directory.write("an old file", to: "out")
            _ = try await place.revsweep("export", "test", "--format", format, "-o", "out")
            #expect(try place.directory.text(of: "out") == printed.output, "\(format)")
        }
        let lines = try await place.revsweep("export", "test", "--format", "jsonl").output.split(separator: "\n")
        #expect(lines.count == 5)
        struct Line: Decodable { var number: Int }
        #expect(try lines.map { try JSONDecoder().decode(Line.self, from: Data($0.utf8)).number } == Array(0..<5))
        let journal = try Journal(await place.revsweep("export", "test", "--format", "optuna").output)
        #expect(journal.made == 5 && journal.ended == 5 && journal.names == ["test"])
        for (name, beginning) in [
            ("all.csv", "number,state,value"), ("all.log", "{\"op_code\":0"), ("all.db", "SQLite"),
            ("ALL.CSV", "number,state,value"), ("all.sqlite3", "SQLite"), ("best.yml", "# trial"),
            ("best", "# trial"), ("best.json", "["),
        ] {
            let result = try await place.revsweep("export", "test", "-o", name)
            #expect(result.status == .exited(0), "\(result.errorOutput)")
            let bytes = try Data(contentsOf: URL(fileURLWithPath: "\(place.directory.path)/\(name)"))
            #expect(bytes.starts(with: beginning.utf8), "\(name)")
        }
        let metrics = try await place.revsweep("export", "test", "--format", "csv", "--metrics").output
        #expect(metrics.hasPrefix("number,state,value,reason,started,ended,seconds,attempts,param.x,metric.loss\r\n"))
        let runs = try await place.revsweep("export", "test", "--format", "tensorboard", "-o", "runs")
        #expect(runs.status == .exited(0))
        #expect(try FileManager.default.contentsOfDirectory(atPath: "\(place.directory.path)/runs").count == 6)
        for (arguments, words) in [
            (["--format", "tensorboard"], "tensorboard cannot be written to standard output; give -o FOLDER"),
            (["--format", "optuna", "--top", "3"], "--top does not go with optuna"),
            (["--metrics"], "--metrics goes with csv alone"),
            (["--format", "csv", "-o", "none/out"], "none/out: cannot be written: No such file or directory"),
            (["-o", "t.tsv"], "no format has files that end with '.tsv'; give --format"),
            (["-o", "t.tar.gz", "--top", "2"], "no format has files that end with '.gz'; give --format"),
        ] {
            let result = try await Program.revsweep.run(["export", "test"] + arguments, in: place.directory.path)
            #expect(result.status == .exited(1) && result.errorOutput.contains(words), "\(result.errorOutput)")
        }
        // With a format the name may be any.
        let table = try await place.revsweep("export", "test", "--format", "csv", "-o", "t.tsv")
        #expect(try table.status == .exited(0) && place.directory.text(of: "t.tsv").hasPrefix("number,state,value"))
        // Nothing is left beside the files.
        let names = try FileManager.default.contentsOfDirectory(atPath: place.directory.path)
        #expect(!names.contains { $0.hasSuffix(".tmp") || $0.hasSuffix(".former") }, "\(names)")
    }

    @Test func `a mirror follows a sweep, and after a kill every trial is in it once`() async throws {
        let place = try Workplace(
            "if [ $REVSWEEP_TRIAL = 3 ] && [ ! -e ../../../../again ]; then touch ../../../../here; sleep 600; fi\n"
                + "echo \"{\\\"loss\\\": $1}\"",
            budget: "{trials: 6}", settings: "resources: {parallel: 1}")
        let result = try await place.shell(
            """
            $revsweep run test.yaml --quiet --mirror live.log & planner=$!
            until [ -e here ]; do sleep 0.05; done
            until grep -q '"trial_id":2,"state":1' live.log; do sleep 0.05; done
            cp live.log before.log
            kill -KILL $planner; wait $planner
            touch again
            printf '{"op_code":4,"worker' >> live.log
            $revsweep resume test --quiet --mirror live.log; echo "resume: $?"
            """)
        #expect(result.output == "resume: 0\n", "\(result.errorOutput)")
        let before = try Journal(place.directory.text(of: "before.log"))
        #expect(before.made >= 3 && before.ended == 3)
        let after = try Journal(place.directory.text(of: "live.log"))
        #expect(after.made == 6 && after.ended == 6)
    }

    @Test func `a mirror that cannot be written is said once, and the sweep goes on`() async throws {
        let place = try Workplace()
        let none = try await place.revsweep("run", "test.yaml", "--quiet", "--mirror", "none/live.log")
        #expect(none.status == .exited(0))
        #expect(
            none.errorOutput
                == "warning: the mirror cannot be written, and the sweep goes on without it: "
                + "none/live.log: cannot be written: No such file or directory\n")
        #expect(try await place.trials().count == 5)
    }

    @Test func `a file that is no mirror is not replaced, and no sweep is begun`() async throws {
        let place = try Workplace()
        let refused = try await place.revsweep("run", "test.yaml", "--mirror", "test.yaml")
        #expect(refused.status == .exited(1))
        #expect(refused.errorOutput.hasPrefix("error: test.yaml: there is a file that revsweep has not written"))
        #expect(!FileManager.default.fileExists(atPath: "\(place.directory.path)/results"))
    }

    @Test func `times that no sweep can have do not damage the sweep that imports them`() async throws {
        let place = try Workplace()
        _ = try await place.revsweep("run", "test.yaml", "--quiet")
        _ = try await place.revsweep("report", "test", "-o", "all.html")
        let page = try place.directory.text(of: "all.html")
        #expect(page.contains("\"tick\":0.001,"))
        let text = try place.directory.text(of: "test.yaml")
        for (number, tick) in ["-1e15", "1e15", "1e300"].enumerated() {
            try place.directory.write(page.replacing("\"tick\":0.001,", with: "\"tick\":\(tick),"), to: "odd.html")
            try place.directory.write("\(text)\nname: odd\(number)\n", to: "odd.yaml")
            let result = try await place.revsweep("import", "odd.yaml", "odd.html")
            #expect(result.output.contains("imported 5 of 5 trials"), "\(tick): \(result.errorOutput)")
            for command in ["trials", "best", "status"] {
                let read = try await place.revsweep(command, "odd\(number)")
                #expect(read.status == .exited(0), "\(command), \(tick): \(read.errorOutput)")
            }
        }
    }

    @Test func `an import goes on with a file that was corrected, and runs no trial`() async throws {
        let place = try Workplace()
        _ = try await place.revsweep("run", "test.yaml", "--quiet")
        _ = try await place.revsweep("export", "test", "-o", "all.csv")
        let text = try place.directory.text(of: "test.yaml") + "\nname: new\n"
        try place.directory.write(text, to: "new.yaml")
        _ = try await place.revsweep("import", "new.yaml", "all.csv")
        let changed = text + "pruner: median\n"
        try place.directory.write(changed, to: "new.yaml")
        let refused = try await place.revsweep("import", "new.yaml", "all.csv")
        #expect(refused.status == .exited(1) && refused.errorOutput.contains("--accept-changes"))
        let accepted = try await place.revsweep("import", "new.yaml", "all.csv", "--accept-changes")
        #expect(accepted.status == .exited(0), "\(accepted.errorOutput)")
        let listing = try await place.revsweep("trials", "new", "--json").output
        #expect(try JSONDecoder().decode([Workplace.Trial].self, from: Data(listing.utf8)).count == 5)
    }

    @Test func `two sweeps that learn from each other have each trial once`() async throws {
        let place = try Workplace(budget: "{trials: 3}")
        _ = try await place.revsweep("run", "test.yaml", "--quiet")
        let text = try place.directory.text(of: "test.yaml")
        try place.directory.write(text + "\nname: other\nsampler: random\n", to: "other.yaml")
        _ = try await place.revsweep("run", "other.yaml", "--quiet")
        #expect(try await place.revsweep("import", "other", "test").output.hasPrefix("imported 3 of 3 trials"))
        #expect(try await place.revsweep("import", "test", "other").output.hasPrefix("imported 3 of 6 trials"))
        #expect(try await place.revsweep("import", "other", "test").output.contains("imported 0 of 6 trials"))
    }

    @Test func `a pipe is not taken for an empty file`() async throws {
        let place = try Workplace()
        _ = try await place.revsweep("run", "test.yaml", "--quiet")
        let result = try await place.shell("printf 'x,loss\\n0.4,1\\n' | $revsweep import test /dev/stdin")
        #expect(result.status == .exited(1) && result.errorOutput.contains("a pipe can be read only once"))
    }

    @Test func `what was exported begins a new sweep, and is not imported twice`() async throws {
        let place = try Workplace()
        _ = try await place.revsweep("run", "test.yaml", "--quiet")
        let old = try await place.trials()
        for name in ["all.csv", "all.log", "all.db"] {
            _ = try await place.revsweep("export", "test", "-o", name)
        }
        let text = try place.directory.text(of: "test.yaml") + "\nname: new\n"
        try place.directory.write(text.replacing("trials: 5", with: "trials: 2"), to: "new.yaml")
        let first = try await place.revsweep("import", "new.yaml", "all.csv")
        #expect(first.status == .exited(0), "\(first.errorOutput)")
        #expect(
            first.output.hasPrefix("imported 5 of 5 trials of ")
                && first.output.hasSuffix("next: revsweep run new.yaml\n"))
        let again = try await place.revsweep("import", "new", "all.csv")
        #expect(again.output.contains("imported 0 of 5 trials") && again.output.contains("imported before: 5"))
        for source in ["all.log", "all.db", "test"] {
            let result = try await place.revsweep("import", "new", source)
            #expect(result.output.contains("imported 5 of 5 trials"), "\(source): \(result.errorOutput)")
        }
        let run = try await place.revsweep("run", "new.yaml", "--quiet")
        #expect(run.status == .exited(0), "\(run.errorOutput)")
        let listing = try await place.revsweep("trials", "new", "--json").output
        let trials = try JSONDecoder().decode([Workplace.Trial].self, from: Data(listing.utf8))
        #expect(trials.count == 22)
        for round in 0..<4 {
            for number in 0..<5 {
                let (imported, original) = (trials[5 * round + number], old[number])
                #expect(imported.value == original.value && imported.params == original.params)
                #expect(imported.state == original.state && imported.started == original.started)
            }
        }
        #expect(trials.last?.state == "complete")
        let best = try await place.revsweep("best", "new").output
        #expect(best.contains("loss"))
    }

    @Test func `what does not fit is counted and named, and a sweep that runs is not changed`() async throws {
        let place = try Workplace()
        try place.directory.write("x,loss\n0.5,0.25\n2,0.5\noops,0.5\n,1\n0.125,\n", to: "table.csv")
        let result = try await place.revsweep("import", "test.yaml", "table.csv")
        #expect(result.status == .exited(0), "\(result.errorOutput)")
        for words in [
            "imported 1 of 5 trials of ", "left out, failed or not ended: 1\n", "left out, as they do not fit: 3\n",
            "    trial 1: 2 is not a legal value of 'x': it must be a number from 0.0 to 1.0\n",
            "    trial 2: oops is not a legal value of 'x'", "    trial 3: 'x' needs a default:",
        ] {
            #expect(result.output.contains(words), "\(result.output)")
        }
        try place.directory.write("x,loss\n7,1\n", to: "none.csv")
        try place.directory.write(
            place.directory.text(of: "test.yaml") + "\nname: other\n", to: "other.yaml")
        let none = try await place.revsweep("import", "other.yaml", "none.csv")
        #expect(none.status == .exited(1) && none.errorOutput.contains("no trial can be imported into 'other'"))
        #expect(!FileManager.default.fileExists(atPath: "\(place.directory.path)/results/other"))
        for (source, words) in [
            ("nothing", "there is no file and no sweep 'nothing'"), (".", "'.' is a folder without a sweep"),
            ("test", "a sweep cannot be imported into itself"),
            ("test.yaml", "nothing can be imported from this file"),
        ] {
            let result = try await place.revsweep("import", "test", source)
            #expect(result.status == .exited(1) && result.errorOutput.contains(words), "\(result.errorOutput)")
        }
        let busy = try Workplace("touch running; sleep 600", budget: "{trials: 1}")
        let refused = try await busy.shell(
            """
            $revsweep run test.yaml --quiet & planner=$!
            until [ -e results/test/trials/000000/running ]; do sleep 0.01; done
            printf 'x,loss\\n0.5,1\\n' > table.csv
            $revsweep import test table.csv; echo "import: $?"
            kill -TERM $planner; sleep 0.1; kill -TERM $planner; wait $planner
            """)
        #expect(refused.output == "import: 1\n", "\(refused.output) \(refused.errorOutput)")
    }
}
