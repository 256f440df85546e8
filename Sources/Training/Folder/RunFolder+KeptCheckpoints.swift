import Files
import Foundation

extension RunFolder {
    /// Writes a checkpoint that is kept, in place of an earlier one of that name.
    func keep(_ kept: KeptCheckpoint, _ bytes: [UInt8]) throws(FileError) {
        try replace(kept.fileName, with: bytes)
    }

    /// The epochs whose checkpoints are kept, ascending.
    var keptEpochs: [Int] {
        fileNames.compactMap { name in
            guard case .epoch(let number) = KeptCheckpoint(fileName: name) else { return nil }
            return number
        }.sorted()
    }

    /// Removes all but the last checkpoints up to an epoch. Ones beyond it, which an earlier and longer part of the run
    /// wrote before it was killed, will be written again.
    ///
    /// - Parameter every: those of epochs that this divides are left, and do not count; 0: there are none.
    func dropKept(last count: Int, every: Int, upTo epoch: Int) {
        for number in keptEpochs.filter({ $0 <= epoch && (every == 0 || $0 % every != 0) }).dropLast(count) {
            unlink("\(path)/\(KeptCheckpoint.epoch(number).fileName)")
        }
    }

    /// For messages, and to read it.
    func path(of kept: KeptCheckpoint) -> String { "\(path)/\(kept.fileName)" }
}
