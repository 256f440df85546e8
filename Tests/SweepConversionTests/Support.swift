import ConfigFile
import SweepConversion
import SweepFile
import SweepModel
import SweepSearch
import Testing

extension ParameterValue: ExpressibleByArrayLiteral {
    public init(arrayLiteral elements: ParameterValue...) { self = .list(elements) }
}

/// A file of another tool, converted and read as a sweep file.
struct Converted {
    var conversion: Conversion
    var file: SweepFile

    init(
        _ text: String, name: String = "sweep.yaml",
        _ context: ConversionContext = ConversionContext(variable: { _ in nil })
    ) throws {
        let source = SourceFile(path: name, text: text)
        let foreign = try #require(try ForeignFile.recognize(source), "no known file")
        conversion = try foreign.converted(context)
        file = try SweepFile(
            source: SourceFile(path: "converted.yaml", text: conversion.text), base: context.base?.document.source,
            directory: "/nowhere")
    }

    var sweep: Sweep { file.sweep }
    var names: [String] { sweep.space.parameters.map(\.name) }

    func distribution(_ name: String) -> Distribution? {
        sweep.space.parameters.first { $0.name == name }?.distribution
    }

    /// The arguments of the trainer for these values.
    func arguments(_ parameters: [(name: String, value: ParameterValue)], variables: [String: String] = [:]) -> [String]
    {
        sweep.trainer.command.arguments(
            in: CommandTemplate.Context(
                config: nil, trialDirectory: "/t", sweepDirectory: "/s", number: 0, attempt: 1, seed: 0,
                resources: Resources(), parameters: parameters, written: sweep.written, variable: { variables[$0] }))
    }
}

/// Expects a conversion to fail with exactly these words.
func expect(
    _ report: String, ofConverting text: String, name: String = "sweep.yaml",
    sourceLocation: Testing.SourceLocation = #_sourceLocation
) {
    let error = #expect(throws: DiagnosticsError.self, sourceLocation: sourceLocation) {
        _ = try Converted(text, name: name)
    }
    #expect(error?.description == report, sourceLocation: sourceLocation)
}
