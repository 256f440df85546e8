import Foundation
import Plots
import Testing

/// Figures that were looked at, byte for byte.
///
/// After a wanted change, write them anew and look at them:
///
///     PLOTS_WRITE_GOLDEN=1 swift test --filter GoldenTests
///     for f in Tests/PlotsTests/Golden/*.svg; do rsvg-convert $f -o ${f%svg}png; done
@Suite struct GoldenTests {
    static let folder = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "Golden")

    @Test(arguments: Examples.all.map(\.name))
    func `a figure is drawn as when it was looked at`(name: String) throws {
        let figure = try #require(Examples.all.first { $0.name == name }?.figure)
        let file = Self.folder.appending(path: "\(name).svg")
        if ProcessInfo.processInfo.environment["PLOTS_WRITE_GOLDEN"] != nil {
            try Data(figure.svg().utf8).write(to: file)
        }
        let golden = try String(contentsOf: file, encoding: .utf8)
        #expect(figure.svg() == golden, "\(name).svg differs")
    }
}
