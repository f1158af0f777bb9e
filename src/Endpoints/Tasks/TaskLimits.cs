using Google.Protobuf.Collections;
using Spiffe.Agent.Rpc;

namespace Spiffe.Agent.Endpoints.Tasks;

/// <summary>How much a request about a task may hold: looked at before anything is attested, parsed or searched. What the texts say is judged behind this.</summary>
internal static class TaskLimits
{
    /// <summary>Longest id, name, label or key, in characters. Ours.</summary>
    public const int MaxName = 256;

    /// <summary>Longest text for people, location or digest, in characters. Ours.</summary>
    public const int MaxText = 4096;

    /// <summary>Longest authorization_details, in characters. Ours: as the CLI sends at most.</summary>
    public const int MaxDetails = 256 * 1024;

    /// <summary>Longest token, in characters. Ours: those of CI systems take some 2 KiB.</summary>
    public const int MaxToken = 16 * 1024;

    /// <summary>Longest X.509-SVID with its chain, in bytes. Ours.</summary>
    public const int MaxChain = 64 * 1024;

    /// <summary>Longest certificate request, in bytes. Ours: one with a key of RSA 16384 and some names.</summary>
    public const int MaxCertificateRequest = 8 * 1024;

    /// <summary>Most elements of a list or a map. Ours.</summary>
    public const int MaxElements = 64;

    /// <exception cref="RpcException">InvalidArgument: the text is longer.</exception>
    public static string Bounded(string text, string field, int most = MaxName) => text.Length <= most ? text : throw TooLong(field, $"{most} characters");

    /// <inheritdoc cref="Bounded(string, string, int)"/>
    public static RepeatedField<string> Bounded(RepeatedField<string> texts, string field, int most = MaxName)
    {
        if (texts.Count > MaxElements) throw TooLong(field, $"{MaxElements} of them");
        foreach (string text in texts) Bounded(text, field, most);
        return texts;
    }

    /// <inheritdoc cref="Bounded(string, string, int)"/>
    public static MapField<string, string> Bounded(MapField<string, string> labels, string field)
    {
        if (labels.Count > MaxElements) throw TooLong(field, $"{MaxElements} of them");
        foreach ((string key, string value) in labels)
        {
            Bounded(key, field);
            Bounded(value, field);
        }

        return labels;
    }

    /// <exception cref="RpcException">InvalidArgument: there are more bytes.</exception>
    public static ReadOnlyMemory<byte> Bounded(Google.Protobuf.ByteString bytes, string field, int most) =>
        bytes.Length <= most ? bytes.Memory : throw TooLong(field, $"{most} bytes");

    public static RpcException Invalid(string detail) => new(new Status(StatusCode.InvalidArgument, detail));

    private static RpcException TooLong(string field, string most) => Invalid($"{field}: at most {most}");
}
