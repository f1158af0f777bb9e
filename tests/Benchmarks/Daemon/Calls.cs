using Google.Protobuf;
using Spiffe.Agent.Protocols.Workload;
using Spiffe.Agent.Tests.Benchmarks.Floors;
using Spiffe.Agent.Tests.Benchmarks.Load;

namespace Spiffe.Agent.Tests.Benchmarks.Daemon;

/// <summary>The requests that are measured.</summary>
internal static class Calls
{
    private const string Service = "/SpiffeWorkloadAPI/";

    /// <summary>Digits at the end of <see cref="FreshJwt"/>'s audience, written anew for each call.</summary>
    public const int FreshDigits = 8;

    public const string Audience = "https://reports.example.org";

    public static CallTemplate FetchX509 { get; } = Of("FetchX509SVID", new X509SVIDRequest());

    public static CallTemplate CachedJwt { get; } = Of("FetchJWTSVID", new JWTSVIDRequest { Audience = { Audience } });

    public static CallTemplate FreshJwt { get; } = Of("FetchJWTSVID", new JWTSVIDRequest { Audience = { Audience + new string('0', FreshDigits) } });

    public static CallTemplate Validate(string token) => Of("ValidateJWTSVID", new ValidateJWTSVIDRequest { Audience = Audience, Svid = token });

    /// <summary>What a floor is asked: the same request message, for an answer of the same length.</summary>
    public static CallTemplate Floor(bool held, int answerLength, IMessage request) => new(FixedAnswers.Path(held, answerLength), request.ToByteArray());

    private static CallTemplate Of(string method, IMessage request) => new(Service + method, request.ToByteArray());
}
