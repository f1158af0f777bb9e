using System.Collections.Immutable;
using System.CommandLine;
using Spiffe.Agent.Audit.Notes;
using Spiffe.Agent.Audit.Verification;
using Spiffe.Agent.Cli.Options;
using Spiffe.Agent.Cli.Output;
using Spiffe.Agent.Cli.Policies;
using Spiffe.Agent.Replay;

namespace Spiffe.Agent.Cli.Audit;

/// <summary><c>audit verify [DIR]</c>: everything that a log can show by itself, offline. <c>audit verify --proof FILE --entry FILE|-</c>: one receipt.</summary>
internal static class AuditVerify
{
    private const int MaxKept = 1_000;

    public static Command Create(Terminal terminal)
    {
        Command command = new("verify", "Verify an audit log or a receipt offline: exit code 0 when it is intact, 65 when it is not.");
        Argument<string> directory = LogArgument.Create();
        TrustInput trust = TrustInput.AddTo(command);
        Option<string[]> kept = new("--checkpoint") { Description = "A checkpoint of this log that you kept: the log must still hold what it signed for", HelpName = "FILE", Arity = ArgumentArity.OneOrMore };
        Option<bool> signedOnly = new("--no-replay") { Description = "Leave it at what is signed: do not read again what entries say" };
        ReceiptInput receipt = ReceiptInput.AddTo(command);
        Option<OutputFormat> output = OutputOption.TextOrJson();
        command.Add(directory);
        command.Add(kept);
        command.Add(signedOnly);
        command.Add(output);
        command.SetAction(async (parsed, cancellationToken) =>
        {
            bool isJson = parsed.GetValue(output) == OutputFormat.Json;
            LogPolicy? policy = await trust.ReadAsync(parsed, terminal, cancellationToken);
            if (receipt.IsAsked(parsed)) return await receipt.VerifyAsync(parsed, policy, isJson, terminal, cancellationToken);
            string log = parsed.GetRequiredValue(directory);
            ImmutableArray<SignedNote> notes = await KeptAsync(parsed.GetValue(kept) ?? [], terminal, cancellationToken);
            bool isOwnKey = policy is null;
            policy ??= OwnKeyOf(log);
            if (isOwnKey) terminal.Error.WriteLine("spiffe-agent: remark: the key is the directory's own: this shows that the log is consistent, not who wrote it; give --key or --policy");
            LogReplay? replay = parsed.GetValue(signedOnly) ? null : new LogReplay(new ReplayOptions());
            VerifyProgress progress = new(terminal);
            VerificationReport report = await new DirectoryVerifier(log, policy) { Kept = notes, Observer = replay is null ? null : replay.Add, Progress = progress.Show }.VerifyAsync(cancellationToken);
            progress.Clear();
            ReplaySummary? summary = replay?.Complete();
            terminal.Out.Write(isJson ? VerifyJson.Write(report, summary) : VerifyText.Write(log, report, summary, notes.Length, terminal.IsStyled));
            return report.IsIntact && summary is not { IsClean: false } ? ExitCodes.Done : ExitCodes.BadInput;
        });
        return command;
    }

    private static LogPolicy OwnKeyOf(string directory)
    {
        using LogReader reader = LogArgument.Open(directory).Reader;
        return reader.Keys() is [var first, ..] ? LogPolicy.Of(first) : throw new FaultException(new Fault(ExitCodes.BadInput, "log.vkey is missing or cannot be understood", directory, "give --key or --policy"));
    }

    private static async Task<ImmutableArray<SignedNote>> KeptAsync(string[] paths, Terminal terminal, CancellationToken cancellationToken)
    {
        List<SignedNote> notes = [];
        if (paths.Length > MaxKept) throw InputText.Bad("--checkpoint", $"more than {MaxKept} of them", "give fewer");
        foreach (string path in paths)
        {
            InputText text = await InputText.ReadAsync(path, SignedNote.MaxLength, terminal, cancellationToken);
            if (!SignedNote.TryParse(text.Bytes.Span, out SignedNote? note, out string fault) || !Checkpoint.TryParse(note.Text, out _, out fault)) throw InputText.Bad(text.Place, fault, "give a checkpoint as the log has it");
            notes.Add(note);
        }

        return [.. notes];
    }
}
