/// The version of this package, of which both programs tell their user.
///
///     revsweep 0.1.0 (1a2b3c4)
public enum ProgramVersion {
    public static let number = "0.1.0"

    /// What `--version` prints: the program, the version, and the commit that it was built from where that is known.
    /// `-dirty` says that files differed from the commit.
    public static func line(of program: String) -> String {
        "\(program) \(number)" + (BuildCommit.text.map { " (\($0))" } ?? "")
    }
}
