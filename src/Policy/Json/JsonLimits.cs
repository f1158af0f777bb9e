namespace Spiffe.Agent.Policy.Json;

/// <summary>How large JSON may be. All are ours.</summary>
public static class JsonLimits
{
    /// <summary>Bytes of one text. 64 MiB.</summary>
    public const int MaxBytes = 64 * 1024 * 1024;

    /// <summary>Objects and arrays within each other, in entities, contexts, requests and the values of policies. 128: bounds the depth of values.</summary>
    public const int MaxDepth = 128;
}
