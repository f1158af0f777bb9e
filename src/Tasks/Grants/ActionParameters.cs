using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;
using System.Text.Json;
using System.Text.Unicode;
using Spiffe.Agent.Identity.Json;

namespace Spiffe.Agent.Tasks.Grants;

/// <summary>The parameters of an action: any JSON object, known by its digest. Constraints see its own members that are texts or exact numbers.</summary>
public sealed class ActionParameters
{
    /// <summary>Longest JSON that is read, in bytes. Ours: parameters name things, they do not carry them.</summary>
    public const int MaxLength = 16 * 1024;

    /// <summary>Most members at the top. Ours.</summary>
    public const int MaxMembers = 128;

    private static readonly JsonDocumentOptions Strict = new() { AllowDuplicateProperties = false, MaxDepth = 16 };

    private ActionParameters(ImmutableSortedDictionary<string, ParameterValue> values, string? digest) => (Values, Digest) = (values, digest);

    /// <summary>No parameters at all.</summary>
    public static ActionParameters None { get; } = new(ImmutableSortedDictionary.Create<string, ParameterValue>(StringComparer.Ordinal), null);

    /// <summary>By name. Members of other kinds, and numbers that are not exact, are there and equal to nothing.</summary>
    public ImmutableSortedDictionary<string, ParameterValue> Values { get; }

    /// <summary>SHA-256 of the canonical JSON, base64url; null where there are no parameters.</summary>
    public string? Digest { get; }

    /// <summary>Reads a JSON object; an empty text stands for none. Refused: other JSON, duplicate names at any level, invalid Unicode, numbers that a double cannot hold (two
    /// of them would have one digest), what passes a limit.</summary>
    public static bool TryParse(ReadOnlySpan<byte> utf8Json, [NotNullWhen(true)] out ActionParameters? parameters)
    {
        parameters = utf8Json.IsEmpty ? None : null;
        if (parameters is not null) return true;
        if (utf8Json.Length > MaxLength || !Utf8.IsValid(utf8Json)) return false;
        try
        {
            using JsonDocument document = JsonDocument.Parse(utf8Json.ToArray(), Strict);
            JsonElement root = document.RootElement;
            if (root.ValueKind != JsonValueKind.Object || root.GetPropertyCount() > MaxMembers) return false;
            string digest = CanonicalJson.Digest(CanonicalJson.Of(root, exactNumbers: true));
            ImmutableSortedDictionary<string, ParameterValue>.Builder values = None.Values.ToBuilder();
            foreach (JsonProperty member in root.EnumerateObject()) values.Add(member.Name, ValueOf(member.Value));
            parameters = new ActionParameters(values.ToImmutable(), digest);
            return true;
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException or FormatException)
        {
            return false;
        }
    }

    /// <summary>Parameters as they were recorded: what constraints and policies see of them, and the digest of the whole.</summary>
    internal static ActionParameters Recorded(ImmutableSortedDictionary<string, ParameterValue> values, string? digest) => new(values, digest);

    private static ParameterValue ValueOf(JsonElement element) => element.ValueKind switch
    {
        JsonValueKind.String => ParameterValue.Of(element.GetString()!),
        JsonValueKind.Number => JsonParts.TryExact(element.GetRawText(), out decimal number) ? ParameterValue.Of(number) : ParameterValue.Inexact,
        _ => default,
    };
}
