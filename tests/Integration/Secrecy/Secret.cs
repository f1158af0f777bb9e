namespace Spiffe.Agent.Tests.Integration.Secrecy;

/// <summary>What one process was given and nobody else may have: a private key or a token.</summary>
/// <param name="Name">What it is, for people.</param>
/// <param name="Holder">The process that it was issued to, as <see cref="SecretBook"/> calls it.</param>
/// <param name="Forms">Every way to write it that is searched for, a character for a byte (Latin-1).</param>
internal sealed record Secret(string Name, string Holder, IReadOnlyList<string> Forms)
{
    public override string ToString() => $"{Name} of {Holder}";
}
