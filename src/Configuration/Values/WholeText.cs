using System.Buffers;
using System.Text;

namespace Spiffe.Agent.Configuration.Values;

/// <summary>Whether a text is made of whole characters: an escape in YAML can spell half of one, which JSON cannot hold.</summary>
internal static class WholeText
{
    public static bool Is(string text)
    {
        for (int at = 0; at < text.Length;)
        {
            if (Rune.DecodeFromUtf16(text.AsSpan(at), out _, out int length) != OperationStatus.Done) return false;
            at += length;
        }

        return true;
    }
}
