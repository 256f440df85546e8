import RandomStreams
import Testing
import Training

@Suite struct LearningRateScheduleTests {
    /// Schedules drawn at random, with a base rate and a length for each.
    private static let drawn: [(schedule: LearningRateSchedule, base: Double, total: Int)] = (0..<60).map { index in
        var random = RandomStream(seed: 1, stream: 91, UInt64(index))
        var schedule = LearningRateSchedule()
        schedule.name = LearningRateSchedule.Name.allCases[index % 3]
        schedule.stepSize = 1 + Int(random.integer(below: 7))
        schedule.gamma = 0.1 + 0.9 * random.uniform()
        schedule.warmup = Int(random.integer(below: 6))
        let base = 0.01 + random.uniform()
        schedule.minimum = base * random.uniform()
        return (schedule, base, 1 + schedule.warmup + Int(random.integer(below: 40)))
    }

    @Test(arguments: drawn.indices)
    func `the rate rises through the warm-up to its base, and then never rises again`(index: Int) {
        let (schedule, base, total) = Self.drawn[index]
        let rates = (0..<total).map { schedule.rate(base, at: $0, of: total) }
        #expect(rates.allSatisfy { $0 > 0 && $0 <= base })
        #expect(rates[schedule.warmup] == base)
        for time in 1..<max(total, 2) where time < total {
            if time <= schedule.warmup {
                // In equal steps, to rounding.
                #expect(abs(rates[time] - rates[time - 1] - base / Double(schedule.warmup + 1)) < 4 * .ulpOfOne)
            } else {
                #expect(rates[time] <= rates[time - 1])
            }
        }
        if schedule.name == .constant { #expect(rates[schedule.warmup...].allSatisfy { $0 == base }) }
    }

    @Test(arguments: drawn.indices.filter { drawn[$0].schedule.name == .cosine })
    func `a cosine is half-way down in the middle and at its smallest where the run ends`(index: Int) {
        var (schedule, base, total) = Self.drawn[index]
        total += (total - schedule.warmup) % 2
        let middle = schedule.warmup + (total - schedule.warmup) / 2
        #expect(abs(schedule.rate(base, at: middle, of: total) - (base + schedule.minimum) / 2) < 4 * .ulpOfOne)
        #expect(schedule.rate(base, at: total, of: total) == schedule.minimum)
        #expect(schedule.rate(base, at: total + 5, of: total) == schedule.minimum)
    }
}
