using System.Globalization;
using System.Text;

namespace Spiffe.Agent.Rpc.Transport;

/// <summary>What a path must be to name a socket.</summary>
internal static class SocketPath
{
    /// <summary>What is wrong with the path; null when nothing is.</summary>
    internal static string? Fault(string path)
    {
        if (path.Length == 0 || path[0] != '/') return "the path must be absolute";
        foreach (char c in path)
        {
            if (char.IsControl(c)) return "control characters are not allowed in the path";
        }

        if (path[^1] == '/') return "the path names a directory";
        foreach (Range range in path.AsSpan(1).Split('/'))
        {
            if (path.AsSpan(1)[range] is "" or "." or "..") return "the path must not hold empty, '.' or '..' segments";
        }

        int length = Encoding.UTF8.GetByteCount(path);
        return IsTooLong(path) ? string.Create(CultureInfo.InvariantCulture,
            $"the path is {length} bytes long; a Unix socket's path holds at most {UnixSocketOptions.MaxPathLength} (sun_path, unix(7))") : null;
    }

    internal static bool IsTooLong(string path) => Encoding.UTF8.GetByteCount(path) > UnixSocketOptions.MaxPathLength;
}
