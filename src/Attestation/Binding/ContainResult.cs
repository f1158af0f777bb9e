using System.Globalization;

namespace Spiffe.Agent.Attestation.Binding;

/// <summary>What became of freezing, thawing or killing.</summary>
/// <param name="Outcome">How far it came.</param>
/// <param name="Means">By what.</param>
/// <param name="Processes">How many processes it met, as counted when it began or, by signals, as it went.</param>
/// <param name="Detail">Why not, or what is left; empty when all is done. For logs.</param>
public sealed record ContainResult(ContainOutcome Outcome, ContainMeans Means, int Processes, string Detail)
{
    /// <summary>Whether nothing of it runs on (or, thawing, all of it does).</summary>
    public bool IsDone => Outcome is ContainOutcome.Done or ContainOutcome.Gone;

    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Outcome} by {Means}, {Processes} processes{(Detail.Length == 0 ? "" : ": ")}{Detail}");

    internal static ContainResult Refused(string why) => new(ContainOutcome.Refused, ContainMeans.None, 0, why);

    internal static ContainResult Gone { get; } = new(ContainOutcome.Gone, ContainMeans.None, 0, "");
}
