import ArgumentParser
import SweepSearch

/// The sampler of a name, with options behind it for experiments: `tpe:bandwidth=0.1:candidates=64`.
func namedSampler(_ text: String, seed: UInt64, trials: Int) throws -> any Sampler {
    let parts = text.split(separator: ":").map(String.init)
    var options = [String: Double]()
    for part in parts.dropFirst() {
        let pair = part.split(separator: "=")
        guard pair.count == 2, let number = Double(pair[1]) else { throw ValidationError("what is '\(part)'?") }
        options[String(pair[0])] = number
    }
    func set<Number: BinaryFloatingPoint>(_ name: String, _ value: inout Number) {
        if let number = options.removeValue(forKey: name) { value = Number(number) }
    }
    func set(_ name: String, _ value: inout Int) {
        if let number = options.removeValue(forKey: name) { value = Int(number) }
    }
    let sampler: any Sampler
    switch parts.first {
    case "random": sampler = RandomSampler()
    case "sobol": sampler = SobolSampler(seed: seed)
    case "tpe":
        var tpe = TPESampler(seed: seed)
        set("startup", &tpe.startupTrials)
        set("candidates", &tpe.candidates)
        set("good", &tpe.selection.goodFraction)
        set("rank", &tpe.selection.rankExponent)
        set("pending-good", &tpe.selectionWithPending.goodFraction)
        set("pending-rank", &tpe.selectionWithPending.rankExponent)
        set("most", &tpe.maxGood)
        set("bandwidth", &tpe.bandwidth)
        set("pending", &tpe.pendingWeight)
        sampler = tpe
    case "gp":
        var gp = GPSampler(seed: seed)
        set("startup", &gp.startupTrials)
        set("most", &gp.maxTrials)
        sampler = gp
    case "cmaes": sampler = CMAESSampler(seed: seed)
    case "auto": sampler = AutoSampler(seed: seed)
    default: throw ValidationError("there is no sampler '\(text)'")
    }
    if let unknown = options.keys.first { throw ValidationError("'\(text)' has no option '\(unknown)'") }
    return sampler
}
