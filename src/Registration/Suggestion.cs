namespace Spiffe.Agent.Registration;

/// <summary>Finds the word that was probably meant.</summary>
public static class Suggestion
{
    /// <summary>Longest word that is compared, in characters: keeps the work on a hostile file small.</summary>
    private const int MaxLength = 64;

    /// <summary>The nearest of <paramref name="words"/>, at most a third of the letters away; null when none is near.</summary>
    public static string? Nearest(string written, IEnumerable<string> words)
    {
        if (written.Length > MaxLength) return null;
        string? nearest = null;
        int best = Math.Max(1, written.Length / 3) + 1;
        foreach (string word in words)
        {
            int distance = Distance(written, word);
            if (distance >= best) continue;
            (best, nearest) = (distance, word);
        }

        return nearest;
    }

    /// <summary>Letters inserted, left out, changed, or swapped with their neighbour.</summary>
    private static int Distance(string a, string b)
    {
        int[] beforeLast = new int[b.Length + 1];
        int[] last = [.. Enumerable.Range(0, b.Length + 1)];
        for (int i = 1; i <= a.Length; i++)
        {
            int[] row = new int[b.Length + 1];
            row[0] = i;
            for (int j = 1; j <= b.Length; j++)
            {
                int change = a[i - 1] == b[j - 1] ? 0 : 1;
                row[j] = Math.Min(Math.Min(last[j] + 1, row[j - 1] + 1), last[j - 1] + change);
                bool swapped = i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1];
                if (swapped) row[j] = Math.Min(row[j], beforeLast[j - 2] + 1);
            }

            (beforeLast, last) = (last, row);
        }

        return last[b.Length];
    }
}
