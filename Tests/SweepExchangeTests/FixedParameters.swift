import SweepExchange
import SweepSearch

extension OptunaTrial {
    /// The values that a waiting trial is to have.
    var fixedParameters: [(name: String, value: ParameterValue)] {
        guard case .mapping(let entries)? = systemAttributes["fixed_params"] else { return [] }
        return entries.map { ($0.key, $0.value) }
    }
}
