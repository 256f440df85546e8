import Files
import Foundation
import SweepModel
import SweepSearch

/// Reads an Optuna journal: a log of operations, which are repeated in their order to see what became of the studies.
///
/// Identifiers are not written. That of a study is its place among the lines that made studies, and that of a trial its
/// place among all lines that made trials; a line that Optuna itself passes over, such as one about a study that was
/// deleted, uses up no place.
///
/// What programs write that is no JSON is read too: the words `NaN` and `Infinity`. A last line without its end is
/// still being written, and passed over.
struct StudyJournal {
    /// The operations that say something about studies or trials. Others, of later versions or of other programs, are
    /// passed over as Optuna does.
    private enum Operation: Int {
        case createStudy, deleteStudy, setStudyUserAttribute, setStudySystemAttribute, createTrial, setParameter
        case setState, report, setUserAttribute, setSystemAttribute
    }

    private let path: String
    private var line = 0
    /// By identifier; nil where the study was deleted.
    private var studies: [OptunaStudy?] = []
    /// By identifier: where the trial is.
    private var places: [(study: Int, trial: Int)] = []
    /// The same texts come again with each trial.
    private var distributions: [String: OptunaDistribution] = [:]

    private init(path: String) { self.path = path }

    /// - Throws: `ExchangeError` with the line that is wrong.
    static func studies(in path: String) throws(ExchangeError) -> [OptunaStudy] {
        var journal = StudyJournal(path: path)
        var rest: [UInt8] = []
        var failure: ExchangeError?
        do {
            try readPieces(of: path) { piece in
                if failure != nil { return }
                var piece = piece
                while let end = piece.firstIndex(of: 0x0A) {
                    do throws(ExchangeError) {
                        try journal.apply(rest.isEmpty ? piece[..<end] : rest[...] + piece[..<end])
                    } catch {
                        failure = error
                        return
                    }
                    rest.removeAll(keepingCapacity: true)
                    piece = piece[(end + 1)...]
                }
                rest += piece
            }
        } catch {
            throw ExchangeError(error)
        }
        if let failure { throw failure }
        return journal.studies.compactMap(\.self)
    }

    private mutating func apply(_ bytes: ArraySlice<UInt8>) throws(ExchangeError) {
        line += 1
        if bytes.allSatisfy({ $0 == 0x20 || $0 == 0x0D || $0 == 0x09 }) { return }
        guard let entry = ParameterValue(pythonJSON: bytes), case .mapping = entry else {
            throw problem("this line is not a JSON object")
        }
        guard let code = entry["op_code"]?.asWhole else { throw problem("this line has no op_code") }
        switch Operation(rawValue: code) {
        case .createStudy: try createStudy(entry)
        case .deleteStudy: if let study = studyPlace(entry) { studies[study] = nil }
        case .setStudyUserAttribute:
            if let study = studyPlace(entry) { studies[study]?.userAttributes.merge(entry["user_attr"]) }
        case .setStudySystemAttribute:
            if let study = studyPlace(entry) { studies[study]?.systemAttributes.merge(entry["system_attr"]) }
        case .createTrial: try createTrial(entry)
        case .setParameter:
            guard let name = entry["param_name"]?.asText, let stored = entry["param_value_internal"]?.asNumber,
                let distribution = entry["distribution"]?.asText
            else {
                throw problem("this line sets no parameter: it needs param_name, param_value_internal, distribution")
            }
            let parameter = try parameter(name, stored, distribution)
            change(entry) { $0.set(parameter) }
        case .setState: try setState(entry)
        case .report:
            guard let step = entry["step"]?.asWhole, let value = entry["intermediate_value"]?.asNumber else {
                throw problem("this line reports nothing: it needs step and intermediate_value")
            }
            change(entry) { $0.set(OptunaTrial.Report(step: step, value: value)) }
        case .setUserAttribute: change(entry) { $0.userAttributes.merge(entry["user_attr"]) }
        case .setSystemAttribute: change(entry) { $0.systemAttributes.merge(entry["system_attr"]) }
        case nil: break
        }
    }

    private mutating func createStudy(_ entry: ParameterValue) throws(ExchangeError) {
        guard let name = entry["study_name"]?.asText, case .list(let list)? = entry["directions"] else {
            throw problem("this line makes no study: it needs study_name and directions")
        }
        // Two programs may have made it at the same time; the first line counts.
        if studies.contains(where: { $0?.name == name }) { return }
        let directions = list.compactMap { $0.asWhole.flatMap(OptunaStudy.Direction.init) }
        guard directions.count == list.count, !directions.isEmpty else {
            throw problem("directions must be a list of 1, which is minimize, and 2, which is maximize")
        }
        studies.append(OptunaStudy(name: name, directions: directions))
    }

