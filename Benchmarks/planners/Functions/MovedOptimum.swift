import Foundation
import RandomStreams
import SweepSearch

extension Assignment {
    /// The assignment that takes this one's place where a function is to have its optimum elsewhere.
    ///
    /// Many functions have their optimum near the middle of the space, which favours samplers that look there first.
    /// Each number's quantile u becomes uᵖ or 1 − (1 − u)ᵖ, with a power p from 1/3 to 3 that comes from the seed: what
    /// was at ½ is then anywhere from 1/8 to 7/8. Choices stay.
    func moved(in space: SearchSpace, seed: UInt64) -> Assignment {
        let moved = zip(names, values).map { name, value -> ParameterValue in
            guard let position = space.parameters.firstIndex(where: { $0.name == name }) else { return value }
            let distribution = space.parameters[position].distribution
            if case .choice = distribution { return value }
            guard let quantile = distribution.quantile(of: value) else { return value }
            var random = RandomStream(seed: seed, stream: 5, UInt64(position))
            let bend = 4 * random.uniform() - 2
            let power = bend < 0 ? 1 / (1 - bend) : 1 + bend
            let isMirrored = random.uniform() < 0.5
            return distribution.value(
                atQuantile: isMirrored ? 1 - pow(1 - quantile, power) : pow(quantile, power))
        }
        return Assignment(Dictionary(zip(names, moved)) { first, _ in first }, in: space)
    }
}
