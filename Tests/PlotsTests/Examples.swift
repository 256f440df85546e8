import Plots

/// A small generator of random numbers (SplitMix64) with a fixed seed.
struct Noise: RandomNumberGenerator {
    var state: UInt64

    init(_ seed: UInt64) { state = seed }

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }

    mutating func share() -> Double { Double.random(in: 0..<1, using: &self) }
}

/// Figures of all kinds from made-up sweeps and runs. Only +, -, *, / and square roots are used, so that the
/// numbers are the same on every machine.
enum Examples {
    static let all: [(name: String, figure: Figure)] = [
        ("history", history(60)), ("intermediate", intermediate), ("parallel", parallel(80)), ("slices", slices(90)),
        ("contour", contour), ("rank", rank), ("distribution", distribution), ("timeline", timeline),
        ("durations", durations), ("importance", importance), ("dependence", dependence), ("rungs", rungs),
        ("failures", failures), ("curves", curves), ("cka", cka), ("cka-lines", similarityLines),
        ("weights", weights), ("spectrum", spectrum), ("front", front), ("front-pairs", frontPairs),
    ]

    struct Sweep {
        var rate: [Double?] = []
        var momentum: [Double?] = []
        var width: [Double?] = []
        var optimizer: [String?] = []
        var values: [Double?] = []
        var outcomes: [Outcome] = []
        var durations: [Double?] = []

        init(_ count: Int, seed: UInt64 = 7) {
            var noise = Noise(seed)
            for number in 0..<count {
                let place = noise.share()
                var power = 1.0
                for _ in 0..<Int(place * 16) { power *= 1.6 }
                let rate = 1e-3 * power * (1 + noise.share())
                let isSGD = noise.share() < 0.6
                let momentum = noise.share()
                let width = 32 + (noise.share() * 480).rounded()
                let far = place - 0.65
                let noisy = 0.97 - far * far * 0.9 - (isSGD ? (momentum - 0.8) * (momentum - 0.8) * 0.06 : 0.03)
                let value = noisy - noise.share() * 0.04 + width / 512 * 0.01
                let draw = noise.share()
                let outcome: Outcome = draw < 0.06 ? .failed : draw < 0.3 ? .pruned : .complete
                self.rate.append(rate)
                self.momentum.append(isSGD ? momentum : nil)
                self.width.append(width)
                optimizer.append(isSGD ? "sgd" : "adam")
                outcomes.append(outcome)
                values.append(
                    outcome == .failed ? (number % 2 == 0 ? nil : 0.1) : outcome == .pruned ? value - 0.05 : value)
                durations.append((outcome == .complete ? 60 : 18) * (1 + width / 256) + noise.share() * 20)
            }
        }

        var parameters: [ChartParameter] {
            [
                ChartParameter("optimizer.learning_rate", isLog: true, values: rate),
                ChartParameter("optimizer.momentum", values: momentum),
                ChartParameter("model.width", values: width),
                ChartParameter("optimizer.name", categories: ["sgd", "adam"], values: optimizer),
            ]
        }
    }

    static func history(_ count: Int) -> Figure {
        let sweep = Sweep(count)
        return .history(values: sweep.values, outcomes: sweep.outcomes, metric: "validation accuracy", goal: .maximize)
    }

    static func parallel(_ count: Int) -> Figure {
        let sweep = Sweep(count)
        return .parallelCoordinates(
            parameters: sweep.parameters, values: sweep.values, metric: "accuracy", goal: .maximize)
    }

    static func slices(_ count: Int) -> Figure {
        let sweep = Sweep(count)
        return .slices(parameters: sweep.parameters, values: sweep.values, metric: "accuracy", goal: .maximize)
    }

    static var contour: Figure {
        let sweep = Sweep(120)
        return .contour(
            sweep.parameters[0], sweep.parameters[1], values: sweep.values, metric: "accuracy", goal: .maximize)
    }

    static var rank: Figure {
        let sweep = Sweep(120)
        return .rank(
            sweep.parameters[0], sweep.parameters[1], values: sweep.values, metric: "accuracy", goal: .maximize)
    }

    static var distribution: Figure {
        .distribution(
            [("tpe", Sweep(80).values.compactMap(\.self)), ("random", Sweep(80, seed: 3).values.compactMap(\.self))],
            metric: "accuracy", goal: .maximize)
    }

