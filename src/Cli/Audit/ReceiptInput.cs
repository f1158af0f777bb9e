using System.CommandLine;
using Spiffe.Agent.Audit.Notes;
using Spiffe.Agent.Audit.Proofs;
using Spiffe.Agent.Audit.Records;
using Spiffe.Agent.Audit.Verification;
using Spiffe.Agent.Cli.Output;
using Spiffe.Agent.Cli.Policies;

namespace Spiffe.Agent.Cli.Audit;

/// <summary>A receipt and the entry that it is for: <c>--proof FILE --entry FILE|-</c>.</summary>
internal sealed class ReceiptInput
{
    private const int MaxProof = SignedNote.MaxLength + (1 << 17);

    private readonly Option<string?> _proof = new("--proof") { Description = "A receipt, C2SP tlog-proof, to be verified in place of a directory", HelpName = "FILE" };
    private readonly Option<string?> _entry = new("--entry") { Description = "The entry that the receipt is for; - for standard input", HelpName = "FILE|-" };

    public static ReceiptInput AddTo(Command command)
    {
        ReceiptInput input = new();
        command.Add(input._proof);
        command.Add(input._entry);
        command.Validators.Add(result =>
        {
            if (result.GetValue(input._proof) is null != result.GetValue(input._entry) is null) result.AddError("--proof and --entry: give both, or neither");
        });
        return input;
    }

    public bool IsAsked(ParseResult parsed) => parsed.GetValue(_proof) is not null;

    /// <returns>The exit code.</returns>
    /// <exception cref="FaultException">Nothing was given to verify it by, or a file is none. Bad input.</exception>
    public async Task<int> VerifyAsync(ParseResult parsed, LogPolicy? policy, bool isJson, Terminal terminal, CancellationToken cancellationToken)
    {
        if (policy is null) throw InputText.Bad("--proof", "says nothing without a key", "give --key or --policy");
        InputText text = await InputText.ReadAsync(parsed.GetRequiredValue(_proof)!, MaxProof, terminal, cancellationToken);
        if (!LogProof.TryParse(text.Bytes.Span, out LogProof? proof, out string fault)) throw InputText.Bad(text.Place, fault, "give a receipt as C2SP tlog-proof has it");
        InputText entry = await InputText.ReadAsync(parsed.GetRequiredValue(_entry)!, RecordEntry.MaxLength + 1, terminal, cancellationToken);
        string refused = FaultOf(proof, entry.Bytes.Span, policy);
        if (isJson) terminal.Out.Write(Json(proof, refused));
        if (refused.Length > 0) return new Fault(ExitCodes.BadInput, "not proven", refused, "").Print(terminal.Error);
        if (!isJson && Checkpoint.TryParse(proof.Checkpoint.Text, out Checkpoint? head, out _)) terminal.Out.Write(SafeText.Of($"entry {proof.Index} is in the log {head.Origin}, of {head.Size} entries then") + "\n");
        return ExitCodes.Done;
    }

    private static string FaultOf(LogProof proof, ReadOnlySpan<byte> bytes, LogPolicy policy)
    {
        NoteVerdict verdict = policy.Verify(proof.Checkpoint);
        if (!verdict.Accepted) return verdict.Fault;
        ReadOnlySpan<byte> entry = bytes.EndsWith("\n"u8) ? bytes[..^1] : bytes; // No entry ends in one; texts that are shown do.
        string fault = "no log is believed";
        foreach (NoteVerifierKey log in policy.Logs)
        {
            NoteVerdict own = proof.Verify(entry, log, policy.Witnesses);
            if (own.Accepted) return "";
            fault = own.Fault;
        }

        return fault;
    }

    private static string Json(LogProof proof, string fault) => JsonText.Object(onOneLine: false, json =>
    {
        json.WriteBoolean("proven", fault.Length == 0);
        json.WriteNumber("index", proof.Index);
        if (fault.Length > 0) json.WriteString("reason", fault);
    });
}
