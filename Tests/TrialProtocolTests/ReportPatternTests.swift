import RandomStreams
import Testing
import TrialProtocol

@Suite struct ReportPatternTests {
    /// The report in one line by one pattern.
    private func report(_ pattern: String, _ line: String) throws -> MetricReport? {
        try report([pattern], [line]).first ?? nil
    }

    /// What is read in lines by patterns.
    private func report(_ patterns: [String], _ lines: [String]) throws -> [MetricReport?] {
        var reader = ReportReader(try patterns.map { try ReportPattern($0) })
        return lines.map { reader.report(in: $0.utf8) }
    }

    @Test(
        arguments: [
            ("val_loss={val_loss}", "epoch 3: val_loss=0.41 (2.1s)", nil, ["val_loss": 0.41]),
            ("Epoch {step}/{}: val_loss={val_loss}", "Epoch 3/20: val_loss=0.41", 3, ["val_loss": 0.41]),
            ("Epoch {step}/{} loss {loss}", "Epoch 3/20 in 7s - acc 0.9 - loss 1e-3", 3, ["loss": 0.001]),
            ("{step},{},{loss}", "3,0.5,0.25", 3, ["loss": 0.25]),
            ("{step} {loss}", "  12   -.5e+1", 12, ["loss": -5]),
            ("loss: {loss} acc: {acc}%", "loss:0.5   acc:  93.5%", nil, ["loss": 0.5, "acc": 93.5]),
            ("'eval_loss': {eval_loss}", "{'eval_loss': 0.3, 'epoch': 1.0}", nil, ["eval_loss": 0.3]),
            ("'eval_loss': '{eval_loss}'", "{'eval_loss': '0.3', 'epoch': '1'}", nil, ["eval_loss": 0.3]),
            ("loss {loss}.", "The loss 3. Then", nil, ["loss": 3]), ("loss {loss}.", "loss 3.5.", nil, ["loss": 3.5]),
            ("[{loss}]", "[0.5]", nil, ["loss": 0.5]), ("[{loss}]", "[5.]", nil, ["loss": 5]),
            ("{{{loss}}}", "{0.5}", nil, ["loss": 0.5]), ("größe {größe}", "größe 7", nil, ["größe": 7]),
            ("{loss}", " 0.5\r", nil, ["loss": 0.5]), ("{ loss }", "12", nil, ["loss": 12]),
            ("step {step} loss {loss}", "step 2 loss 1; step 3 loss 2", 2, ["loss": 1]),
            ("{step} {} {loss}", "3 0.5 0.25 7", 3, ["loss": 0.25]), ("{} {loss}", "adam 0.25", nil, ["loss": 0.25]),
            ("{step},{},{loss}", "3,,0.25", 3, ["loss": 0.25]), ("a{}b {loss}", "ab 3", nil, ["loss": 3]),
            ("{val:loss} {a:b:f1}", "2 3", nil, ["val:loss": 2, "a:b:f1": 3]),
            // The first place at which all of it stands.
            ("loss {loss} ok", "loss 1 bad, loss 2 ok", nil, ["loss": 2]),
            ("loss={loss}", "val_loss=1 val/loss=2 val-loss=3 test.loss=4 loss=5", nil, ["loss": 5]),
            ("loss={loss}", "[train]loss=5", nil, ["loss": 5]), ("-loss={loss}", "val-loss=5", nil, ["loss": 5]),
            ("loss {loss}", "\u{1B}[32mloss\u{1B}[0m \u{1B}[1m5\u{1B}[0m", nil, ["loss": 5]),
            ("loss {loss}", " 50% loss 7\r100% loss 5", nil, ["loss": 5]),
            ("loss {loss}", "loss +inf", nil, ["loss": .infinity]),
            ("loss {loss}", "loss -Infinity", nil, ["loss": -.infinity]),
            ("loss {loss}", "loss 1e999", nil, ["loss": .infinity]), ("loss {loss}", "loss 5e1", nil, ["loss": 50]),
            ("residual = {r}", "residual =  1.25D-05", nil, ["r": 1.25e-5]),
            ("{a},{b}", "1,250", nil, ["a": 1, "b": 250]), ("loss {loss}", "loss 5, acc 3", nil, ["loss": 5]),
        ] as [(String, String, Int?, [String: Double])])
    func `a pattern reads the numbers in a line`(
        pattern: String, line: String, step: Int?, metrics: [String: Double]
    ) throws {
        let report = try #require(try report(pattern, line))
        #expect(report.step == step && !report.hasUnusableStep)
        #expect(Dictionary(uniqueKeysWithValues: report.metrics.map { ($0.name, $0.value) }) == metrics)
    }

