import ConfigFile
import SweepModel

extension SweepFile {
    /// The sweep as it was stored.
    ///
    /// - Throws: `DiagnosticsError` if this release reads the stored file otherwise than the one that stored it.
    public init(_ record: SweepRecord) throws(DiagnosticsError) {
        try self.init(
            source: SourceFile(record.file), base: record.base.map { SourceFile($0) }, directory: record.directory,
            defaultTrainerDirectory: record.trainerDirectory)
    }
}

extension SourceFile {
    fileprivate init(_ stored: SweepRecord.StoredFile) {
        self.init(path: stored.path, text: stored.text)
    }
}
