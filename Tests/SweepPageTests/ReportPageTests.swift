import Foundation
import SweepFile
import SweepModel
import SweepPage
import SweepSearch
import SweepStore
import TestSupport
import Testing

@Suite struct ReportPageTests {
    private static let time = Date(timeIntervalSince1970: 1_800_000_000)
    private static let hostile = "</script><script>alert(1)</script>\"><img src=x onerror=alert(2)>\u{1B}[2J\u{202E}"

    private static func text(_ goal: Metric.Goal) -> String {
        """
        name: shown
        metric: {name: loss, goal: \(goal.rawValue)}
        trainer: {command: [train, "{args}"]}
        parameters:
          lr: {type: loguniform, min: 1e-5, max: 1}
          kind: {type: choice, values: [sgd, adam, "<b>"], weights: [1, 1, 2]}
          momentum: {type: uniform, min: 0, max: 1, when: {kind: sgd}}
          width: {type: int, min: 16, max: 256, step: 16}
        budget: {trials: 100}
        """
    }

    /// A sweep with forty trials of every kind, and hostile text wherever a trainer may put some. The first is the best
    /// one if the loss is minimized, and one of the last if it is maximized.
    static func sweep(
        in folder: TemporaryDirectory, goal: Metric.Goal = .minimize
    ) async throws -> (SweepStore, SweepFile, SweepRecord) {
        let text = Self.text(goal)
        let source = SourceText(text: text)
        let file = try source.file
        let directory = folder.path
        var record = SweepRecord(
            name: "shown", metric: file.sweep.metric, parameterNames: file.sweep.space.parameters.map(\.name), lag: nil,
            file: .init(path: "shown.yaml", text: text), base: nil, directory: "/nowhere",
            relativeDirectory: nil, created: time)
        record.program = hostile
        try SweepStore.create(in: directory, record)
        let store = try SweepStore(runningSweepIn: directory)
        for number in 0..<40 {
            let kind: ParameterValue = ["sgd", "adam", "<b>"][number % 3]
            var values: [String: ParameterValue] = [
                "lr": .number(Foundation.pow(10, -5 + Double(number) / 8)), "kind": kind,
                "width": .integer(16 * (1 + number % 16)),
            ]
            if kind == "sgd" { values["momentum"] = .number(Double(number) / 40) }
            let trial = TrialRecord(
                number: number, origin: .sampled, seed: 1, parameters: Assignment(values, in: file.sweep.space),
                created: time)
            let expected = Expectation(mean: Double(number), deviation: 2, low: 0, high: 50)
            let proposal =
                number % 2 == 0
                ? nil
                : TrialProposal(
                    trial: number, method: .process, ended: number, pending: 0,
                    forecast: .init(value: expected, improvement: 0.5))
            try await store.plan(
                trial, proposal: proposal, startingAt: time.addingTimeInterval(Double(number)))
            if number == 39 { continue }
            for step in 1...3 {
                try await store.record([
                    MetricRecord(
                        trial: number, attempt: 1, step: step, name: "loss", value: Double(number) + 1 / Double(step)),
                    MetricRecord(trial: number, attempt: 1, step: step, name: hostile, value: 0.5),
                ])
            }
            let ending: TrialEnding =
                number % 10 == 7
                ? TrialEnding(.failed, .crash(.exit(3)), errorOutput: hostile)
                : number % 10 == 8 ? .diverged : .complete(Double(number) + 1 / 3)
            try await store.end(number, ending, metrics: [], at: time.addingTimeInterval(Double(number) + 0.5))
        }
        return (store, file, try store.sweep())
    }

    private struct SourceText {
        var text: String
        var file: SweepFile {
            get throws {
                try SweepFile(
                    SweepRecord(
                        name: "shown", metric: Metric(name: "loss", goal: .minimize, rule: .last), parameterNames: [],
                        lag: nil, file: .init(path: "shown.yaml", text: text), base: nil, directory: "/nowhere",
                        relativeDirectory: nil, created: time))
            }
        }
    }

