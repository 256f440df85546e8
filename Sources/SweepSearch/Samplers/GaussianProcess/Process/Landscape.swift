/// The domain of a Gaussian process: the parameters of a space that vary, as its inputs.
///
///     rate: {type: loguniform, …}                 dimension 0, numeric, position 0
///     version: {type: constant, …}                none
///     optimizer: {type: choice, 3 values}         dimension 1, categorical(3), position 2
struct Landscape {
    /// With more dimensions than this there is no process.
    static let maxDimensions = 64

    let encoding: SpaceEncoding
    /// One for each parameter that has more than one value.
    let dimensions: [InputDimension]
    /// The position of each of these parameters in the space.
    let positions: [Int]

    /// Whether there are too many dimensions for a process.
    var isTooWide: Bool { dimensions.count > Self.maxDimensions }

    init(_ encoding: SpaceEncoding) {
        self.encoding = encoding
        var dimensions = [InputDimension]()
        var positions = [Int]()
        for (position, dimension) in encoding.dimensions.enumerated() {
            switch dimension {
            case .constant: continue
            case .numeric: dimensions.append(.numeric)
            case .categorical(let prior): dimensions.append(.categorical(prior.count))
            }
            positions.append(position)
        }
        self.dimensions = dimensions
        self.positions = positions
    }

    /// The coordinates of the assignments: one column for each dimension.
    /// An inactive parameter has the coordinate that stands for its middle.
    func columns(of assignments: [Assignment]) -> [[Double]] {
        let table = encoding.table(of: assignments)
        return zip(dimensions, positions).map { dimension, position in
            (0..<assignments.count).map { row in
                let coordinate = table[position * assignments.count + row]
                return coordinate.isNaN ? dimension.middle : coordinate
            }
        }
    }
}
