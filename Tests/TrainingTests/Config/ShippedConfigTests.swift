import Foundation
import TestSupport
import Testing
import Training

/// The configs that come with the repository.
@Suite struct ShippedConfigTests {
    private static let folder = Project.path("configs")

    @Test func `every config that is shipped is read without a mistake, and says what its name says`() throws {
        let names = try FileManager.default.contentsOfDirectory(atPath: Self.folder).filter { $0.hasSuffix(".yaml") }
        #expect(names.count >= 13)
        for name in names {
            let config = try TrainingConfig.read(path: "\(Self.folder)/\(name)")
            let optimizer = config.optimizer.name.rawValue
            #expect(name == "digits.yaml" || name.contains("_\(optimizer)"), "\(name) trains with \(optimizer)")
            #expect(name.hasPrefix(config.data.name.rawValue), "\(name) trains on \(config.data.name.rawValue)")
        }
    }
}
