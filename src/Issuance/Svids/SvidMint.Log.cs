using Microsoft.Extensions.Logging;
using Spiffe.Agent.Identity;

namespace Spiffe.Agent.Issuance.Svids;

// Event ids 2050–2099. Serials and token ids only: no key, no token.
internal sealed partial class SvidMint
{
    [LoggerMessage(2050, LogLevel.Information, "issued X509-SVID {Id} for {Source}: serial {Serial}, until {NotAfter:u}")]
    private partial void LogX509(SpiffeId id, string source, string serial, DateTimeOffset notAfter);

    [LoggerMessage(2051, LogLevel.Information, "issued JWT-SVID {Id} for {Source}: jti {TokenId}, until {ExpiresAt:u}")]
    private partial void LogJwt(SpiffeId id, string source, string? tokenId, DateTimeOffset expiresAt);

    [LoggerMessage(2052, LogLevel.Information, "issued WIT-SVID {Id} for {Source}: jti {TokenId}, until {ExpiresAt:u}")]
    private partial void LogWit(SpiffeId id, string source, string? tokenId, DateTimeOffset expiresAt);
}
