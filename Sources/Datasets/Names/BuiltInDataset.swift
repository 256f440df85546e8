import Files
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

    private func folder() throws(DatasetError) -> String {
        let place = ResourceFolder.find(rawValue, ofModule: "Datasets")
        guard let path = place.path else { throw .missingResource(name: rawValue, places: place.places) }
        return path
    }
}

func fileExists(_ path: String) -> Bool {
    FileManager.default.fileExists(atPath: path)
}