    private static func html(_ folder: TemporaryDirectory) async throws -> String {
        let (store, file, record) = try await sweep(in: folder)
        var page = try ReportPage(program: "revsweep test")
        try page.add(store, file, record, planner: "not running")
        return page.html()
    }

    static func data(_ html: String) throws -> [String: Any] {
        let start = try #require(html.firstRange(of: "id=\"data\">"))
        let end = try #require(html[start.upperBound...].firstRange(of: "</script>"))
        let json = Data(html[start.upperBound..<end.lowerBound].utf8)
        return try #require(try JSONSerialization.jsonObject(with: json) as? [String: Any])
    }

    static func numbers(_ column: Any?) throws -> [Double] {
        let column = try #require(column as? [String: Any])
        #expect(column["type"] as? String == "f64")
        // What is packed is read back by the browser, and by the tests of the page.
        guard column["packed"] == nil else { return [] }
        let data = try #require((column["data"] as? String).flatMap { Data(base64Encoded: $0) })
        return stride(from: 0, to: data.count, by: 8).map { place in
            let bits = data[place..<place + 8].reversed().reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
            return Double(bitPattern: bits)
        }
    }

    @Test func `every trial is in the page, and what is inactive is no number`() async throws {
        let html = try await Self.html(TemporaryDirectory())
        let sweeps = try #require(try Self.data(html)["sweeps"] as? [[String: Any]])
        let sweep = try #require(sweeps.first)
        #expect(sweep["name"] as? String == "shown")
        let parameters = try #require(sweep["parameters"] as? [[String: Any]])
        #expect(parameters.compactMap { $0["name"] as? String } == ["lr", "kind", "momentum", "width"])
        #expect(parameters.compactMap { $0["kind"] as? String } == ["number", "category", "number", "integer"])
        #expect(parameters[0]["scale"] as? String == "log" && parameters[2]["when"] as? String != nil)
        #expect((parameters[1]["values"] as? [String: Any])?["words"] as? [String] == ["sgd", "adam", "<b>"])
        let momenta = try Self.numbers(parameters[2]["values"])
        if !momenta.isEmpty {
            #expect(momenta.count == 40)
            #expect(momenta.enumerated().allSatisfy { $0.offset % 3 == 0 ? !$0.element.isNaN : $0.element.isNaN })
        }
        #expect(parameters[0]["optuna"] as? String != nil)
        let importance = try #require(sweep["importance"] as? [[String: Any]])
        #expect(importance.compactMap { $0["method"] as? String } == ["PED-ANOVA", "functional ANOVA"])
    }

    @Test func `what the model expects is in the page, in the unit of the metric`() async throws {
        let folder = try TemporaryDirectory()
        let (store, file, record) = try await Self.sweep(in: folder, goal: .maximize)
        var page = try ReportPage(program: "revsweep test")
        try page.add(store, file, record, planner: "not running")
        let sweeps = try #require(try Self.data(page.html())["sweeps"] as? [[String: Any]])
        let sweep = try #require(sweeps.first)
        let curves = try #require((sweep["dependence"] as? [String: Any])?["curves"] as? [[String: Any]])
        #expect(curves.compactMap { $0["parameter"] as? String } == ["lr", "kind", "momentum", "width"])
        #expect(curves[1]["x"] as? [String] == ["sgd", "adam", "<b>"])
        for curve in curves {
            let means = try #require(curve["mean"] as? [Double])
            // The values are from 0 to 40.
            #expect(means.count == (curve["x"] as? [Any])?.count && means.allSatisfy { -5...45 ~= $0 }, "\(means)")
        }
        let path = try #require(sweep["path"] as? [String: Any])
        #expect(path["from"] as? String == "trial 0" && (path["steps"] as? [Any])?.isEmpty == false)
        let outlook = try #require(sweep["outlook"] as? [String: Any])
        #expect((outlook["trials"] as? [Int])?.first == 1 && (outlook["mean"] as? [Double])?.count == 6)
        #expect(sweep["expectations"] as? [String: Any] != nil)
        let proposers = try #require(sweep["proposers"] as? [String: Any])
        #expect(proposers["words"] as? [String] == ["the Gaussian process"])
    }

