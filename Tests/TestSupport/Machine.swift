import Foundation

/// What a test needs and a machine may lack, for use in `.enabled(if:)`. A test that is skipped this way is reported as
/// skipped, where one that returns early would count as passed.
public enum Machine {
    /// Whether there are programs of these names on PATH.
    public static func has(_ programs: String...) -> Bool {
        programs.allSatisfy { Program(onPath: $0) != nil }
    }

    /// Whether there is a library of this name, such as `libcurl.so.4`, that can be loaded.
    public static func hasLibrary(_ name: String) -> Bool { dlopen(name, RTLD_LAZY) != nil }

    /// Whether this user may mount file systems in a separate namespace; containers often forbid it.
    public static func mayMount() async -> Bool {
        let mount = "mount -t tmpfs -o size=400k tmpfs /tmp"
        let result = try? await Program(onPath: "unshare")?
            .run(["--map-root-user", "--mount", "sh", "-c", mount], in: NSTemporaryDirectory())
        return result?.status.isSuccess == true
    }
}
