import SweepModel
import SweepSearch

extension OptunaDistribution {
    /// The number that Optuna stores for a value: itself, or the place of the choice; nil if there is none.
    func stored(_ value: ParameterValue) -> Double? {
        switch self {
        case .float: value.asNumber.flatMap { $0.isFinite ? $0 : nil }
        case .integer: value.asWhole.map { Double($0) }
        case .categorical(let choices): choices.firstIndex(of: value).map { Double($0) }
        }
    }
}
