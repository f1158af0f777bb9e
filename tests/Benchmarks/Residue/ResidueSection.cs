using System.Diagnostics;
using System.Security.Cryptography;
using System.Text;
using Spiffe.Agent.Identity;
using Spiffe.Agent.Residue;
using Spiffe.Agent.Residue.Scanning;

namespace Spiffe.Agent.Tests.Benchmarks.Residue;

/// <summary>How fast data is searched, for few credentials and for many, and what a print costs whoever is issued to.</summary>
internal static class ResidueSection
{
    private const int Length = 64 << 20;
    private const int Rounds = 15;

    public static void Run()
    {
        using Fingerprinter prints = new();
        using ECDsa key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        byte[] pkcs8 = key.ExportPkcs8PrivateKey();
        using SecretBytes secret = SecretBytes.CopyOf(pkcs8);
        string token = $"e30.e30.{Convert.ToBase64String(RandomNumberGenerator.GetBytes(64)).TrimEnd('=').Replace('+', '-').Replace('/', '_')}";
        IReadOnlyList<(string Name, double Microseconds, long Bytes)> made = Stopclock.Measure(
            20,
            ("floor: one SHA-256 of 64 bytes", () => SHA256.HashData(pkcs8.AsSpan(0, 64))),
            ("print of a P-256 key", () => prints.OfPrivateKey("x509", "1", secret)),
            ("print of a token", () => prints.OfToken("jwt", "1", token)));
        Stopclock.Print(made, made[0].Microseconds);

        byte[] random = RandomNumberGenerator.GetBytes(Length);
        byte[] text = Text();
        byte[] utf16 = Encoding.Unicode.GetBytes(Encoding.ASCII.GetString(text.AsSpan(0, Length / 2)));
        foreach (int credentials in (int[])[1, 64, 4096])
        {
            NeedleTable table = new(prints.Key, [.. Enumerable.Range(0, credentials).Select(_ => Print(prints))]);
            foreach ((string name, byte[] data) in ((string, byte[])[])[("random bytes", random), ("lines of text", text), ("hexadecimal digits", Hex(random)), ("UTF-16", utf16)])
            {
                Console.WriteLine($"{credentials,5} keys, {table.Count,6} needles, {name,-20} {Rate(table, data),8:F0} MB/s");
            }
        }
    }

    private static CredentialPrint Print(Fingerprinter prints)
    {
        using ECDsa key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        using SecretBytes secret = SecretBytes.CopyOf(key.ExportPkcs8PrivateKey());
        return prints.OfPrivateKey("x509", "1", secret);
    }

    private static double Rate(NeedleTable table, byte[] data)
    {
        double best = double.MaxValue;
        List<Hit> hits = [];
        NeedleScan scan = new(table);
        for (int round = 0; round < Rounds; round++)
        {
            scan.Restart();
            long start = Stopwatch.GetTimestamp();
            scan.Feed(data, hits);
            best = Math.Min(best, Stopwatch.GetElapsedTime(start).TotalSeconds);
        }

        return data.Length / best / 1e6;
    }

    private static byte[] Text()
    {
        byte[] line = Encoding.ASCII.GetBytes("2026-11-22T10:00:00Z info: worker 17 finished step 4 of 9 in 12.3 ms, 1 retry, next: upload results to bucket\n");
        byte[] text = new byte[Length];
        for (int i = 0; i < text.Length; i++) text[i] = line[i % line.Length];
        return text;
    }

    private static byte[] Hex(byte[] of) => Encoding.ASCII.GetBytes(Convert.ToHexStringLower(of.AsSpan(0, Length / 2)));
}
