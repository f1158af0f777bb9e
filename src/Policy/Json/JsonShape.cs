using System.Collections.Immutable;
using Spiffe.Agent.Policy.Extensions;

namespace Spiffe.Agent.Policy.Json;

/// <summary>
/// What a schema expects of a JSON value, as far as that changes how it is read: where an entity or an extension value is expected, the <c>__entity</c> and
/// <c>__extn</c> escapes may be left out. It checks nothing else. Cedar docs, "Entities JSON format".
/// </summary>
public sealed class JsonShape
{
    private static readonly ImmutableDictionary<string, JsonShape> NoFields = ImmutableDictionary.Create<string, JsonShape>(StringComparer.Ordinal);

    private JsonShape(bool isEntity, ExtensionType? extension, JsonShape? element, ImmutableDictionary<string, JsonShape>? fields) =>
        (IsEntity, Extension, Element, Fields) = (isEntity, extension, element, fields ?? NoFields);

    /// <summary>An entity: <c>{ "type": …, "id": … }</c> will do.</summary>
    public static JsonShape Entity { get; } = new(true, null, null, null);

    internal bool IsEntity { get; }

    internal ExtensionType? Extension { get; }

    internal JsonShape? Element { get; }

    internal ImmutableDictionary<string, JsonShape> Fields { get; }

    /// <summary>An extension value: the text of its constructor will do, or <c>{ "fn": …, "arg": … }</c>.</summary>
    public static JsonShape Of(ExtensionType type) => new(false, type, null, null);

    /// <summary>A set of such elements.</summary>
    public static JsonShape SetOf(JsonShape element) => new(false, null, element, null);

    /// <summary>A record with these fields; others are read as they stand.</summary>
    public static JsonShape RecordOf(ImmutableDictionary<string, JsonShape> fields) => new(false, null, null, fields);
}
