import Foundation
import SweepFile
import SweepModel
import SweepPage
import SweepSearch
import SweepStore
import TestSupport
import Testing

/// A sweep to which everything happens that can, in an order that a seed decides: trials that are planned, asked for,
/// imported and run again, that pause, are interrupted or fail, and report all sorts of numbers meanwhile.
struct RandomHistory {
    private var dice: Dice
    private let store: SweepStore
    let file: SweepFile
    private var time = Date(timeIntervalSince1970: 1_800_000_000)
    private var trials: [Progress] = []
    private var note: Int64?

    private struct Progress {
        var state = TrialState.waiting
        var attempt = 0
        var step = 0
        var isPaused = false
    }

    /// Numbers from a seed.
    private struct Dice: RandomNumberGenerator {
        var state: UInt64

        mutating func next() -> UInt64 {
            state &+= 0x9E37_79B9_7F4A_7C15
            var mixed = (state ^ (state >> 30)) &* 0xBF58_476D_1CE4_E5B9
            mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
            return mixed ^ (mixed >> 31)
        }
    }

    private let hasBounds: Bool

    private static func text(hasBounds: Bool) -> String {
        """
        name: random
        metric: {name: loss, goal: minimize}
        trainer: {command: [train, "{args}"]}
        parameters:
          lr: {type: loguniform, min: 1e-5, max: 1}
          kind: {type: choice, values: [sgd, null, 64, "64", true, [1, 2], {a: "<b>"}, 1.5]}
          momentum: {type: uniform, min: 0, max: 1, when: {kind: sgd}}
          width: {type: int, min: 16, max: 256, step: 16}
          seed: {type: int, min: 0, max: 9223372036854775807}
          size: {type: ordinal, values: [8, 16, 32]}
        pruner: {name: asha, min_steps: 1, reduction: 3}
        budget: {trials: 1000}
        """ + (hasBounds ? "\nbounds: [m1 <= 0.5, memory >= 0.2]" : "")
    }
    private static let hostile = "</script>\u{1B}[2J\u{202E}\u{0}é"

    /// - Parameters:
    ///   - hasBounds: whether two other metrics are bounded.
    ///   - folder: an empty one.
    init(seed: UInt64, hasBounds: Bool = false, in folder: TemporaryDirectory) async throws {
        dice = Dice(state: seed)
        self.hasBounds = hasBounds
        var record = SweepRecord(
            name: "random", metric: Metric(name: "loss", goal: .minimize, rule: .last),
            parameterNames: ["lr", "kind", "momentum", "width", "seed", "size"], lag: nil,
            file: .init(path: "random.yaml", text: Self.text(hasBounds: hasBounds)), base: nil, directory: "/nowhere",
            created: time)
        file = try SweepFile(record)
        record.objectives = file.sweep.objectives
        try SweepStore.create(in: folder.path, record)
        store = try SweepStore(runningSweepIn: folder.path)
        try await store.log(EventRecord(.plannerStarted, at: time))
    }

    /// Whether it is so with this share of chances.
    private mutating func happens(_ share: Double) -> Bool { Double.random(in: 0..<1, using: &dice) < share }

    /// Lets the next thing happen.
    mutating func goOn() async throws {
        // Far enough apart that no two attempts begin and end in one millisecond.
        time += Double(Int.random(in: 5...4000, using: &dice)) / 1000
        let running = trials.indices.filter { trials[$0].state == .running }
        let waiting = trials.indices.filter { trials[$0].state == .waiting }
        switch Int.random(in: 0..<20, using: &dice) {
        case 0..<4 where running.count < 5: try await plan()
        case 4..<6: if let number = waiting.randomElement(using: &dice) { try await start(number) }
        case 6..<13: if let number = running.randomElement(using: &dice) { try await report(number) }
        case 13..<17: if let number = running.randomElement(using: &dice) { try await end(number) }
        case 17: try await leaveWaiting(waiting)
        case 18 where happens(0.4): try await importSome()
        case 19 where happens(0.3): try await changePlanner()
        default: note = try await store.noteAlive(at: time, worked: 1, renewing: note)
        }
    }

