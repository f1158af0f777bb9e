using System.CommandLine;
using Spiffe.Agent.Audit.Notes;
using Spiffe.Agent.Cli.Output;
using Spiffe.Agent.Cli.Policies;

namespace Spiffe.Agent.Cli.Inventory;

/// <summary><c>--key VKEY|FILE</c>: whom to believe.</summary>
internal static class InventoryKeys
{
    /// <summary>Longest file of keys, in bytes. Ours: several hundred keys.</summary>
    private const int MaxFile = 64 * 1024;

    public static Option<string[]> CreateOption() => new("--key")
    {
        Description = "The log's verifier key, or a file that holds some, one a line, such as log.vkey; repeat it for several",
        HelpName = "VKEY|FILE",
        Required = true,
    };

    /// <exception cref="FaultException">Something is neither a key nor a file of keys. Bad input.</exception>
    public static async Task<IReadOnlyList<NoteVerifierKey>> ReadAsync(IReadOnlyList<string> values, Terminal terminal, CancellationToken cancellationToken)
    {
        List<NoteVerifierKey> keys = [];
        foreach (string value in values)
        {
            if (NoteVerifierKey.TryParse(value, out NoteVerifierKey? key, out _))
            {
                keys.Add(key);
                continue;
            }

            InputText file = await InputText.ReadAsync(value, MaxFile, terminal, cancellationToken);
            foreach (string line in file.Text.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
            {
                if (!NoteVerifierKey.TryParse(line, out NoteVerifierKey? one, out string fault)) throw new FaultException(new Fault(ExitCodes.BadInput, "--key", file.Place, fault));
                keys.Add(one);
            }
        }

        return keys.Count > 0 ? keys : throw new FaultException(new Fault(ExitCodes.BadInput, "--key", string.Join(", ", values), "there is no key in it"));
    }
}