    @Test func `partial dependence is drawn as a still picture, too`() async throws {
        let folder = try TemporaryDirectory()
        let (store, file, record) = try await Self.sweep(in: folder)
        let figure = SweepPicture.dependence.figure(PictureData(try SweepSnapshot(store, file, record)))
        #expect(figure.panels.count == 4)
        #expect(figure.svg(on: .card).contains("momentum"))
    }

    @Test func `attempts at the same time have slots of their own`() async throws {
        let file = try SourceText(text: Self.text(.minimize)).file
        let folder = try TemporaryDirectory()
        try SweepStore.create(
            in: folder.path,
            SweepRecord(
                name: "shown", metric: file.sweep.metric, parameterNames: ["lr"], lag: nil,
                file: .init(path: "shown.yaml", text: Self.text(.minimize)), base: nil, directory: "/nowhere",
                relativeDirectory: nil, created: Self.time))
        let store = try SweepStore(runningSweepIn: folder.path)
        // The third begins when the first has ended, the fourth while all others run.
        for (number, (start, end)) in [(0.0, 5.0), (1, 20), (5, 20), (6, 8), (9, 10)].enumerated() {
            let trial = TrialRecord(number: number, origin: .sampled, seed: 1, parameters: [:], created: Self.time)
            try await store.plan(trial, startingAt: Self.time.addingTimeInterval(start))
            try await store.end(number, .complete(1), metrics: [], at: Self.time.addingTimeInterval(end))
        }
        var page = try ReportPage(program: "revsweep test")
        try page.add(store, file, store.sweep(), planner: "not running")
        let sweeps = try #require(try Self.data(page.html())["sweeps"] as? [[String: Any]])
        let attempts = try #require(sweeps.first?["attempts"] as? [String: Any])
        let slots = try #require(attempts["slots"] as? [String: Any])
        #expect(slots["data"] as? String == Data([0, 0, 1, 0, 0, 0, 2, 0, 2, 0]).base64EncodedString())
    }

    @Test func `the same database gives the same bytes`() async throws {
        let folder = try TemporaryDirectory()
        let first = try await Self.html(folder)
        let store = try SweepStore(readingSweepIn: folder.path)
        let record = try store.sweep()
        var page = try ReportPage(program: "revsweep test")
        try page.add(store, SweepFile(record), record, planner: "not running")
        #expect(page.html() == first)
    }

    @Test func `text of others can end no block`() async throws {
        let html = try await Self.html(TemporaryDirectory())
        // The data, and the page's script.
        #expect(html.split(separator: "</script>", omittingEmptySubsequences: false).count == 3)
        #expect(!html.contains("<img") && !html.contains("\u{1B}") && !html.contains("\u{202E}"))
        #expect(!html.contains("http://") || html.contains("www.w3.org"))
    }

    @Test(.enabled(if: Machine.has("sha256sum"), "there is no sha256sum"))
    func `the policy names the check sums of script and style`() async throws {
        let html = try await Self.html(TemporaryDirectory())
        for (start, end) in [("<style>", "</style>"), ("<script>", "</script>")] {
            let begin = try #require(html.firstRange(of: start))
            let stop = try #require(html[begin.upperBound...].firstRange(of: end))
            let text = String(html[begin.upperBound..<stop.lowerBound])
            let program = try #require(Program(onPath: "sha256sum"))
            let printed = try await program.run([], in: NSTemporaryDirectory(), input: Data(text.utf8)).output
            let digits = printed.prefix(64)
            let bytes = stride(from: 0, to: 64, by: 2).compactMap { place in
                UInt8(digits.dropFirst(place).prefix(2), radix: 16)
            }
            let sum = "'sha256-\(Data(bytes).base64EncodedString())'"
            #expect(html.contains(sum), "hashes.txt has to say \(sum)")
        }
    }
}
