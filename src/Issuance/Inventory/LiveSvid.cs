namespace Spiffe.Agent.Issuance.Inventory;

/// <summary>An SVID that is held ready and has not expired, by its number. Without its secret.</summary>
/// <param name="Kind">x509, jwt or wit.</param>
/// <param name="Id">Serial number or token id.</param>
/// <param name="ExpiresAt">Until when it holds.</param>
public sealed record LiveSvid(string Kind, string Id, DateTimeOffset ExpiresAt);
