import Foundation
import PackagePlugin

/// Writes a source file that says which commit is built, before every build.
///
/// `swift build` alone shall know the commit, without a script around it that passes a variable. The manifest cannot
/// tell: SwiftPM keeps what `Context.gitInformation` said when the manifest was read, and reads it again only after
/// the manifest itself has changed.
///
/// The file is written only if it would be another one, so that a build without a new commit has nothing to do. Where
/// there is no git, or the sources are not a git repository of their own, it says that the commit is not known.
@main
struct BuildCommit: BuildToolPlugin {
    func createBuildCommands(context: PluginContext, target: any Target) throws -> [Command] {
        [
            .prebuildCommand(
                displayName: "Asking git which commit this is",
                executable: URL(fileURLWithPath: "/bin/sh"),
                arguments: [
                    "-c", Self.script, "sh", context.package.directoryURL.path, context.pluginWorkDirectoryURL.path,
                ],
                outputFilesDirectory: context.pluginWorkDirectoryURL)
        ]
    }

    /// Without optional locks git writes nothing, so that it is in nobody's way.
    private static let script = #"""
        commit=nil
        if [ -e "$1/.git" ] && name=$(git -C "$1" rev-parse --short=7 HEAD 2>/dev/null); then
            changes=$(git --no-optional-locks -C "$1" status --porcelain --untracked-files=no 2>/dev/null | head -n 1)
            commit="\"$name${changes:+-dirty}\""
        fi
        text="/// The commit that this was built from, where git knew it.
        enum BuildCommit { static let text: String? = $commit }"
        [ "$(cat "$2/BuildCommit.swift" 2>/dev/null)" = "$text" ] && exit 0
        printf '%s\n' "$text" >"$2/BuildCommit.swift.new" && mv "$2/BuildCommit.swift.new" "$2/BuildCommit.swift"
        """#
}
