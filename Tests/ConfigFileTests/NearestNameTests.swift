import ConfigFile
import Testing

@Suite struct NearestNameTests {
    private static let names = ["sgd", "adam", "gauss_newton"]
    private static let paths = [
        "model.hidden", "optimizer.learning_rate", "optimizer.momentum", "optimizer.adam.beta1",
    ]

    @Test(arguments: [
        ("smapler", ["sampler", "trainer"], "sampler"), ("trails", ["trials", "time"], "trials"),
        ("Adam", names, "adam"), ("ADMA", names, "adam"), ("gauss-newton", names, "gauss_newton"),
        ("optimizer.dampng", ["optimizer.damping"], "optimizer.damping"),
        ("optimiser.momentum", paths, "optimizer.momentum"), ("learning_rate", paths, "optimizer.learning_rate"),
        ("model.momentum", paths, "optimizer.momentum"), ("optimizer.beta1", paths, "optimizer.adam.beta1"),
        ("min", ["mix", "mi"], "mix"),
    ])
    func `a slip leads to the name that was meant`(name: String, candidates: [String], expected: String) {
        #expect(nearestName(to: name, among: candidates) == expected)
    }

    @Test(arguments: [
        ("x", ["y", "z"]), ("lr", ["sgd", "max"]), ("rmsprop", names), ("dropout", paths), ("", names),
        ("adam", ["adam"]),
        ("foo", []), (String(repeating: "a", count: 10_000), [String(repeating: "a", count: 9999)]),
    ])
    func `what is near nothing leads nowhere`(name: String, candidates: [String]) {
        #expect(nearestName(to: name, among: candidates) == nil)
    }
}