    private mutating func createTrial(_ entry: ParameterValue) throws(ExchangeError) {
        guard let place = studyPlace(entry), let number = studies[place]?.trials.count else { return }
        var trial = OptunaTrial(number: number, state: .running)
        if let state = entry["state"] { trial.state = try self.state(state) }
        let value = entry["value"].map { ParameterValue.list([$0]) }
        if let values = try values(entry["values"]) { trial.values = values }
        if trial.values.isEmpty, let values = try values(value) { trial.values = values }
        trial.started = time(entry["datetime_start"])
        trial.ended = time(entry["datetime_complete"])
        if case .mapping(let stored)? = entry["params"] {
            for field in stored {
                guard let number = field.value.asNumber, let json = entry["distributions"]?[field.key]?.asText else {
                    throw problem("the parameter '\(field.key)' has no number, or no distribution")
                }
                trial.set(try parameter(field.key, number, json))
            }
        }
        if case .mapping(let reports)? = entry["intermediate_values"] {
            for field in reports {
                guard let step = Int(field.key), let value = field.value.asNumber else {
                    throw problem("intermediate_values must be numbers by step, found '\(field.key)'")
                }
                trial.set(OptunaTrial.Report(step: step, value: value))
            }
        }
        trial.userAttributes.merge(entry["user_attrs"])
        trial.systemAttributes.merge(entry["system_attrs"])
        places.append((place, number))
        studies[place]?.trials.append(trial)
    }

    private mutating func setState(_ entry: ParameterValue) throws(ExchangeError) {
        guard let word = entry["state"] else { throw problem("this line sets no state") }
        let state = try state(word)
        let values = try values(entry["values"])
        let (started, ended) = (time(entry["datetime_start"]), time(entry["datetime_complete"]))
        change(entry) { trial in
            if state == .running {
                if trial.state == .running { return }
                trial.started = started
            }
            if state.isFinished { trial.ended = ended }
            trial.state = state
            if let values { trial.values = values }
        }
    }

    /// Changes the trial that a line is about, unless it has ended: what is written of it then does not count.
    private mutating func change(_ entry: ParameterValue, _ body: (inout OptunaTrial) -> Void) {
        guard let id = entry["trial_id"]?.asWhole, places.indices.contains(id) else { return }
        let (study, number) = places[id]
        guard let state = studies[study]?.trials[number].state, !state.isFinished else { return }
        if var trial = studies[study]?.trials[number] {
            // Not copied while it is changed.
            studies[study]?.trials[number] = OptunaTrial(number: number, state: state)
            body(&trial)
            studies[study]?.trials[number] = trial
        }
    }

    private func studyPlace(_ entry: ParameterValue) -> Int? {
        guard let id = entry["study_id"]?.asWhole, studies.indices.contains(id), studies[id] != nil else { return nil }
        return id
    }

    private func state(_ value: ParameterValue) throws(ExchangeError) -> OptunaTrial.State {
        guard let state = value.asWhole.flatMap(OptunaTrial.State.init) else {
            throw problem("Optuna has no trials of the state \(value)", help: "the states are the numbers 0 to 4")
        }
        return state
    }

    /// - Returns: nil if there are none. Python's `NaN` is no result.
    private func values(_ list: ParameterValue?) throws(ExchangeError) -> [Double]? {
        guard case .list(let elements)? = list, elements != [.null] else { return nil }
        let numbers = elements.compactMap(\.asNumber)
        guard numbers.count == elements.count else { throw problem("values must be numbers") }
        return numbers.contains(where: \.isNaN) ? nil : numbers
    }

    private func time(_ value: ParameterValue?) -> Date? {
        value?.asText.flatMap { PythonTime.date($0, utc: false) }
    }

    private mutating func parameter(
        _ name: String, _ stored: Double, _ json: String
    ) throws(ExchangeError) -> OptunaTrial.Parameter {
        guard let distribution = distributions[json] ?? OptunaDistribution(json: json) else {
            throw problem("the parameter '\(name)' has a distribution that is not known: \(json.prefix(120))")
        }
        distributions[json] = distribution
        guard let value = distribution.value(ofStored: stored) else {
            throw problem("\(stored) is no value of the parameter '\(name)'")
        }
        return OptunaTrial.Parameter(name, value, from: distribution)
    }

    private func problem(_ words: String, help: String? = nil) -> ExchangeError {
        ExchangeError(path, line: line, words, help: help)
    }
}

extension [String: ParameterValue] {
    /// Takes over the fields of a mapping; anything else has none.
    fileprivate mutating func merge(_ fields: ParameterValue?) {
        guard case .mapping(let entries)? = fields else { return }
        for entry in entries { self[entry.key] = entry.value }
    }
}
