import Foundation
import Synchronization

/// The last signal that came; 0 for none. An atomic, since a signal handler must not take a lock.
private let received = Atomic<Int32>(0)

/// The signals by which a planner, a system or a person asks a run to stop: SIGTERM, SIGINT, SIGHUP.
///
///     StopSignals.install()
///     let outcome = try run.run(shouldStop: { StopSignals.pending != nil }) { event in … }
///     // .stopped after SIGTERM; StopSignals.pending is then 15
public enum StopSignals {
    /// From now on they are remembered instead of ending the process; but a second Ctrl-C ends it.
    public static func install() {
        // Touched here, so that the handler does not initialise it.
        _ = received.load(ordering: .relaxed)
        // The parent process may have had them blocked, and a mask is inherited.
        var set = sigset_t()
        sigemptyset(&set)
        for number in [SIGTERM, SIGINT, SIGHUP] { sigaddset(&set, number) }
        pthread_sigmask(SIG_UNBLOCK, &set, nil)
        for number in [SIGTERM, SIGINT, SIGHUP] {
            signal(number) { number in
                received.store(number, ordering: .relaxed)
                if number == SIGINT { signal(SIGINT, SIG_DFL) }
            }
        }
    }

    /// The signal that came, if one did.
    public static var pending: Int32? {
        let number = received.load(ordering: .relaxed)
        return number == 0 ? nil : number
    }
}
