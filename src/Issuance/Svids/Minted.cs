namespace Spiffe.Agent.Issuance.Svids;

/// <summary>What came of asking for a signature.</summary>
/// <param name="Svid">What was signed; null: nothing may leave.</param>
/// <param name="IsUnrecorded">Whether that is only because it cannot be written down now.</param>
internal readonly record struct Minted<TSvid>(TSvid? Svid, bool IsUnrecorded = false)
    where TSvid : class;
