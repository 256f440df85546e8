/// A parameter for a map, which has room for some sixty words of a choice.
///
///     let columns = FewerWords(parameter, of: ranked)
///     columns.note                // "rotation: 60 of 3000 words, those of the best trials"
///
/// A map has a cell for each pair of words: of two choices with thousands of them it would take minutes to compute, and
/// the cells would be too small to see. Where there is room for all words, those that no trial has are shown, too: that
/// they have not been tried is worth knowing.
struct FewerWords {
    /// The same with the words that are left; a value that is left out is not a number.
    let parameter: ChartParameter
    /// The trials whose word is left out.
    let leftOut: Set<Int>
    /// What is said of the words that are left out; nothing where there are none.
    let note: String

    static let limit = 60

    /// - Parameter trials: those that the map shows, from the best to the worst: the words of the first are kept.
    init(_ parameter: ChartParameter, of trials: [Int]) {
        guard let words = parameter.kind.categories, words.count > Self.limit else {
            self.parameter = parameter
            leftOut = []
            note = ""
            return
        }
        var kept: Set<Int> = []
        var others: Set<Int> = []
        for trial in trials where trial < parameter.values.count {
            guard let value = parameter.values[trial], let word = Int(exactly: value), words.indices.contains(word)
            else { continue }
            if kept.count < Self.limit { kept.insert(word) }
            if !kept.contains(word) { others.insert(trial) }
        }
        let order = kept.sorted()
        var places: [Double: Double] = [:]
        for (place, word) in order.enumerated() { places[Double(word)] = Double(place) }
        var fewer = parameter
        fewer.kind = .categories(order.map { words[$0] })
        // Nil would say that the parameter is inactive.
        fewer.values = parameter.values.map { value in value.map { places[$0] ?? .nan } }
        self.parameter = fewer
        leftOut = others
        note =
            others.isEmpty
            ? "\(parameter.name): the \(order.count) of \(words.count) words that occur"
            : "\(parameter.name): \(order.count) of \(words.count) words, those of the best trials"
    }
}
