namespace Spiffe.Agent.Endpoints.StatusLists;

/// <summary>An answer, before it is written.</summary>
/// <param name="Code">The HTTP status.</param>
/// <param name="ContentType">The media type; empty without a body.</param>
/// <param name="Body">The body.</param>
/// <param name="Tag">The entity tag, without quotes; empty for none.</param>
/// <param name="CacheControl">Who may keep it how long.</param>
internal readonly record struct StatusReply(int Code, string ContentType, ReadOnlyMemory<byte> Body, string Tag, string CacheControl)
{
    /// <summary>An answer without a body, which nobody keeps.</summary>
    public static StatusReply Empty(int code) => new(code, "", default, "", "no-store");
}
