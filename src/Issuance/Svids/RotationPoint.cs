using System.Security.Cryptography;

namespace Spiffe.Agent.Issuance.Svids;

/// <summary>When an SVID is replaced: at half of its life, moved by up to ±10 % so that a fleet does not rotate in one beat.</summary>
internal static class RotationPoint
{
    /// <summary>How far the point may lie from half-life, as a share of half-life. SPIRE uses the same width but draws it anew on each check.</summary>
    public const double Jitter = 0.10;

    private const int Steps = 1 << 20;

    /// <summary>Draws the point for one SVID. Call it once when the SVID is signed.</summary>
    public static DateTimeOffset Draw(DateTimeOffset issuedAt, DateTimeOffset expiresAt) => At(issuedAt, expiresAt, RandomNumberGenerator.GetInt32(Steps + 1) / (double)Steps);

    /// <summary>The point for a draw between 0 (earliest) and 1 (latest).</summary>
    internal static DateTimeOffset At(DateTimeOffset issuedAt, DateTimeOffset expiresAt, double draw)
    {
        TimeSpan halfLife = (expiresAt - issuedAt) / 2;
        return halfLife <= TimeSpan.Zero ? issuedAt : issuedAt + halfLife * (1 + Jitter * (2 * draw - 1));
    }
}
