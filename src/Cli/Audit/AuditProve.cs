using System.CommandLine;
using System.Globalization;
using System.Text;
using Spiffe.Agent.Audit.Merkle;
using Spiffe.Agent.Audit.Notes;
using Spiffe.Agent.Audit.Proofs;
using Spiffe.Agent.Audit.Tiles;
using Spiffe.Agent.Audit.Verification;
using Spiffe.Agent.Cli.Output;

namespace Spiffe.Agent.Cli.Audit;

/// <summary><c>audit prove [DIR] INDEX</c>: the receipt of an entry, which <c>audit verify --proof</c> and any other verifier of C2SP tlog-proof checks offline.</summary>
internal static class AuditProve
{
    private const UnixFileMode Mode = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead | UnixFileMode.OtherRead;

    public static Command Create(Terminal terminal)
    {
        Command command = new("prove", "Make the receipt of an entry: it shows offline, with the log's key, that the entry is in the log.");
        Argument<string> directory = LogArgument.Create();
        Argument<long?> index = IndexArgument.Create();
        Option<string?> to = new("--out") { Description = "Where to; standard output unless said otherwise. Best a name that ends in .tlog-proof", HelpName = "FILE" };
        command.Add(directory);
        command.Add(index);
        command.Add(to);
        command.SetAction(async (parsed, cancellationToken) =>
        {
            (string log, long? one) = IndexArgument.Resolve(parsed.GetRequiredValue(directory), parsed.GetValue(index));
            if (one is not { } entry) return new Fault(ExitCodes.Usage, "usage", "which entry?", "give its index: spiffe-agent audit prove [DIR] INDEX").Print(terminal.Error);
            byte[] receipt = (await MakeAsync(log, entry, cancellationToken)).ToArray();
            if (parsed.GetValue(to) is { } file) Write(file, receipt);
            else terminal.Out.Write(Encoding.UTF8.GetString(receipt));
            return ExitCodes.Done;
        });
        return command;
    }

    private static async Task<LogProof> MakeAsync(string log, long index, CancellationToken cancellationToken)
    {
        (LogReader reader, SignedNote note, Checkpoint head) = LogArgument.Open(log);
        using (reader)
        {
            if (index >= head.Size) throw Bad("no such entry", index, $"the log has {head.Size}");
            try
            {
                await foreach (LogEntry entry in reader.ReadAsync(index, index + 1, head.Size, cancellationToken))
                {
                    return reader.Prove(index, note, TreeHasher.Leaf(entry.Bytes.Span)) ?? throw Bad("the tiles do not lead to the checkpoint", index, "see 'spiffe-agent audit verify'");
                }
            }
            catch (TileException e)
            {
                throw Bad(e.Message, index, "see 'spiffe-agent audit verify'");
            }

            throw Bad("the entry is damaged or not kept any more", index, "see 'spiffe-agent audit verify'");
        }
    }

    private static void Write(string file, byte[] receipt)
    {
        try
        {
            using FileStream stream = new(file, new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write, UnixCreateMode = Mode });
            stream.Write(receipt);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new FaultException(new Fault(ExitCodes.CannotCreate, "cannot create", file, e.Message));
        }
    }

    private static FaultException Bad(string what, long index, string remedy) => new(new Fault(ExitCodes.BadInput, what, index.ToString(CultureInfo.InvariantCulture), remedy));
}
