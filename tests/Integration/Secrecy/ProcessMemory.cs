using System.Globalization;

namespace Spiffe.Agent.Tests.Integration.Secrecy;

/// <summary>The memory of a process, read by root.</summary>
internal static class ProcessMemory
{
    private const int Piece = 4 << 20;
    private const int Overlap = 256; // Bytes: more than the longest form.

    /// <summary>Where secrets are, and which.</summary>
    public static IReadOnlyList<(Secret Secret, MappedRegion Region)> Find(int process, SecretFinder finder)
    {
        List<(Secret, MappedRegion)> found = [];
        byte[] buffer = new byte[Piece];
        using FileStream memory = new($"/proc/{process}/mem", FileMode.Open, FileAccess.Read, FileShare.ReadWrite, bufferSize: 0);
        foreach (MappedRegion region in Regions(process).Where(r => r.Permissions.StartsWith('r') && r.Name is not ("[vvar]" or "[vsyscall]" or "[vvar_vclock]")))
        {
            HashSet<Secret> here = [];
            for (long at = region.Start; at < region.End; at += Piece - Overlap)
            {
                int length = Read(memory, at, buffer.AsSpan(0, (int)Math.Min(Piece, region.End - at)));
                here.UnionWith(finder.Find(buffer.AsSpan(0, length)));
            }

            found.AddRange(here.Select(secret => (secret, region)));
        }

        return found;
    }

    private static int Read(FileStream memory, long at, Span<byte> buffer)
    {
        try
        {
            return RandomAccess.Read(memory.SafeFileHandle, buffer, at);
        }
        catch (IOException)
        {
            return 0; // Given back meanwhile, or a device's.
        }
    }

    private static List<MappedRegion> Regions(int process)
    {
        List<MappedRegion> regions = [];
        string[] begin = [];
        foreach (string line in File.ReadLines($"/proc/{process}/smaps"))
        {
            string[] words = line.Split(' ', StringSplitOptions.RemoveEmptyEntries);
            if (words[0] == "VmFlags:")
            {
                string[] range = begin[0].Split('-');
                regions.Add(new MappedRegion(Address(range[0]), Address(range[1]), begin[1], begin.Length > 5 ? begin[5] : "", words[1..].ToHashSet(StringComparer.Ordinal)));
            }
            else if (words.Length >= 5 && !words[0].EndsWith(':'))
            {
                begin = words;
            }
        }

        return regions;
    }

    private static long Address(string text) => long.Parse(text, NumberStyles.HexNumber, CultureInfo.InvariantCulture);
}
