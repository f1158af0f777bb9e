using System.Collections.Immutable;
using Spiffe.Agent.Cli.Output;
using Spiffe.Agent.Policy.Schema;
using Spiffe.Agent.Policy.Syntax;

namespace Spiffe.Agent.Cli.Policies;

/// <summary>The schema that a verb is given: JSON where the name ends in <c>.json</c>, else Cedar's own form.</summary>
/// <param name="Schema">What was read; null where there is a fault.</param>
/// <param name="Faults">What is wrong, in source order.</param>
/// <param name="Warnings">What is allowed and probably a mistake.</param>
internal sealed record SchemaFile(PolicySchema? Schema, ImmutableArray<PolicyFault> Faults, ImmutableArray<PolicyFault> Warnings)
{
    private const int MaxBytes = 3 * SchemaLimits.MaxSourceLength;

    public static async Task<SchemaFile> ReadAsync(string path, Terminal terminal, CancellationToken cancellationToken)
    {
        InputText input = await InputText.ReadAsync(path, MaxBytes, terminal, cancellationToken);
        string text = input.Text;
        SchemaReading reading = path.EndsWith(".json", StringComparison.Ordinal) ? PolicySchema.ParseJson(text) : PolicySchema.Parse(text);
        LineMap lines = new(text);
        return new SchemaFile(reading.Schema, At(reading.Errors), At(reading.Warnings));

        ImmutableArray<PolicyFault> At(ImmutableArray<SchemaNotice> notices) => [.. notices.Select(n => new PolicyFault(input.Place, lines.PositionOf(n.Span.Start), n.Message))];
    }
}
