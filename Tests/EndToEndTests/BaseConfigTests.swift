import Foundation
import TestSupport
import Testing

/// What becomes of the base configuration in trials, in `best.yaml`, and in exports.
@Suite struct BaseConfigTests {
    private static func place(
        base: String, named name: String = "base.yaml",
        trainer: String = "echo \"{\\\"loss\\\": $(sed -n 's/^lr: //p' \"$2\")}\""
    ) throws -> Workplace {
        let place = try Workplace(trainer)
        try place.directory.write(
            """
            metric: {name: loss, goal: minimize}
            trainer: {command: [./trainer.sh, x, "{config}"], config: \(name)}
            parameters:
              lr: {type: choice, values: [0.25, 0.125]}
            sampler: grid
            budget: {trials: 2}
            """, to: "test.yaml")
        try place.directory.write(base, to: name)
        return place
    }

    @Test func `trials, best and export have the base's own text but for the values`() async throws {
        let rest = "use_amp: no   # off\nnames: {0: cat}\numask: 0022\nseed: 18446744073709551615"
        let place = try Self.place(base: "lr: 0.1\n" + rest)
        let run = try await place.revsweep("run", "test.yaml", "--quiet")
        #expect(run.status == .exited(0), "\(run)")
        let copies = try ["000000", "000001"].map {
            try place.directory.text(of: "results/test/trials/\($0)/config.yaml")
        }
        #expect(Set(copies) == ["lr: 0.25\n" + rest, "lr: 0.125\n" + rest])
        let best = try place.directory.text(of: "results/test/best.yaml")
        #expect(best.hasPrefix("# trial ") && best.hasSuffix("\nlr: 0.125\n" + rest))
        #expect(try await place.revsweep("export", "test").output == best)
        let both = try await place.revsweep("export", "test", "--top", "2").output
        #expect(both.hasPrefix(best + "\n---\n# trial ") && both.hasSuffix("\nlr: 0.25\n" + rest))
    }

    /// Python's `json.dump` writes a character beyond U+FFFF as two escapes, which YAML does not have.
    @Test func `a base in JSON stays JSON, by its name as well`() async throws {
        let place = try Self.place(
            base: #"{"lr": 0.1, "note": "\ud83d\ude00 \\ud83d\\ude00 \u00e9"}"#, named: "base.json",
            trainer: "case $2 in *.json) echo '{\"loss\": 1}';; esac")
        let run = try await place.revsweep("run", "test.yaml", "--quiet")
        #expect(run.status == .exited(0), "\(run)")
        let copy = try place.directory.text(of: "results/test/trials/000000/config.json")
        #expect(copy == #"{"lr": 0.25, "note": "😀 \\ud83d\\ude00 \u00e9"}"#)
        #expect(try await place.revsweep("show", "test", "0").output.contains("config.json"))
    }

    @Test(arguments: ["---\n", "%YAML 1.1\n---\n"])
    func `several exports are documents of one text, whatever they begin with`(start: String) async throws {
        let place = try Self.place(base: "\u{FEFF}# lr: 0.5\r\n\(start)lr: 0.1\n")
        _ = try await place.revsweep("run", "test.yaml", "--quiet")
        // Read as bytes: Foundation drops the byte order mark from a file that it reads as a string.
        func text(_ path: String) throws -> [String] {
            let bytes = try Data(contentsOf: URL(fileURLWithPath: "\(place.directory.path)/\(path)"))
            return String(decoding: bytes, as: UTF8.self).split(whereSeparator: \.isNewline).map(String.init)
        }
        let beginning = ["\u{FEFF}# lr: 0.5"] + start.split(separator: "\n").map(String.init)
        #expect(try text("results/test/trials/000000/config.yaml").dropLast() == beginning[...])
        _ = try await place.revsweep("export", "test", "--top", "2", "--output", "both.yaml")
        let both = try text("both.yaml")
        #expect(both.first?.unicodeScalars.first == "\u{FEFF}")
        #expect(both.filter { $0.unicodeScalars.contains("\u{FEFF}") }.count == 1)
        let documents = both.filter { $0 == "---" || $0 == "..." }
        #expect(documents == (start.hasPrefix("%") ? ["---", "...", "---"] : ["---", "---"]))
    }
}
