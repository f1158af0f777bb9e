namespace Spiffe.Agent.Rpc.Wire;

/// <summary>Turns HTTP/2 header values into metadata and back.</summary>
internal static class HeaderMetadata
{
    /// <summary>Adds what one header carries. Reserved names and those of HTTP itself are passed over; false when key, text or base64 break the rules.</summary>
    public static bool TryAdd(Metadata metadata, string name, string value)
    {
        if (IsReserved(name)) return true;
        name = name.ToLowerInvariant();
        if (!Metadata.Entry.IsKey(name)) return false;
        if (!name.EndsWith(Metadata.BinaryHeaderSuffix, StringComparison.Ordinal))
        {
            if (!Metadata.Entry.IsText(value)) return false;
            metadata.Add(name, value);
            return true;
        }

        foreach (Range part in value.AsSpan().Split(','))
        {
            if (!BinaryValue.TryDecode(value.AsSpan(part), out byte[] bytes)) return false;
            metadata.Add(name, bytes);
        }

        return true;
    }

    /// <summary>The value of an entry as a header carries it.</summary>
    public static string HeaderValue(Metadata.Entry entry) => entry.Value ?? BinaryValue.Encode(entry.ValueBytes!);

    /// <summary>Names that belong to HTTP or to gRPC itself and are no metadata.</summary>
    public static bool IsReserved(string name) =>
        name.Length == 0
        || name[0] == ':'
        || (name.StartsWith(GrpcHeaders.Reserved, StringComparison.OrdinalIgnoreCase) && !name.Equals(RpcException.DetailsKey, StringComparison.OrdinalIgnoreCase))
        || name.Equals("te", StringComparison.OrdinalIgnoreCase)
        || name.Equals("host", StringComparison.OrdinalIgnoreCase)
        || name.Equals("date", StringComparison.OrdinalIgnoreCase)
        || name.Equals("content-type", StringComparison.OrdinalIgnoreCase)
        || name.Equals("content-length", StringComparison.OrdinalIgnoreCase);
}
