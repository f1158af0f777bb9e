using System.Buffers;
using System.Collections.Immutable;
using Spiffe.Agent.Identity;

namespace Spiffe.Agent.Registration;

/// <summary>Every kind of selector that entries may name. A misspelt one would never hold, silently: it is a fault here. docs/selectors.md explains each.</summary>
public static class SelectorCatalog
{
    /// <summary>What a kind's value looks like. <c>Single</c>: a process has at most one of it at a time, so two entries with different values never match together.</summary>
    private enum Shape
    {
        Many,
        Single,
        SingleNumber,
        ManyNumber,
        SinglePath,
        SingleSha256,
        PlaceholderOnly,
    }

    private static readonly ImmutableArray<(string Type, string Key, Shape Shape)> Kinds =
    [
        ("unix", "uid", Shape.SingleNumber), ("unix", "user", Shape.Single), ("unix", "gid", Shape.SingleNumber), ("unix", "group", Shape.Single),
        ("unix", "supplementary_gid", Shape.ManyNumber), ("unix", "supplementary_group", Shape.Many),
        ("unix", "path", Shape.SinglePath), ("unix", "sha256", Shape.SingleSha256), ("unix", "pid", Shape.PlaceholderOnly),
        ("systemd", "id", Shape.Single), ("systemd", "fragment_path", Shape.SinglePath),
        ("docker", "label", Shape.Many), ("docker", "env", Shape.Many), ("docker", "image_id", Shape.Many), ("docker", "image_config_digest", Shape.Single),
        ("docker", "image-signature", Shape.Many), ("docker", "image-attestations", Shape.Many), ("docker", "image-signature-value", Shape.Many),
        ("docker", "image-signature-subject", Shape.Many), ("docker", "image-signature-issuer", Shape.Many),
        ("docker", "image-signature-log-id", Shape.Many), ("docker", "image-signature-log-index", Shape.Many),
        ("docker", "image-signature-integrated-time", Shape.Many), ("docker", "image-signature-signed-entry-timestamp", Shape.Many),
        ("k8s", "ns", Shape.Single), ("k8s", "ns-label", Shape.Many), ("k8s", "sa", Shape.Single), ("k8s", "node-name", Shape.Single),
        ("k8s", "pod-uid", Shape.Single), ("k8s", "pod-name", Shape.Single), ("k8s", "pod-label", Shape.Many), ("k8s", "pod-owner", Shape.Many),
        ("k8s", "pod-owner-uid", Shape.Many), ("k8s", "pod-image", Shape.Many), ("k8s", "pod-image-count", Shape.SingleNumber),
        ("k8s", "pod-init-image", Shape.Many), ("k8s", "pod-init-image-count", Shape.SingleNumber), ("k8s", "container-name", Shape.Single),
        ("k8s", "container-image", Shape.Many), ("k8s", "image-signature", Shape.Many), ("k8s", "image-attestations", Shape.Many),
        ("k8s", "image-signature-value", Shape.Many), ("k8s", "image-signature-subject", Shape.Many), ("k8s", "image-signature-issuer", Shape.Many),
        ("k8s", "image-signature-log-id", Shape.Many), ("k8s", "image-signature-log-index", Shape.Many),
        ("k8s", "image-signature-integrated-time", Shape.Many), ("k8s", "image-signature-signed-entry-timestamp", Shape.Many),
    ];

    private static readonly SearchValues<char> HexDigits = SearchValues.Create("0123456789abcdef");

    private static readonly Dictionary<SelectorKind, Shape> Shapes = Kinds.ToDictionary(k => new SelectorKind(k.Type, k.Key), k => k.Shape);

    /// <summary>Whether this version takes evidence of that type.</summary>
    public static bool IsAttested(string type) => type is "unix";

    /// <summary>Whether it speaks of the executable file and not of who runs it.</summary>
    public static bool IsExecutable(Selector selector) => KindOf(selector) is { Type: "unix", Key: "path" or "sha256" };

    /// <summary>The selector's kind, where a process has at most one of it.</summary>
    public static SelectorKind? SingleValuedKind(Selector selector)
    {
        SelectorKind kind = KindOf(selector);
        return Shapes.TryGetValue(kind, out Shape shape) && shape is not (Shape.Many or Shape.ManyNumber) ? kind : null;
    }

    /// <summary>What is wrong with the selector, or null.</summary>
    public static (string Problem, string Remedy)? Judge(Selector selector)
    {
        SelectorKind kind = KindOf(selector);
        if (!Shapes.TryGetValue(kind, out Shape shape)) return Unknown(kind);
        if (!kind.TryGetValue(selector, out ReadOnlySpan<char> value) || value.IsEmpty) return ("has no value behind its key", $"write {kind}:value");
        return shape switch
        {
            Shape.PlaceholderOnly => ("is of use to one process that will end, and its number will be given to another", $"use {{{kind}}} in an id, never as a selector"),
            Shape.SingleNumber or Shape.ManyNumber when !IsNumber(value) => ("never holds: its value is no number", $"write digits without leading zeros, such as {kind}:1001"),
            Shape.SinglePath when value[0] != '/' => ("never holds: its value is no absolute path", $"write {kind}:/usr/bin/name"),
            Shape.SingleSha256 when !IsSha256(value) => ("never holds: its value is no SHA-256", "write 64 digits of [0-9a-f], as sha256sum prints them"),
            _ => null,
        };
    }

    /// <summary>What is wrong with a placeholder of this kind, or null.</summary>
    public static (string Problem, string Remedy)? FindPlaceholder(SelectorKind kind) => Shapes.TryGetValue(kind, out Shape shape)
        ? shape switch
        {
            Shape.Many or Shape.ManyNumber => ($"has the placeholder {{{kind}}}, of which a process may have many", "use a kind that a process has one of, such as {unix:user}"),
            Shape.SinglePath => ($"has the placeholder {{{kind}}}, whose values have slashes and are no path segment", "use another kind, such as {unix:user}"),
            _ => null,
        }
        : Unknown(kind);

    private static SelectorKind KindOf(Selector selector)
    {
        int colon = selector.Value.IndexOf(':', StringComparison.Ordinal);
        return new SelectorKind(selector.Type, colon < 0 ? selector.Value : selector.Value[..colon]);
    }

    private static (string Problem, string Remedy) Unknown(SelectorKind kind)
    {
        bool typeKnown = Kinds.Any(k => string.Equals(k.Type, kind.Type, StringComparison.Ordinal));
        string nearest = Suggestion.Nearest(kind.ToString(), Kinds.Select(k => $"{k.Type}:{k.Key}")) is { } found ? $"did you mean {found}? " : "";
        IEnumerable<string> known = typeKnown
            ? Kinds.Where(k => string.Equals(k.Type, kind.Type, StringComparison.Ordinal)).Select(k => $"{k.Type}:{k.Key}")
            : Kinds.Select(k => k.Type).Distinct();
        return (typeKnown ? $"is of the unknown kind {kind}" : $"is of the unknown type {kind.Type}", $"{nearest}known: {string.Join(", ", known)}");
    }

    private static bool IsNumber(ReadOnlySpan<char> value) =>
        value.Length <= 10 && !value.ContainsAnyExceptInRange('0', '9') && (value.Length == 1 || value[0] != '0');

    private static bool IsSha256(ReadOnlySpan<char> value) => value.Length == 64 && !value.ContainsAnyExcept(HexDigits);
}
