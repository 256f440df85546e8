import Foundation

/// A data set that comes with the program.
public enum BuiltInDataset: String, Hashable, Sendable, CaseIterable {
    /// 1,437 training and 360 test images of 8×8 pixels in ten classes; see the licence in its folder.
    case digits

    /// Reads it from where the program was installed.
    ///
    ///     let digits = try BuiltInDataset.digits.read()
    ///     digits.training.images          // [1437, 64]
    ///
    /// - Throws: `DatasetError.missingResource` if the program was copied without its data.
    public func read() throws(DatasetError) -> PublishedDataset {
        switch self {
        case .digits: try PublishedDataset(idxFolder: folder(), classes: 10, brightest: 16)
        }
    }

    /// The folder of the data set.
    ///
    /// The generated `Bundle.module` ends the process where its folder is missing, and looks in the build folder of the
    /// machine that compiled it. So it is found here: beside the program, as the build leaves it and as a copy should,
    /// or in `share/revsweep` of the installation that the program is in.
    private func folder() throws(DatasetError) -> String {
        let program =
            (try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")) ?? CommandLine.arguments[0]
        let beside = URL(fileURLWithPath: program).deletingLastPathComponent().path
        let bundle = "revsweep_Datasets.resources"
        let places = ["\(beside)/\(bundle)/\(rawValue)", "\(beside)/../share/revsweep/\(rawValue)"]
        guard let place = places.first(where: { fileExists($0) }) else {
            throw .missingResource(name: rawValue, places: places)
        }
        return place
    }
}

func fileExists(_ path: String) -> Bool {
    FileManager.default.fileExists(atPath: path)
}
