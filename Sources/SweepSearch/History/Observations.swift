/// The trials that have ended, as a table with a row for each, ordered by their numbers.
///
///     var observations = Observations()
///     observations.insert(Observation(number: 0, assignment: assignment, outcome: .value(0.31)))
///     observations.outcomes                           // [.value(0.31)]
///
/// A sweep may have hundreds of thousands of trials, all of which are kept in memory. So the values are stored in
/// columns of 9 bytes each, and an ``Observation`` is made when it is asked for.
public struct Observations: Sendable {
    /// The trials' numbers, ascending.
    private var numbers: [Int] = []
    /// How the trials ended.
    public private(set) var outcomes: [Outcome] = []
    /// What the trials have reached in several objectives, by their numbers; most sweeps have one.
    private var vectors: [Int: ObjectiveVector] = [:]
    /// What the trials had reported at the steps at which they are compared, by their numbers.
    private var progress: [Int: [Double]] = [:]
    /// By row, the index of the names of its parameters.
    private var shapeOfRow: [UInt32] = []
    private var shapes: [Shape] = []
    private var shapeOfNames: [[String]: UInt32] = [:]
    /// One for every parameter that occurs.
    private var columns: [Column] = []
    private var columnOfName: [String: Int] = [:]
    /// The texts that cells refer to.
    private var words = Words()

    /// A table without rows.
    public init() {}

    /// A table of these trials, which may be in any order.
    public init(_ observations: some Sequence<Observation>) {
        for observation in observations { insert(observation) }
    }

    /// Inserts a trial after those with smaller numbers, in whatever order trials end.
    ///
    /// - Complexity: O(columns) after the last row; proportional to the number of rows after it where it is put in
    ///   between.
    public mutating func insert(_ observation: Observation) {
        let row = firstRow(after: observation.number)
        let assignment = observation.assignment
        let index = index(ofShape: assignment.names)
        numbers.insert(observation.number, at: row)
        outcomes.insert(observation.outcome, at: row)
        vectors[observation.number] = observation.objectives
        progress[observation.number] = observation.progress.isEmpty ? nil : observation.progress
        shapeOfRow.insert(index, at: row)
        for column in columns.indices { columns[column].insert(.absent, at: row) }
        for (column, value) in zip(shapes[Int(index)].columns, assignment.values) {
            columns[column][row] = words.cell(of: value)
        }
    }

    /// Changes how a trial ended.
    ///
    /// A paused trial that is promoted ends again, with another value; so does one whose configuration is run with
    /// another seed.
    ///
    /// - Parameter progress: what it had reported at the steps at which trials are compared; nil for what is known of
    ///   that already.
    /// - Returns: whether there is a trial with that number.
    @discardableResult
    public mutating func setOutcome(
        _ outcome: Outcome, of number: Int, objectives: ObjectiveVector? = nil, progress: [Double]? = nil
    ) -> Bool {
        let row = firstRow(after: number) - 1
        guard row >= 0, numbers[row] == number else { return false }
        outcomes[row] = outcome
        vectors[number] = objectives
        if let progress { self.progress[number] = progress.isEmpty ? nil : progress }
        return true
    }

    /// Whether any trial has been compared with others on its way.
    var haveProgress: Bool { !progress.isEmpty }

    /// What the trial of a row had reported at the steps at which trials are compared. Rows count from 0.
    public func progress(ofRow row: Int) -> [Double] { progress.isEmpty ? [] : progress[numbers[row]] ?? [] }

    /// What the trial of a row has reached in several objectives; nil where there is one, or where the trial did not
    /// come to its end. Rows count from 0.
    public func objectives(ofRow row: Int) -> ObjectiveVector? {
        vectors.isEmpty ? nil : vectors[numbers[row]]
    }

    /// The same trials with other outcomes, one for each row.
    func with(outcomes: [Outcome]) -> Observations {
        precondition(outcomes.count == count, "\(outcomes.count) outcomes for \(count) trials")
        var observations = self
        observations.outcomes = outcomes
        return observations
    }

