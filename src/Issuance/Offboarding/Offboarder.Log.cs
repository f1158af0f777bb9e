using Microsoft.Extensions.Logging;
using Spiffe.Agent.Identity;

namespace Spiffe.Agent.Issuance.Offboarding;

// Event ids 2470–2479. No token, no key.
internal sealed partial class Offboarder
{
    [LoggerMessage(2470, LogLevel.Information, "offboarded {Task}: {Credentials} credentials looked for in {Places} places, nothing is left")]
    private partial void LogVerified(SpiffeId task, int credentials, int places);

    [LoggerMessage(2471, LogLevel.Error, "residue of {Task}, for {Owner}: found {Count} times: {Findings}. The credentials are dead; remove what is left, and what left it")]
    private partial void LogResidue(SpiffeId task, string owner, long count, string findings);

    [LoggerMessage(2472, LogLevel.Warning, "offboarding of {Task}, for {Owner}, proves nothing: {Count} places could not be looked at: {Summary}")]
    private partial void LogIncomplete(SpiffeId task, string owner, long count, string summary);

    [LoggerMessage(2473, LogLevel.Critical, "credentials of {Task}, which is over, for {Owner}: {Summary}")]
    private partial void LogStillAccepted(SpiffeId task, string owner, string summary);
}
