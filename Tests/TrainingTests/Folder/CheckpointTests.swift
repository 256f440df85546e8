import Files
import Foundation
import TestSupport
import Testing
import Training
import TrialProtocol

@Suite struct CheckpointTests {
    /// A folder with a checkpoint in the middle of an epoch, and its bytes.
    private func stopped() throws -> (folder: TemporaryDirectory, path: String, bytes: [UInt8]) {
        let folder = try TemporaryDirectory()
        var run = try TrainingRun(config(smallConfig("adam")), folder: folder.path)
        var batches = 0
        _ = try run.run(shouldStop: { batches >= 16 }, observe: { if case .progress = $0 { batches += 1 } })
        let path = "\(folder.path)/checkpoint"
        return (folder, path, Array(try Data(contentsOf: URL(fileURLWithPath: path))))
    }

    private func failure(_ bytes: [UInt8], _ path: String) throws -> CheckpointError? {
        try Data(bytes).write(to: URL(fileURLWithPath: path))
        do {
            _ = try TrainedNetwork(readingFrom: path)
            return nil
        } catch let error as CheckpointError {
            return error
        }
    }

    @Test func `a truncated checkpoint is told wherever it was cut`() throws {
        let (folder, path, bytes) = try stopped()
        #expect(try failure(bytes, path) == nil)
        for size in [0, 1, 8, 31, 32, 33, bytes.count / 2, bytes.count - 1] {
            let expected = size < 32 ? 32 : bytes.count
            #expect(
                try failure(Array(bytes[..<size]), path)
                    == .truncated(path: path, expected: expected, found: size))
        }
        #expect(
            CheckpointError.truncated(path: "r/checkpoint", expected: 90, found: 40).description
                == "r/checkpoint: the checkpoint is truncated: 40 of 90 bytes")
        withExtendedLifetime(folder) {}
    }

    @Test func `a changed bit anywhere in a checkpoint is found`() throws {
        let (folder, path, bytes) = try stopped()
        for place in stride(from: 0, to: bytes.count, by: 1499) {
            var damaged = bytes
            damaged[place] ^= UInt8(1 << (place % 8))
            #expect(try failure(damaged, path) != nil, "at \(place)")
        }
        var damaged = bytes
        damaged[bytes.count - 5] ^= 4
        #expect(try failure(damaged, path) == .corrupt(path: path))
        #expect(try failure(bytes + [0], path) == .corrupt(path: path))
        withExtendedLifetime(folder) {}
    }

    @Test func `a file of another kind or version is refused by name`() throws {
        let (folder, path, bytes) = try stopped()
        #expect(try failure(Array("hello, world".utf8), path) == .notACheckpoint(path: path))
        var newer = bytes
        newer[8] = 2
        #expect(
            try failure(newer, path)?.description
                == "\(path): the checkpoint has version 2, this program reads version 1")
        #expect(
            throws: CheckpointError.unreadable(path: "/nowhere", reason: "there is no such file")
        ) { try TrainedNetwork(readingFrom: "/nowhere") }
        withExtendedLifetime(folder) {}
    }

    /// The sums after the steps came later than the rest of the form: 24 bytes at its end, within an epoch.
    @Test func `a checkpoint without the sums after the steps is resumed, and they are not made up`() throws {
        let (folder, path, bytes) = try stopped()
        var old = Array(bytes.dropLast(24))
        func write(_ number: UInt64, at place: Int) {
            for index in 0..<8 { old[place + index] = UInt8(truncatingIfNeeded: number >> UInt64(8 * index)) }
        }
        write(UInt64(old.count - 32), at: 16)
        write(CheckSum.of(old[32...]), at: 24)
        try Data(old).write(to: URL(fileURLWithPath: path))
        var settings = try config(smallConfig("adam"))
        settings.output.trainMetrics = [.afterSteps]
        var run = try TrainingRun(settings, folder: folder.path)
        var reports: [MetricReport] = []
        _ = try run.run(observe: { if case .epoch(let report) = $0 { reports.append(report) } })
        #expect(reports.map { $0["train_loss_after_steps"] == nil } == [true, false])
        var whole = try TrainingRun(config(smallConfig("adam")), folder: "\(folder.path)/whole")
        _ = try whole.run(observe: { _ in })
        let (first, second) = (
            try TrainedNetwork(readingFrom: folder.path), try TrainedNetwork(readingFrom: "\(folder.path)/whole")
        )
        #expect(first.network.parameters == second.network.parameters)
    }

    @Test func `a damaged checkpoint is not trained over`() throws {
        let (folder, path, bytes) = try stopped()
        try Data(bytes.dropLast(3)).write(to: URL(fileURLWithPath: path))
        #expect(throws: CheckpointError.self) {
            try TrainingRun(config(smallConfig("adam")), folder: folder.path)
        }
        #expect(try Data(contentsOf: URL(fileURLWithPath: path)).count == bytes.count - 3)
    }

    @Test func `what a killed trainer was writing is cleared away`() throws {
        let (folder, _, _) = try stopped()
        let left = try folder.write("half", to: ".checkpoint.123.tmp")
        let mine = try folder.write("mine", to: ".notes.tmp")
        _ = try TrainingRun(config(smallConfig("adam")), folder: folder.path)
        #expect(!FileManager.default.fileExists(atPath: left))
        #expect(FileManager.default.fileExists(atPath: mine))
    }
}
