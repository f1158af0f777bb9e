using System.Collections.Immutable;
using Spiffe.Agent.Cli.Output;
using Spiffe.Agent.Policy.Syntax;

namespace Spiffe.Agent.Cli.Policies;

/// <summary>The files of policies that a verb is given, in the order given.</summary>
internal static class PolicyFiles
{
    /// <summary>Bytes of one file: what <see cref="SyntaxLimits.MaxSourceLength"/> code units take at most.</summary>
    private const int MaxBytes = 3 * SyntaxLimits.MaxSourceLength;

    public static async Task<ImmutableArray<PolicyFile>> ReadAsync(IEnumerable<string> paths, Terminal terminal, CancellationToken cancellationToken)
    {
        ImmutableArray<PolicyFile>.Builder files = ImmutableArray.CreateBuilder<PolicyFile>();
        int count = 0;
        foreach (string path in paths)
        {
            InputText input = await InputText.ReadAsync(path, MaxBytes, terminal, cancellationToken);
            PolicyFile file = PolicyFile.Parse(input.Place, input.Text, count);
            count += file.Statements.Length;
            files.Add(file);
        }

        return files.DrainToImmutable();
    }

    /// <summary>Prints what is wrong, and what probably is; true when something is wrong.</summary>
    public static bool PrintFaults(IEnumerable<PolicyFile> files, Terminal terminal) =>
        files.Select(file => Print(file.Faults, file.Warnings, terminal)).Aggregate(false, static (any, wrong) => any | wrong);

    /// <summary>As above, of one file.</summary>
    public static bool Print(ImmutableArray<PolicyFault> faults, ImmutableArray<PolicyFault> warnings, Terminal terminal)
    {
        foreach (PolicyFault fault in faults) terminal.Error.WriteLine(SafeText.Of(fault.ToString()));
        foreach (PolicyFault warning in warnings) terminal.Error.WriteLine(SafeText.Of($"{warning.Place}:{warning.Position}: warning: {warning.Message}"));
        return !faults.IsEmpty;
    }
}
