/// What must hold for a key to have an effect, and what to say where it does not.
///
///     let descends = EffectCondition("optimizer.name", name, isOneOf: .sgd, .gaussNewton)
///     momentum = section.number("momentum", .halfOpen(0..<1), else: momentum, if: descends)
///
/// With the name `adam` and a momentum of 0.9 that is a warning:
///
///     run.yaml:3:3: warning: 'optimizer.momentum' has no effect: 'optimizer.name' is adam
///     3 |   momentum: 0.9
///       |   ^
///       = help: it has one with sgd and gauss_newton
public struct EffectCondition: Sendable {
    let isMet: Bool
    /// Why the key has no effect, where the condition is not met.
    let reason: String
    /// What would give it one.
    let help: String?

    /// A condition of any kind.
    ///
    /// - Parameters:
    ///   - reason: why a key has no effect where the condition is not met, as the end of a sentence.
    ///   - help: what would give it one.
    public init(_ isMet: Bool, otherwise reason: String, help: String? = nil) {
        self.isMet = isMet
        self.reason = reason
        self.help = help
    }

    /// That a key has one of certain values.
    ///
    /// - Parameters:
    ///   - key: its dotted path, for the message.
    ///   - value: what it has.
    ///   - expected: the values with which the other key has an effect.
    public init<Choice: RawRepresentable<String> & Equatable>(
        _ key: String, _ value: Choice, isOneOf expected: Choice...
    ) {
        self.init(key, value, isAmong: expected)
    }

    /// That a key has one of certain values, which are in a list.
    public init<Choice: RawRepresentable<String> & Equatable>(
        _ key: String, _ value: Choice, isAmong expected: [Choice]
    ) {
        let names = expected.map(\.rawValue)
        let list = (names.count > 1 ? names.dropLast().joined(separator: ", ") + " and " : "") + (names.last ?? "none")
        self.init(
            expected.contains(value), otherwise: "'\(key)' is \(value.rawValue)", help: "it has one with \(list)")
    }
}

/// What is known of a key that was read with a default: whether the user changed anything by it.
struct KeyUse {
    /// The first condition that does not hold; nil if the key has an effect.
    var unmet: EffectCondition?
    /// Whether the value is the one that the key has where it is not written.
    var isDefault: Bool

    init(_ conditions: [EffectCondition], isDefault: Bool) {
        unmet = conditions.first { !$0.isMet }
        self.isDefault = isDefault
    }
}

/// Readers that know the value of a key which is not written, and when the key counts.
///
/// Each has the name and the checks of the one without `else`. A key is checked also where it has no effect; that it
/// has none is what `warnOfKeysWithoutEffect` says, and only of keys that are written.
extension ConfigSection {
    /// A number within `bounds`.
    public func number(
        _ key: String, _ bounds: NumberBounds = .any, else fallback: Double, if conditions: EffectCondition...
    ) -> Double {
        noted(key, number(key, bounds), fallback, conditions)
    }

    /// A whole number in `range`.
    public func integer(
        _ key: String, in range: ClosedRange<Int> = .min ... .max, else fallback: Int, if conditions: EffectCondition...
    ) -> Int {
        noted(key, integer(key, in: range), fallback, conditions)
    }

    /// `true` or `false`.
    public func boolean(_ key: String, else fallback: Bool, if conditions: EffectCondition...) -> Bool {
        noted(key, boolean(key), fallback, conditions)
    }

    /// One of a fixed set of names.
    public func choice<Choice: RawRepresentable<String> & CaseIterable & Equatable>(
        _ key: String, else fallback: Choice, if conditions: EffectCondition...
    ) -> Choice {
        noted(key, choice(key), fallback, conditions)
    }

    /// The section below a key, all of which has an effect only under the conditions.
    public func section(_ key: String, if conditions: EffectCondition...) -> ConfigSection {
        note(key, KeyUse(conditions, isDefault: false))
        return section(key)
    }

    /// Says when a key has an effect that is read in another way.
    ///
    /// - Parameter isDefault: whether its value is the one that it has where it is not written.
    public func effect(of key: String, isDefault: Bool, if conditions: EffectCondition...) {
        note(key, KeyUse(conditions, isDefault: isDefault))
    }

    private func noted<Value: Equatable>(
        _ key: String, _ value: Value?, _ fallback: Value, _ conditions: [EffectCondition]
    ) -> Value {
        note(key, KeyUse(conditions, isDefault: value == fallback))
        return value ?? fallback
    }
}
