import Foundation
func knob(_ name: String, _ value: Double) -> Double {
    ProcessInfo.processInfo.environment["K_" + name].flatMap(Double.init) ?? value
}
let kTransform = knob("TRANSFORM", 1)
let kShift = knob("SHIFT", 0)
let kSigma = knob("SIGMA", 3.0.squareRoot())
let kNoiseRate = knob("NRATE", 30)
let kMaxNoise = knob("MAXNOISE", 2)
let kBest = knob("BEST", 0)
let kDraws = knob("DRAWS", 512)
let kStarts = knob("STARTS", 6)
let kAutoShare = knob("SHARE", 4)