    // MARK: Trials

    private mutating func parameters() -> Assignment {
        let kinds: [ParameterValue] = [
            "sgd", .null, .integer(64), .string("64"), .boolean(true), .list([.integer(1), .integer(2)]),
            .mapping([.init("a", "<b>")]), .number(1.5),
        ]
        let kind = kinds.randomElement(using: &dice) ?? .null
        var values: [String: ParameterValue] = [
            "lr": .number(Foundation.pow(10, Double.random(in: -5...0, using: &dice))), "kind": kind,
            "width": .integer(16 * Int.random(in: 1...16, using: &dice)),
            "seed": .integer(happens(0.2) ? Int.random(in: 1 << 60..<Int.max, using: &dice) : 7),
            "size": .integer(8 << Int.random(in: 0..<3, using: &dice)),
        ]
        if kind == "sgd" { values["momentum"] = .number(Double.random(in: 0...1, using: &dice)) }
        // An older trial than the parameter.
        if happens(0.1) { values["size"] = nil }
        if happens(0.05) { values["width"] = .number(17.25) }
        return Assignment(values, in: file.sweep.space)
    }

    private mutating func plan() async throws {
        let number = trials.count
        var trial = TrialRecord(
            number: number, origin: happens(0.2) ? .enqueued : .sampled, seed: 1, parameters: parameters(),
            created: time)
        if happens(0.1) { trial.source = .init(trial: 0) }
        let expected = Expectation(mean: 0.3, deviation: 0.1, low: 0.1, high: happens(0.2) ? 1e300 : 0.5)
        let forecast = happens(0.5) ? TrialProposal.Forecast(value: expected, improvement: 0.1) : nil
        let proposal = TrialProposal(
            trial: number, method: forecast == nil ? .random : .process, ended: 0, pending: 0, forecast: forecast)
        let startsAtOnce = happens(0.7)
        try await store.plan(
            trial, proposal: happens(0.8) ? proposal : nil, startingAt: startsAtOnce ? time : nil)
        trials.append(Progress())
        if startsAtOnce { begin(number) }
    }

    private mutating func begin(_ number: Int) {
        trials[number].state = .running
        trials[number].attempt += 1
        // A trainer goes on from its checkpoint, from the beginning, or from anywhere.
        trials[number].step = happens(0.5) ? trials[number].step : Int.random(in: 0...trials[number].step, using: &dice)
    }

    private mutating func start(_ number: Int) async throws {
        _ = try await store.start(number, as: happens(0.2) ? .trialAsked : .trialStarted, at: time)
        begin(number)
    }

    private mutating func value() -> Double {
        let odd: [Double] = [.nan, .infinity, -.infinity, 0, -0.0, Double.leastNonzeroMagnitude, 1e300, -1]
        return happens(0.2) ? odd.randomElement(using: &dice) ?? 0 : Double.random(in: 0...1, using: &dice)
    }

    private mutating func report(_ number: Int) async throws {
        var reports: [MetricRecord] = []
        var decisions: [TrialDecision] = []
        for _ in 0..<Int.random(in: 1...4, using: &dice) {
            let (attempt, step) = (trials[number].attempt, trials[number].step)
            func add(_ name: String, _ value: Double) {
                reports.append(MetricRecord(trial: number, attempt: attempt, step: step, name: name, value: value))
            }
            if happens(0.8) { add("loss", value()) }
            if happens(0.4) { add("m\(Int.random(in: 0..<12, using: &dice))", value()) }
            if happens(0.05) { add("\u{1F600}\(Self.hostile)", value()) }
            if happens(0.3) { decisions.append(decision(number, .goOn)) }
            // Now and then a step is reported again, or one before.
            trials[number].step = max(0, step + (happens(0.9) ? 1 : Int.random(in: -2...0, using: &dice)))
        }
        try await store.record(reports, decisions)
    }

