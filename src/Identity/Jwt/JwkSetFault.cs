namespace Spiffe.Agent.Identity.Jwt;

/// <summary>Why a JSON Web Key Set was refused.</summary>
public enum JwkSetFault
{
    /// <summary>Nothing is wrong.</summary>
    None = 0,

    /// <summary>It is longer than <see cref="JwkSetReader.MaxLength"/>.</summary>
    TooLong,

    /// <summary>It is not one JSON object with each name once.</summary>
    NotJson,

    /// <summary><c>keys</c> is absent or not a list of objects (RFC 7517 §5.1).</summary>
    KeysMissing,

    /// <summary>It has more than <see cref="JwkSetReader.MaxKeys"/> keys.</summary>
    TooManyKeys,

    /// <summary>A key carries a private or symmetric member: a key that shows its secret proves nothing.</summary>
    PrivateMember,

    /// <summary>A key of a kind that is understood is malformed, or too weak.</summary>
    KeyMalformed,

    /// <summary>Two keys share a <c>kid</c>: which is meant?</summary>
    KeyIdRepeated,

    /// <summary>No key in it can check a signature.</summary>
    NoUsableKey,
}
