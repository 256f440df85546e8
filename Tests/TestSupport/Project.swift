import Foundation

/// The folder of this project, for tests that read its examples, documents and data.
public enum Project {
    public static let root = URL(fileURLWithPath: #filePath)
        .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()

    /// The path of a file or folder below the root.
    public static func path(_ name: String) -> String { root.appendingPathComponent(name).path }
}
