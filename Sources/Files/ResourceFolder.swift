import Foundation

/// Files that come with the programs.
///
///     let place = ResourceFolder.find("digits", ofModule: "Datasets")
///     place.path                  // "…/share/revsweep/digits"
///
/// The generated `Bundle.module` ends the process where its folder is missing, and looks in the build folder of the
/// machine that compiled it. So they are found here: beside the program, as the build leaves them and as a copy should,
/// or in `share/revsweep` of the installation that the program is in.
public struct ResourceFolder: Sendable {
    /// Nil if the program was copied without its files.
    public var path: String?
    /// Where they were looked for.
    public var places: [String]

    /// - Parameters:
    ///   - name: of a file or folder among the resources.
    ///   - module: whose resources they are.
    public static func find(_ name: String, ofModule module: String) -> ResourceFolder {
        let program =
            (try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")) ?? CommandLine.arguments[0]
        let beside = URL(fileURLWithPath: program).deletingLastPathComponent().path
        let places = [
            "\(beside)/revsweep_\(module).resources/\(name)", "\(beside)/../share/revsweep/\(name)",
        ]
        return ResourceFolder(path: places.first { FileManager.default.fileExists(atPath: $0) }, places: places)
    }
}
