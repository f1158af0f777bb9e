using System.Collections.Immutable;
using Microsoft.Extensions.Logging;
using Spiffe.Agent.Identity.Jwt;

namespace Spiffe.Agent.Issuance.Subjects;

/// <summary>The keys of one issuer as they are now. Looked at again when used, at most once a second; what cannot be read changes nothing.</summary>
internal sealed partial class SubjectKeys(SubjectIssuer issuer, TimeProvider time, ILogger logger)
{
    /// <summary>How old an answer of <see cref="SubjectIssuer.Changes"/> may be. Ours: bounds what callers can make us read.</summary>
    public static readonly TimeSpan Fresh = TimeSpan.FromSeconds(1);

    private readonly ILogger _logger = logger;
    private readonly Lock _looking = new(); // Guards what follows.
    private ImmutableArray<JwsPublicKey> _keys = issuer.Keys;
    private long? _looked;

    public ImmutableArray<JwsPublicKey> Now()
    {
        lock (_looking)
        {
            if (issuer.Changes is not { } changes) return _keys;
            long now = time.GetTimestamp();
            if (_looked is { } before && time.GetElapsedTime(before, now) < Fresh) return _keys;
            _looked = now;
            if (changes() is not { } change) return _keys;
            if (change.Fault is { } fault)
            {
                LogFault(issuer.Issuer, fault);
                return _keys;
            }

            _keys = change.Keys;
            LogChange(issuer.Issuer, _keys.Length);
            return _keys;
        }
    }

    [LoggerMessage(2210, LogLevel.Information, "keys of {Issuer} changed: {Count} now")]
    private partial void LogChange(string issuer, int count);

    [LoggerMessage(2211, LogLevel.Warning, "keys of {Issuer} changed and cannot be used, those before them stay: {Fault}")]
    private partial void LogFault(string issuer, string fault);
}