    private mutating func decision(_ number: Int, _ action: TrialDecision.Action) -> TrialDecision {
        TrialDecision(
            trial: number, attempt: trials[number].attempt, step: trials[number].step * 1000 + decisionCount(),
            rung: action == .goOn || happens(0.3) && action == .prune ? nil : decisionCount(), value: 0.5,
            action: action,
            reason: happens(0.1) ? Self.hostile : "rank 1 of 3", at: time)
    }

    /// Each decision has a step, or a rung, of its own.
    private mutating func decisionCount() -> Int {
        decided += 1
        return decided
    }
    private var decided = 0

    private mutating func end(_ number: Int) async throws {
        let value = Double.random(in: 0...1, using: &dice)
        let (ending, decisions): (TrialEnding, [TrialDecision])
        switch Int.random(in: 0..<8, using: &dice) {
        case 0..<3: (ending, decisions) = (.complete(value, further: further()), [])
        case 3:
            let decision = decision(number, .prune)
            let words = happens(0.7) ? decision.reason : "another reason"
            (ending, decisions) = (TrialEnding(.pruned, .pruned(words), value: value), [decision])
        case 4:
            let log = happens(0.5) ? "line\n\(Self.hostile)\n" : nil
            (ending, decisions) = (TrialEnding(.failed, .crash(.exit(3)), errorOutput: log), [])
        case 5: (ending, decisions) = (.diverged, [])
        case 6:
            (ending, decisions) = (TrialEnding(.waiting, .paused("at a rung")), [decision(number, .pause)])
        default:
            (ending, decisions) = (
                happens(0.5) ? .interrupted : TrialEnding(.waiting, .timeout, errorOutput: "killed"), []
            )
        }
        let last = MetricRecord(
            trial: number, attempt: trials[number].attempt, step: trials[number].step, name: "loss", value: value)
        try await store.end(
            number, ending, metrics: happens(0.5) ? [last] : [], decisions: decisions, at: time,
            lasted: happens(0.7) ? Double.random(in: 0...100, using: &dice) : nil)
        trials[number].state = ending.state
        trials[number].isPaused = ending.isPause
    }

    /// The values of the bounded metrics, of which a sweep whose file was changed may lack one.
    private mutating func further() -> [String: Double] {
        if !hasBounds { return [:] }
        let memory = Double.random(in: 0...1, using: &dice)
        return happens(0.2) ? ["memory": memory] : ["memory": memory, "m1": Double.random(in: 0...1, using: &dice)]
    }

    /// A paused trial goes on, or one that waits is given up.
    private mutating func leaveWaiting(_ waiting: [Int]) async throws {
        guard let number = waiting.randomElement(using: &dice) else { return }
        if trials[number].isPaused, happens(0.5) { return try await store.promote(decision(number, .promote)) }
        guard trials[number].attempt > 0 else { return }
        try await store.prune(
            number, happens(0.5) ? decision(number, .prune) : nil, because: "rank 1 of 3", value: nil, at: time)
        trials[number].state = .pruned
    }

    private mutating func importSome() async throws {
        var records: [TrialRecord] = []
        for number in trials.count..<trials.count + Int.random(in: 1...3, using: &dice) {
            var record = TrialRecord(
                number: number, origin: .sampled, seed: 2, parameters: parameters(), created: time)
            record.source = .init(sweep: "../elsewhere", trial: number + 100)
            record.attempt = 1
            record.started = time
            record.end(.complete(0.25, further: further()), at: time, lasted: 3)
            records.append(record)
            trials.append(Progress(state: .complete))
        }
        try await store.importTrials(records, at: time) { record in
            [MetricRecord(trial: record.number, attempt: 2, step: 1, name: "loss", value: 0.25)]
        }
    }

    /// The planner is killed, and another one takes over.
    private mutating func changePlanner() async throws {
        for number in try await store.recoverInterruptedTrials(at: time) { trials[number].state = .waiting }
        try await store.log(EventRecord(.plannerStarted, at: time))
        note = nil
    }
}
