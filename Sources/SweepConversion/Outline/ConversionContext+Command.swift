extension ConversionContext {
    /// The command that was given in place of the file's own; nil if none was.
    ///
    /// A tool hands the values of a trial to the program by itself. So where no word of the command takes them, they
    /// are put behind it.
    ///
    ///     context.command = ["python", "train.py"]
    ///     context.givenCommand(passing: ["{args}"], notes)?.text      // [/usr/bin/env, python, train.py, '{args}']
    ///
    /// - Parameter words: what is put behind it.
    func givenCommand(passing words: [String], _ notes: ConversionNotes) -> OutlineLine? {
        guard let command else { return nil }
        let takesValues = command.contains { word in
            ["{args", "{param:", "{params", "{config"].contains { word.contains($0) }
        }
        if takesValues { return OutlineLine("command", CommandText.list(command)) }
        let added = words.joined(separator: " ")
        let note = notes.add(
            "the command takes no values of the trial, so \(added) was put behind it; a program that reads "
                + "REVSWEEP_PARAMS does not need that", at: nil)
        return OutlineLine("command", CommandText.list(command + words), comments: [note])
    }
}