    /// The values of the trial in a row.
    /// Rows count from 0.
    public func assignment(ofRow row: Int) -> Assignment {
        let shape = shapes[Int(shapeOfRow[row])]
        return Assignment(names: shape.names, values: shape.columns.map { words.value(of: columns[$0][row]) })
    }

    /// The values of the trial with this number; nil if it is not among them.
    public func assignment(ofTrial number: Int) -> Assignment? {
        let row = firstRow(after: number) - 1
        return row >= 0 && numbers[row] == number ? assignment(ofRow: row) : nil
    }

    /// Whether a trial with this assignment has ended.
    ///
    /// - Complexity: proportional to the number of rows; a fraction of a microsecond for a hundred.
    public func contains(_ assignment: Assignment) -> Bool {
        guard let shape = shapeOfNames[assignment.names] else { return false }
        var wanted = [(column: Int, cell: Cell)]()
        for (column, value) in zip(shapes[Int(shape)].columns, assignment.values) {
            guard let cell = words.knownCell(of: value) else { return false }
            wanted.append((column, cell))
        }
        // Numbers differ most, so a column of numbers leaves the fewest rows to compare in full.
        let first = wanted.first { $0.cell.kind == .number } ?? wanted.first
        var row = 0
        while row < count {
            if let first {
                guard let next = columns[first.column].firstRow(of: first.cell, from: row) else { return false }
                row = next
            }
            if shapeOfRow[row] == shape, wanted.allSatisfy({ columns[$0.column][row].equals($0.cell) }) { return true }
            row += 1
        }
        return false
    }

    /// The first row with a larger number.
    private func firstRow(after number: Int) -> Int {
        var (low, high) = (0, count)
        while low < high {
            let middle = (low + high) / 2
            if numbers[middle] <= number { low = middle + 1 } else { high = middle }
        }
        return low
    }

    /// The index of the shape with these names; a new one, with new columns where needed, the first time they occur.
    private mutating func index(ofShape names: [String]) -> UInt32 {
        if let index = shapeOfNames[names] { return index }
        let places = names.map { name in
            if let column = columnOfName[name] { return column }
            columnOfName[name] = columns.count
            columns.append(Column(rows: count))
            return columns.count - 1
        }
        let index = UInt32(shapes.count)
        shapes.append(Shape(names: names, columns: places))
        shapeOfNames[names] = index
        return index
    }
}

extension Observations {
    /// A hash for each row: equal for equal assignments, and hardly ever equal for different ones. It is computed
    /// column by column, which is faster than building assignments and hashing them.
    func fingerprints() -> [UInt64] {
        var fingerprints = shapeOfRow.map { UInt64($0) }
        for column in columns { column.mix(into: &fingerprints) }
        return fingerprints
    }

    /// The hash of a row with this assignment; nil if it has a parameter or a string that no row has.
    func fingerprint(of assignment: Assignment) -> UInt64? {
        guard let shape = shapeOfNames[assignment.names] else { return nil }
        var cells = [Cell](repeating: .absent, count: columns.count)
        for (column, value) in zip(shapes[Int(shape)].columns, assignment.values) {
            guard let cell = words.knownCell(of: value) else { return nil }
            cells[column] = cell
        }
        return cells.reduce(UInt64(shape)) { $1.mixed(into: $0) }
    }
}

extension Observations: RandomAccessCollection {
    public var startIndex: Int { 0 }
    public var endIndex: Int { numbers.count }

    /// The trial of a row, made from the columns.
    public subscript(row: Int) -> Observation {
        Observation(
            number: numbers[row], assignment: assignment(ofRow: row), outcome: outcomes[row],
            objectives: objectives(ofRow: row), progress: progress(ofRow: row))
    }
}

extension Observations: ExpressibleByArrayLiteral {
    public init(arrayLiteral elements: Observation...) { self.init(elements) }
}

/// The parameters that are active in a row, and where their values are.
private struct Shape: Sendable {
    let names: [String]
    let columns: [Int]
}

