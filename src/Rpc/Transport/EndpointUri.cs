using System.Diagnostics.CodeAnalysis;

namespace Spiffe.Agent.Rpc.Transport;

/// <summary>The address of an endpoint, as clients and daemons write it: <c>unix:///absolute/path</c>. Workload Endpoint §4.</summary>
/// <remarks>The standard also knows <c>tcp://ip:port</c>, for networks that authenticate every sender (§3). This daemon knows a caller by the kernel alone, so TCP is refused.</remarks>
public sealed class EndpointUri
{
    private const string UnixScheme = "unix:";

    private EndpointUri(string path) => Path = path;

    /// <summary>The absolute path of the socket, at most <see cref="UnixSocketOptions.MaxPathLength"/> bytes.</summary>
    public string Path { get; }

    /// <summary>Reads a URI. The scheme is case-insensitive (RFC 3986 §3.1).</summary>
    /// <param name="text">The URI.</param>
    /// <param name="uri">The address.</param>
    /// <param name="fault">What is wrong and what to write instead.</param>
    public static bool TryParse(string? text, [NotNullWhen(true)] out EndpointUri? uri, [NotNullWhen(false)] out string? fault)
    {
        uri = null;
        fault = Fault(text, out string path);
        if (fault is null) uri = new EndpointUri(path);
        return fault is null;
    }

    public override string ToString() => string.Concat("unix://", Path);

    private static string? Fault(string? text, out string path)
    {
        path = "";
        if (string.IsNullOrEmpty(text)) return "no address: write unix:///path/to/socket";
        if (text.StartsWith("unix-abstract:", StringComparison.OrdinalIgnoreCase)) return AbstractRefused;
        if (text.StartsWith("tcp:", StringComparison.OrdinalIgnoreCase))
            return "TCP is refused: the kernel cannot say which process speaks over it (Workload Endpoint §3); write unix:///path/to/socket";
        if (text[0] is '@' or '\0') return AbstractRefused;
        if (!text.StartsWith(UnixScheme, StringComparison.OrdinalIgnoreCase)) return "not a unix address: write unix:///path/to/socket";

        string rest = text[UnixScheme.Length..];
        if (rest.StartsWith('@') || rest.StartsWith("//@", StringComparison.Ordinal) || rest.StartsWith('\0')) return AbstractRefused;
        if (rest.StartsWith("//", StringComparison.Ordinal))
        {
            rest = rest[2..];
            if (!rest.StartsWith('/')) return "an authority is not allowed (Workload Endpoint §4): write three slashes, unix:///path/to/socket";
        }

        if (rest.AsSpan().ContainsAny('?', '#')) return "a query or fragment is not allowed (Workload Endpoint §4)";
        if (rest.Contains('%', StringComparison.Ordinal)) return "percent signs are not allowed: write the path as it is";
        path = rest;
        return SocketPath.Fault(rest);
    }

    private const string AbstractRefused =
        "abstract sockets are refused: no file permission guards them and any process may take the name; write unix:///path/to/socket";
}
