/// Which arguments of a command a shell reads, and expands `$NAME` in.
package enum ShellArgument {
    /// Programs that read the argument after `-c` as a shell does.
    private static let shells: Set = ["sh", "bash", "dash", "zsh", "ksh", "ash", "fish", "csh", "tcsh", "su", "script"]

    /// Whether a shell reads the argument after these, on this machine (`sh -c SCRIPT`) or on another (`ssh HOST
    /// COMMAND`).
    ///
    ///     ShellArgument.follows(["sh", "-c"])                 // true
    ///     ShellArgument.follows(["env", "bash", "-lc"])       // true
    ///     ShellArgument.follows(["python3", "-c"])            // false: Python reads it
    package static func follows(_ words: [String]) -> Bool {
        let programs = words.map { String($0.split(separator: "/").last ?? "") }
        if programs.contains("ssh") { return true }
        guard let option = words.last, option.hasPrefix("-"), !option.hasPrefix("--"), option.hasSuffix("c") else {
            return false
        }
        return programs.dropLast().contains(where: shells.contains)
    }
}
