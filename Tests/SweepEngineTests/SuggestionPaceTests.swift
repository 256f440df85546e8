import SweepEngine
import SweepSearch
import Testing

/// How much of a sweep's time suggestions take.
@Suite struct SuggestionPaceTests {
    /// The efforts of so many suggestions, where one with the full effort takes `full` seconds.
    private static func efforts(
        slots: Int, attempt: Double, full: Double, little: Double = 0.0005, count: Int = 2000
    ) -> [Effort] {
        var pace = SuggestionPace(slots: slots)
        return (0..<count).map { _ in
            pace.noteEnd(lasted: attempt)
            let effort = pace.nextEffort()
            pace.noteSuggestion(effort, took: effort == .full ? full : little)
            return effort
        }
    }

    @Test(arguments: [(128, 1.0, 0.1), (512, 5.0, 0.15), (2000, 60.0, 0.3), (16, 0.05, 0.05)])
    func `suggestions take half of the time until the next trial ends`(slots: Int, attempt: Double, full: Double) {
        let efforts = Self.efforts(slots: slots, attempt: attempt, full: full)
        let spent = efforts.reduce(0) { $0 + ($1 == .full ? full : 0.0005) }
        let time = Double(efforts.count) * attempt / Double(slots)
        #expect(spent <= 0.5 * time + 2 * full, "\(spent) s of \(time) s")
        #expect(spent >= 0.4 * time - 2 * full, "nor is time left that would have improved them")
    }

    @Test func `with few trials at once, or long ones, nothing is spared`() {
        #expect(Self.efforts(slots: 15, attempt: 0.001, full: 1).allSatisfy { $0 == .full })
        #expect(Self.efforts(slots: 64, attempt: 60, full: 0.1).allSatisfy { $0 == .full })
    }

    @Test func `as long as nothing was measured, the effort is full`() {
        var pace = SuggestionPace(slots: 128)
        #expect(pace.nextEffort() == .full)
        pace.noteEnd(lasted: 0)
        #expect(pace.nextEffort() == .full && pace.ahead == 0)
    }

    @Test func `suggestions are made ahead where trials would wait for them`() {
        var busy = SuggestionPace(slots: 128)
        busy.noteEnd(lasted: 1)
        busy.noteSuggestion(.little, took: 0.0005)
        #expect(busy.ahead == 32)
        var calm = SuggestionPace(slots: 128)
        calm.noteEnd(lasted: 600)
        calm.noteSuggestion(.full, took: 0.05)
        #expect(calm.ahead == 0, "128 suggestions take a hundredth of a trial's time")
        var few = SuggestionPace(slots: 8)
        few.noteEnd(lasted: 0.01)
        few.noteSuggestion(.full, took: 0.05)
        #expect(few.ahead == 0)
    }

    @Test func `a machine that slept during a suggestion is not taken for a slow one`() {
        var pace = SuggestionPace(slots: 100)
        pace.noteEnd(lasted: 1)
        pace.noteSuggestion(.full, took: 0.01)
        pace.noteSuggestion(.full, took: 3600)
        let wait = (0..<1000).first { _ in pace.nextEffort() == .full }
        // 0.05 s of debt and 0.04 s for the suggestion, by half of 1/100 s each time.
        #expect(wait.map { $0 < 20 } == true, "\(wait ?? -1)")
    }
}
