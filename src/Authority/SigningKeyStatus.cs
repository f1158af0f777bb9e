namespace Spiffe.Agent.Authority;

/// <summary>One signing key, for people to look at.</summary>
/// <param name="Use">What it signs.</param>
/// <param name="KeyId"><c>kid</c> of a token key; subject key identifier, in hexadecimal, of a CA.</param>
/// <param name="Type">Its kind.</param>
/// <param name="State">Where it is in its life.</param>
/// <param name="NotBefore">When it begins to be usable.</param>
/// <param name="NotAfter">When it ends, whatever happens.</param>
/// <param name="LastExpiry">When the last SVID that it signed expires; none when it has signed nothing.</param>
public sealed record SigningKeyStatus(
    SigningKeyUse Use,
    string KeyId,
    KeyType Type,
    SigningKeyState State,
    DateTimeOffset NotBefore,
    DateTimeOffset NotAfter,
    DateTimeOffset? LastExpiry);
