import Foundation
import SweepFile
import SweepPage
import SweepStore
import TestSupport
import Testing

/// The page in a real browser, driven by Python with Playwright.
@Suite(.tags(.slow)) struct BrowserTests {
    @Test(.enabled("there is no Chromium, or no Python with Playwright") { await Browser.isThere() })
    func `the page draws, selects and stays silent as it should`() async throws {
        let samples = try TemporaryDirectory()
        _ = try await Browser.run("make_sample.py", samples: samples.path)
        _ = try await Browser.run("test_page.py", samples: samples.path)
        _ = try await Browser.run("test_live.py", samples: samples.path)
    }

    @Test(.enabled("there is no Chromium, or no Python with Playwright") { await Browser.isThere() })
    func `the report of a database is drawn whole`() async throws {
        let folder = try TemporaryDirectory()
        let (store, file, record) = try await ReportPageTests.sweep(in: folder, goal: .maximize)
        var page = try ReportPage(program: "revsweep test")
        try page.add(store, file, record, planner: "not running")
        let path = try folder.write(page.html(), to: "report.html")
        struct Drawn: Decodable {
            var said: [String]
            var asked: [String]
            var csv: String
            var counts: [String: [String: Count]]

            /// Numbers of marks, and whether the plot is hidden.
            enum Count: Decodable, Equatable {
                case number(Int)
                case other

                init(from decoder: any Decoder) throws {
                    self = (try? decoder.singleValueContainer().decode(Int.self)).map { .number($0) } ?? .other
                }
            }
        }
        let printed = try await Browser.run("open_report.py", [path], samples: folder.path)
        let drawn = try JSONDecoder().decode(Drawn.self, from: Data(printed.utf8))
        #expect(drawn.said == [] && drawn.asked == [])
        // One curve for each parameter, one point for each number of trials, one bar for each step.
        #expect(drawn.counts["dependence"]?["curves"] == .number(4))
        #expect(drawn.counts["outlook"]?["points"] == .number(6))
        let bars = try #require(drawn.counts["path"]?["bars"])
        #expect([.number(2), .number(3)].contains(bars), "\(bars)")
        // What the page has read from its columns is what the database holds.
        let rows = drawn.csv.split(whereSeparator: \.isNewline).dropFirst()
        let trials = try store.trials()
        #expect(rows.count == trials.count)
        for (row, trial) in zip(rows, trials) {
            let value = trial.value.map { "\($0)" } ?? ""
            #expect(row.hasPrefix("\(trial.number),\(trial.state.rawValue),\(value)"), "\(row)")
            let cells = row.split(separator: ",", omittingEmptySubsequences: false).map { Double($0) }
            for case let number? in trial.parameters.map(\.value.asNumber) {
                #expect(cells.contains(number), "\(number) \(row)")
            }
        }
    }
}