    @Test(arguments: [
        ("loss={loss}", "val_loss=1"), ("loss={loss}", "loss="), ("loss={loss}", "Loss=1"), ("loss={loss}", ""),
        ("loss={loss}", "loss=none"), ("loss={loss}", "loss=infinite"), ("loss={loss}", "loss=."),
        ("loss {loss} ok", "loss 1 bad"), ("{loss}", "epoch 3"), ("{loss}", "3 epochs"), ("{loss}", ""),
        ("{step} {loss}", "1 2 x"), ("{step} {} {loss}", "Epoch 3 of 5"), ("a {} b {loss}", "b 1 a"),
        ("a {} b {loss}", "a b"),
        ("loss {loss}", "loss 5\rdone"), ("loss {loss}", "loss 0,31"), ("loss {loss}", "loss 1,234.5"),
    ])
    func `a line without it is no report`(pattern: String, line: String) throws {
        #expect(try report(pattern, line) == nil)
    }

    @Test func `what is not a number is told from what is absent, and a step that is not whole is noted`() throws {
        for word in ["nan", "NaN", "-nan", "NAN"] {
            #expect(try report("loss {loss}", "loss \(word) at 3")?["loss"]?.isNaN == true)
        }
        for step in ["1.5", "nan", "1e400"] {
            let report = try report("epoch {step} loss {loss}", "epoch \(step) loss 1")
            #expect(report?.step == nil && report?.hasUnusableStep == true)
        }
    }

    @Test func `JSON and the patterns of one line are one report, and JSON comes first`() throws {
        let patterns = ["loss={loss}", "loss={loss} acc={acc}", "step {step} lr={lr}"]
        let lines = [#"loss=1 {"loss": 2}"#, "step 4 lr=0.1 loss=1 acc=0.5", "nothing", #"loss=1 {"lr": 2}"#]
        #expect(
            try report(patterns, lines) == [
                MetricReport(metrics: [.init("loss", 2)]),
                MetricReport(step: 4, metrics: [.init("loss", 1), .init("acc", 0.5), .init("lr", 0.1)]), nil,
                MetricReport(metrics: [.init("lr", 2), .init("loss", 1)]),
            ])
    }

    @Test func `a step that stands alone is that of the reports behind it`() throws {
        let keras = ["Epoch 1/2", "10/10 - 2s - loss: 0.9 - val_loss: 0.8", "Epoch 2/2", "10/10 - val_loss: 0.7"]
        let reports = try report(["Epoch {step}/", "val_loss: {val_loss}"], keras)
        #expect(reports.map { $0?.step } == [nil, 1, nil, 2])
        #expect(reports.map { $0?["val_loss"] } == [nil, 0.8, nil, 0.7])
        // A part of the same line, and a step of its own.
        let trainer = ["{'eval_loss': 0.3, 'epoch': 4.0}", #"{"eval_loss": 0.2}"#, #"{"step": 9, "eval_loss": 0.1}"#]
        #expect(
            try report(["'epoch': {step}", "'eval_loss': {eval_loss}"], trainer).map { $0?.step } == [4, nil, 9])
    }

    @Test(arguments: [
        ("a {} {} {x}", "a 1 2 3 4 5", 3), ("{step} {} {} {} {x}", "1 2 3 4 5", 5),
        ("weighted avg {} {} {x} {}", "weighted avg  0.94  0.95  0.96  100", 0.96),
        ("{step}\t{}\t{}\t{x}", "1\t2\t3\t4\t5", 4), ("{step} {} {x}", "1  (0.3)  0.95", 0.95),
        ("{step} {x} {}", "1   1.2   0.10s", 1.2), ("{x} {}", "1.2 b", 1.2), ("{t}s", "2.5s", 2.5),
        ("x │ {x} │", "x │ 0.41 │", 0.41), ("x {x}", "x 0.4±0.1", 0.4), ("x {x}", "x 12% of it", 12),
        ("x: {x}", "x:0.5", 0.5), ("x = {x}", "x=-0.5", -0.5), ("loss={x}", "│loss=5", 5), ("x {x}", "x 5:", 5),
    ])
    func `words and columns are counted, and a number is a whole one`(
        pattern: String, line: String, value: Double
    ) throws {
        #expect(try report(pattern, line)?["x"] ?? report(pattern, line)?["t"] == value)
    }

