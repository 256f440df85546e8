import Hummingbird

/// Serves the page of sweeps to a browser, live.
package struct SweepServer {
    package init() {}
}