    static var durations: Figure {
        let sweep = Sweep(100)
        return .durations(
            sweep.durations, values: sweep.values, outcomes: sweep.outcomes, metric: "accuracy", goal: .maximize)
    }

    static var timeline: Figure {
        let sweep = Sweep(48)
        var free = [0.0, 0, 0, 0]
        let attempts = zip(sweep.durations, sweep.outcomes).map { duration, outcome in
            let worker = free.indices.min { free[$0] < free[$1] } ?? 0
            let start = free[worker]
            free[worker] += (duration ?? 0) + 2
            return ChartAttempt(
                worker: "worker \(worker + 1)", start: start, end: start + (duration ?? 0), outcome: outcome)
        }
        return .timeline(attempts)
    }

    static func learning(_ seed: UInt64, _ speed: Double, _ length: Int) -> [Double] {
        var noise = Noise(seed)
        return (1...length).map { step -> Double in
            let expected: Double = 0.98 - 0.8 / (1 + speed * Double(step))
            return expected + (noise.share() - 0.5) * 0.03
        }
    }

    static var intermediate: Figure {
        let outcomes = Sweep(30).outcomes
        return .intermediateValues(
            outcomes.enumerated().map { index, outcome in
                let length = outcome == .complete ? 20 : outcome == .failed ? 3 : 5 + index % 4
                let speed = outcome == .complete ? 0.6 + Double(index % 5) * 0.3 : 0.2 + Double(index % 3) * 0.1
                return ChartCurve(
                    outcome: outcome, steps: (1...length).map(Double.init),
                    values: learning(UInt64(index), speed, length))
            }, metric: "validation accuracy", goal: .maximize)
    }

    static var curves: Figure {
        .learningCurves(
            ["gauss_newton", "adam", "sgd"].enumerated().flatMap { index, name in
                (0..<3).map { seed in
                    ChartCurve(
                        name, steps: (1...40).map(Double.init),
                        values: learning(UInt64(index * 10 + seed), [1.2, 0.5, 0.15][index], 40))
                }
            }, metric: "test accuracy")
    }

    static var importance: Figure {
        .importance(
            [
                ChartImportance("model.width", 0.11, interval: .init(low: 0.06, high: 0.17)),
                ChartImportance("optimizer.learning_rate", 0.62, interval: .init(low: 0.51, high: 0.7)),
                ChartImportance("optimizer.momentum", 0.21, interval: .init(low: 0.12, high: 0.33)),
                ChartImportance("optimizer.name", 0.06, interval: .init(low: 0.01, high: 0.12)),
            ], method: "PED-ANOVA", metric: "accuracy")
    }

    static var dependence: Figure {
        let shares = (0...40).map { Double($0) / 40 }
        let mean: [Double] = shares.map { share in
            let far: Double = share - 0.6
            return 0.95 - far * far * 0.8
        }
        let spread: [Double] = shares.map { share in
            let far: Double = share - 0.5
            return 0.01 + far * far * 0.2
        }
        let rates: [Double] = shares.map { share in
            let cubed: Double = share * share * share
            return 0.001 + cubed * 0.999
        }
        func dependence(_ name: String, _ x: [Double], _ part: Double, isLog: Bool = false) -> ChartDependence {
            let line = mean.map { 0.9 + ($0 - 0.9) * part }
            return ChartDependence(
                name, isLog: isLog, x: x, mean: line, lower: zip(line, spread).map { $0 - $1 },
                upper: zip(line, spread).map { $0 + $1 })
        }
        return .partialDependence(
            [
                dependence("optimizer.learning_rate", rates, 1, isLog: true),
                dependence("optimizer.momentum", shares, 0.4),
                dependence("model.width", shares.map { 32 + 480 * $0 }, 0.1),
            ], metric: "accuracy")
    }

    static var rungs: Figure {
        var noise = Noise(5)
        return .rungs(
            [(1.0, 27), (3.0, 9), (9.0, 3), (27.0, 1)].enumerated().map { level, rung in
                let foot: Double = 0.7 + Double(level) * 0.07
                let values: [Double] = (0..<rung.1).map { _ in foot + noise.share() * 0.15 }.sorted(by: >)
                return (rung.0, values.enumerated().map { ($0.element, $0.offset < max(rung.1 / 3, 1)) })
            }, metric: "accuracy", goal: .maximize)
    }

