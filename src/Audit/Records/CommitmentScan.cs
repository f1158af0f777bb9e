namespace Spiffe.Agent.Audit.Records;

/// <summary>Finds the commitment of an entry without parsing the rest of it.</summary>
internal static class CommitmentScan
{
    /// <param name="data">The entry's data, which are canonical.</param>
    /// <param name="digest">Its member <c>body</c>, without quotes.</param>
    /// <returns>Whether there is such a member, and it is a text.</returns>
    public static bool TryFind(ReadOnlySpan<byte> data, out ReadOnlySpan<byte> digest)
    {
        digest = default;
        if (data.IndexOf("\"body\":\""u8) < 0) return false; // Most have none; where it stands elsewhere, the members tell.
        int at = 0;
        while (at < data.Length - 1 && data[at + 1] == '"')
        {
            int name = at + 1;
            int value = CanonicalScan.String(data, name) + 1;
            at = CanonicalScan.Value(data, value);
            if (!data[name..(value - 1)].SequenceEqual("\"body\""u8) || data[value] != '"') continue;
            digest = data[(value + 1)..(at - 1)];
            return true;
        }

        return false;
    }
}
