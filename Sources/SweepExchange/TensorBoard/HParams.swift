import EventFiles
import SweepModel
import SweepSearch

/// The parameters of a sweep as TensorBoard's plugin HParams has them: each of one kind.
struct HParams {
    /// The raw values are the plugin's.
    enum Kind: Int {
        case text = 1
        case flag, number
    }

    struct Parameter {
        var name: String
        var kind: Kind
        /// The message `HParamInfo`.
        var info: ProtocolMessage
    }

    private(set) var parameters: [Parameter] = []
    private var kinds: [String: Kind] = [:]

    init(_ space: SearchSpace) {
        for parameter in space.parameters {
            let kind = Self.kind(parameter.distribution)
            kinds[parameter.name] = kind
            var info = ProtocolMessage()
            info.add(1, text: parameter.name)
            info.add(4, integer: kind.rawValue)
            Self.addDomain(of: parameter.distribution, kind, to: &info)
            parameters.append(Parameter(name: parameter.name, kind: kind, info: info))
        }
    }

    /// A value as the message `google.protobuf.Value`; nil where there is no such number.
    func value(_ value: ParameterValue, of name: String) -> ProtocolMessage? {
        Self.message(value, kinds[name] ?? .text)
    }

    private static func message(_ value: ParameterValue, _ kind: Kind) -> ProtocolMessage? {
        var message = ProtocolMessage()
        switch (kind, value) {
        case (.flag, .boolean(let flag)): message.add(4, integer: flag ? 1 : 0)
        case (.number, _):
            guard let number = value.asNumber else { return nil }
            message.add(2, double: number)
        case (.text, .null): message.add(3, text: "None")
        case (.text, _), (.flag, _): message.add(3, text: value.argument)
        }
        return message
    }

    private static func kind(_ distribution: Distribution) -> Kind {
        switch distribution {
        case .real, .quantized, .integer: return .number
        case .choice(let values, _), .ordinal(let values):
            if values.allSatisfy({ $0.asNumber != nil }) { return .number }
            let areFlags = values.allSatisfy { if case .boolean = $0 { true } else { false } }
            return areFlags ? .flag : .text
        }
    }

    private static func addDomain(of distribution: Distribution, _ kind: Kind, to info: inout ProtocolMessage) {
        switch distribution {
        case .choice(let values, _), .ordinal(let values):
            info.add(5) { list in
                for value in values {
                    if let message = message(value, kind) { list.add(1, message: message) }
                }
            }
        case .real, .quantized, .integer:
            guard let low = distribution.value(atQuantile: 0).asNumber,
                let high = distribution.value(atQuantile: 1).asNumber
            else { return }
            info.add(6) { interval in
                interval.add(1, double: low)
                interval.add(2, double: high)
            }
        }
    }
}
