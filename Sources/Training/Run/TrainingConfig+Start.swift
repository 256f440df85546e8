import ReversibleCore

extension TrainingConfig {
    /// The weights that `training.start_from` leads to; nil where it is not given.
    ///
    /// - Parameters:
    ///   - drawn: the run's network as its seed draws it.
    ///   - classes: of the data set.
    /// - Throws: `SettingError` where they cannot be taken, or are not those of `training.start_checksum`.
    func startingWeights(
        drawn: @autoclosure () throws -> ReversibleNetwork<Float>, classes: Int
    ) throws -> StartingWeights? {
        guard let path = training.startPath(seed: seed) else { return nil }
        let start = try StartingWeights(at: path, for: self, drawn: try drawn(), classes: classes)
        if let expected = training.startChecksum, expected != start.checksum {
            throw SettingError(
                key: "training.start_checksum",
                problem: "'training.start_checksum' is \(expected), and the weights in \(path) have \(start.checksum)",
                help: "they are not the weights that were meant; without the key any are taken")
        }
        return start
    }

    /// Finds out whether this config means the first weights that a run began with, and takes over their check sum.
    ///
    /// A run has its first weights in its folder, and goes on when their file is gone. Where the file is there and now
    /// has other weights, the check sums differ, and this config is that of another run.
    ///
    /// - Parameter before: the config of the run in the folder.
    /// - Throws: `SettingError` where the weights cannot be read, and were found elsewhere when the run began.
    mutating func noteStart(ofRun before: TrainingConfig, drawnFor features: Int, _ classes: Int) throws {
        guard training.startFrom != nil, training.startChecksum == nil else { return }
        do {
            let start = try startingWeights(
                drawn: try TrainingState(self, features: features, classes: classes).network, classes: classes)
            training.startChecksum = start?.checksum
        } catch let error as SettingError {
            guard training.startFrom == before.training.startFrom, seed == before.seed else { throw error }
            training.startChecksum = before.training.startChecksum
        }
    }
}
