import Foundation

/// The rights of files bind everybody but root, and root too without the capabilities to pass over them.
public enum Rights {
    /// Whether they can be made to bind this user.
    public static let bind = geteuid() != 0 || Machine.has("setpriv")

    /// A program whose runs they bind, and the arguments that come before its own; only where they can be made to.
    public static func bound(_ program: Program) throws -> (program: Program, before: [String]) {
        if geteuid() != 0 { return (program, []) }
        guard let binding = Program(onPath: "setpriv") else { throw CocoaError(.fileNoSuchFile) }
        return (binding, ["--bounding-set=-dac_override,-dac_read_search", program.path])
    }
}