    /// Networks of different sizes: larger ones are better and slower. Some are too slow, and some have failed.
    static func objectives(_ count: Int) -> (all: [ChartObjective], standings: [Standing?]) {
        var noise = Noise(13)
        let sizes = (0..<count).map { _ in 1 + noise.share() * 30 }
        let losses = sizes.map { Optional(0.1 + 1 / ($0 + 1) + noise.share() * 0.3) }
        let latencies = sizes.map { Optional($0 * (0.8 + noise.share() * 0.4)) }
        let accuracies = sizes.map { Optional(0.98 - 0.4 / ($0 + 1) - noise.share() * 0.1) }
        let objectives = [
            ChartObjective("val_loss", goal: .minimize, values: losses),
            ChartObjective(
                "latency", goal: .minimize, limits: [.init(at: 25, "latency <= 25")], values: latencies),
            ChartObjective("accuracy", goal: .maximize, values: accuracies),
        ]
        return (objectives, standings(objectives, among: (0..<count).filter { $0 % 11 != 5 }))
    }

    /// Each trial compared with each other one.
    static func standings(_ objectives: [ChartObjective], among trials: [Int]) -> [Standing?] {
        func vector(_ trial: Int) -> [Double] {
            objectives.map { ($0.goal == .minimize ? 1 : -1) * ($0.values[trial] ?? .nan) }
        }
        let kept = trials.filter { trial in
            objectives.allSatisfy { objective in
                objective.limits.allSatisfy { (objective.values[trial] ?? .nan) <= $0.place }
            }
        }
        func isDominated(_ trial: Int) -> Bool {
            kept.contains { other in
                let pairs = Array(zip(vector(other), vector(trial)))
                return pairs.allSatisfy { $0 <= $1 } && pairs.contains { $0 < $1 }
            }
        }
        return (objectives.first?.values.indices ?? 0..<0).map { trial in
            if !trials.contains(trial) { return nil }
            return !kept.contains(trial) ? .breaksBound : isDominated(trial) ? .dominated : .front
        }
    }

    static var front: Figure {
        let objectives = Array(objectives(70).all.prefix(2))
        return .front(objectives, standings: standings(objectives, among: Array(0..<70)))
    }

    static var frontPairs: Figure {
        let (objectives, standings) = objectives(50)
        return .front(objectives, standings: standings)
    }

    static var failures: Figure {
        .failures([
            ("exit code 1", 4), ("out of memory (SIGKILL)", 11), ("no report for 10 minutes", 2), ("diverged", 7),
        ])
    }

    static var cka: Figure {
        let names = (1...6).map { "block \($0)" }
        let values: [[Double?]] = (0..<6).map { row in
            (0..<6).map { column in
                let far = Double(row - column)
                return row == 5 && column == 0 ? nil : 1 / (1 + far * far * 0.12)
            }
        }
        return .similarity(
            rows: names, columns: names, values: values, rowTitle: "gauss_newton", columnTitle: "adam")
    }

    static var similarityLines: Figure {
        .similarityCurves(
            (1...5).map { block in
                ChartCurve(
                    "block \(block)", steps: (0...20).map(Double.init),
                    values: (0...20).map { 1 / (1 + Double($0) * Double(block) * 0.008) })
            }, title: "CKA with the initial network", metric: "CKA")
    }

    static var weights: Figure {
        .weightChange(
            layers: (1...6).map { "block \($0)" },
            setups: [
                ("gauss_newton", [0.9, 0.7, 0.62, 0.5, 0.4, 0.38], [0.05, 0.06, 0.03, 0.04, 0.04, 0.02]),
                ("adam", [0.4, 0.42, 0.5, 0.55, 0.62, 0.8], [0.03, 0.04, 0.03, 0.05, 0.02, 0.06]),
            ])
    }

    static var spectrum: Figure {
        var value = 30.0
        let falling = (0..<100).map { _ in
            value *= 0.9
            return value
        }
        return .spectrum(
            [("before training", falling), ("after training", falling.map { $0 * $0 / 20 })], cut: 1e-2)
    }
}