/// One value of a column: its kind, and 64 bits whose meaning depends on the kind.
private struct Cell {
    enum Kind: UInt8 {
        case absent, integer, number, boolean
        /// The index of a word.
        case word
        /// The index of a value of any other kind.
        case other
    }

    let kind: Kind
    let bits: UInt64

    static let absent = Cell(kind: .absent, bits: 0)

    /// 0 and -0 are equal.
    private var comparable: UInt64 { kind == .number && bits == 1 << 63 ? 0 : bits }

    func equals(_ other: Cell) -> Bool { kind == other.kind && comparable == other.comparable }

    func mixed(into fingerprint: UInt64) -> UInt64 {
        let mixed = (fingerprint ^ comparable) &* 0x9E37_79B9_7F4A_7C15 &+ UInt64(kind.rawValue)
        return mixed ^ (mixed >> 29)
    }
}

/// The values of one parameter, in two arrays: a row takes 9 bytes instead of the 16 of an array of cells.
private struct Column: Sendable {
    private var kinds: [Cell.Kind]
    private var bits: [UInt64]

    init(rows: Int) {
        kinds = [Cell.Kind](repeating: .absent, count: rows)
        bits = [UInt64](repeating: 0, count: rows)
    }

    subscript(row: Int) -> Cell {
        get { Cell(kind: kinds[row], bits: bits[row]) }
        set { (kinds[row], bits[row]) = (newValue.kind, newValue.bits) }
    }

    /// The first row from `row` on that holds the value; nil if none does.
    func firstRow(of cell: Cell, from row: Int) -> Int? {
        kinds[row...].indices.first { Cell(kind: kinds[$0], bits: bits[$0]).equals(cell) }
    }

    /// Mixes this column's values into the hashes of all rows.
    func mix(into fingerprints: inout [UInt64]) {
        precondition(fingerprints.count == kinds.count && kinds.count == bits.count)
        for row in fingerprints.indices { fingerprints[row] = self[row].mixed(into: fingerprints[row]) }
    }

    mutating func insert(_ cell: Cell, at row: Int) {
        kinds.insert(cell.kind, at: row)
        bits.insert(cell.bits, at: row)
    }
}

/// The values that do not fit into 64 bits, mostly strings: each is stored once and referred to by its index.
private struct Words: Sendable {
    private var words: [String] = []
    private var indices: [String: Int] = [:]
    private var others: [ParameterValue] = []
    private var indicesOfOthers: [ParameterValue: Int] = [:]

    /// Nil for a string, or a value of another such kind, that has not occurred.
    func knownCell(of value: ParameterValue) -> Cell? {
        switch value {
        case .integer(let integer): Cell(kind: .integer, bits: UInt64(bitPattern: Int64(integer)))
        case .number(let number): Cell(kind: .number, bits: number.bitPattern)
        case .boolean(let boolean): Cell(kind: .boolean, bits: boolean ? 1 : 0)
        case .string(let string): indices[string].map { Cell(kind: .word, bits: UInt64($0)) }
        case .largeInteger, .null, .list, .mapping:
            indicesOfOthers[value].map { Cell(kind: .other, bits: UInt64($0)) }
        }
    }

    /// The cell of a value, which is remembered if it has not occurred before.
    mutating func cell(of value: ParameterValue) -> Cell {
        if let cell = knownCell(of: value) { return cell }
        guard case .string(let string) = value else {
            indicesOfOthers[value] = others.count
            others.append(value)
            return Cell(kind: .other, bits: UInt64(others.count - 1))
        }
        indices[string] = words.count
        words.append(string)
        return Cell(kind: .word, bits: UInt64(words.count - 1))
    }

    func value(of cell: Cell) -> ParameterValue {
        switch cell.kind {
        case .integer: .integer(Int(Int64(bitPattern: cell.bits)))
        case .number: .number(Double(bitPattern: cell.bits))
        case .boolean: .boolean(cell.bits == 1)
        case .word: .string(words[Int(cell.bits)])
        case .other: others[Int(cell.bits)]
        case .absent: preconditionFailure("a row has no value where its shape has one")
        }
    }
}