    @Test(arguments: [
        ("x {x}", "x 1.2.3"), ("x {x}", "x 2026-01-01"), ("x {x}", "x 1:02.34"), ("x {x}", "x 3/4"),
        ("x {x}", "x 0x1F"), ("x {x}", "x 12.5k"), ("x {x}", "x 5e"), ("x {x}", "x 2.1s"), ("x {x}", "x 1.2*10"),
        ("x {x}", "x 1×10"),
        ("x {x}", "x 1_234"), ("x {x}", "x 1.2f-3"), ("x {x}", "x 1.23-105"), ("x {x}", "x −0.5"),
        ("mAP {x}", "mAP50 0.6"), ("acc {x}", "acc1 75.0"), ("{x} loss", "1,234.5 loss"), ("loss={x}", "Δloss=3"),
        ("val loss {x}", "valloss 3"),
    ])
    func `a part of a number, a word or a name is not read`(pattern: String, line: String) throws {
        #expect(try report(pattern, line) == nil)
    }

    @Test(
        arguments: [
            ("loss=%f", "reads no number", "a pattern is no regular expression: val_loss={val_loss}, for instance"),
            ("", "reads no number", nil), ("loss {}", "reads no number", nil),
            ("loss={loss!r}", "has '{loss!r}', a way to print a number", "{loss} reads it however it is printed"),
            ("loss {loss", "has a '{' that is not closed", "{{ is a brace that stands for itself"),
            ("{a {b}", "has a '{' that is not closed", nil), ("loss}", "has a '}' without a '{'", nil),
            ("{a}{b}", "has two placeholders with nothing between them", nil), ("{}{a}", "has two placeholders", nil),
            ("loss={loss:.3f}", "has '{loss:.3f}', a way to print a number", "{loss} reads it however it is printed"),
            ("{:8.2e}", "has '{:8.2e}', a way", "{NAME} reads it however it is printed"),
            ("{a} {a}", "has '{a}' twice", "{} stands for text that is not read"),
        ] as [(String, String, String?)])
    func `a text that is no pattern is refused with what is wrong`(
        text: String, words: String, help: String?
    ) throws {
        let problem = #expect(throws: ReportPattern.Problem.self) { try ReportPattern(text) }
        #expect(problem?.words.hasPrefix(words) == true)
        if let help { #expect(problem?.help == help) }
    }

    /// A line of a mebibyte, the longest that is read, and patterns that fit it nearly.
    @Test(
        .timeLimit(.minutes(1)),
        arguments: [
            "a {} a {} a {} a {x}", "aaaaaaaaaaaaaaaa{x}", "1 {} 1 {x} b", "{x} {y} b", "{} {x} b {y}", "a{}1{x}b",
        ])
    func `no line takes long`(text: String) throws {
        let pattern = try ReportPattern(text)
        for unit in ["a ", "a", "1 ", "1", "1e", "nan ", " ", "-", "a1"] {
            let line = String(repeating: unit, count: (1 << 20) / unit.utf8.count)
            var reader = ReportReader([pattern])
            #expect(reader.report(in: line.utf8) == nil)
        }
    }

    @Test func `no bytes end the program`() throws {
        let patterns = try ["{step}/{} loss {loss}.", "{x}", "a{}{{b {y}"].map(ReportPattern.init)
        let alphabet = Array("0123456789.+-eE nanif/loss{}ab\r\u{1B}[".utf8) + [0xFF, 0xC3]
        var random = RandomStream(seed: 7, stream: 4)
        for _ in 0..<3000 {
            let line = (0..<40).map { _ in alphabet[Int(random.next() % UInt64(alphabet.count))] }
            var reader = ReportReader(patterns)
            for metric in reader.report(in: line)?.metrics ?? [] {
                #expect(["loss", "x", "y"].contains(metric.name))
            }
        }
    }
}
