using System.Collections.Immutable;
using Spiffe.Agent.Identity;

namespace Spiffe.Agent.Registration;

/// <summary>Every kind of selector that entries may name. A misspelt one would never hold, silently: it is a fault. docs/selectors.md explains each.</summary>
public static class SelectorCatalog
{
    /// <summary>In front of whatever a user's own Podman says: <c>podman:rootless:UID:</c> and then any other selector of Podman.</summary>
    private const string Rootless = "rootless";

    private static readonly ImmutableArray<string> OfSignatures =
    [
        "image-signature", "image-attestations", "image-signature-value", "image-signature-subject", "image-signature-issuer", "image-signature-log-id",
        "image-signature-log-index", "image-signature-integrated-time", "image-signature-signed-entry-timestamp",
    ];

    private static readonly ImmutableArray<Known> Kinds =
    [
        One("unix", "uid", SelectorForm.Number), One("unix", "user"), One("unix", "gid", SelectorForm.Number), One("unix", "group"),
        Many("unix", "supplementary_gid", SelectorForm.Number), Many("unix", "supplementary_group"),
        One("unix", "path", SelectorForm.Path), One("unix", "sha256", SelectorForm.Sha256), One("unix", "pid", SelectorForm.PlaceholderOnly),
        One("systemd", "id"), One("systemd", "fragment_path", SelectorForm.Path), One("systemd", "template", SelectorForm.Template), One("systemd", "instance"),
        One("systemd", "slice"), One("systemd", "invocation_id", SelectorForm.Id128), One("systemd", "user_unit", SelectorForm.UserUnit),
        .. OfEngine("docker"), .. OfSignatures.Select(key => NotTaken("docker", key)),
        .. OfEngine("podman"), One("podman", "name"), One("podman", "pod_id", SelectorForm.Sha256), One("podman", "pod_name"), Many("podman", Rootless, SelectorForm.Pair),
        One("k8s", "ns"), One("k8s", "sa"), One("k8s", "node-name"), One("k8s", "pod-uid"), One("k8s", "pod-name"), Many("k8s", "pod-label", SelectorForm.Pair),
        Many("k8s", "pod-owner", SelectorForm.Pair), Many("k8s", "pod-owner-uid", SelectorForm.Pair), Many("k8s", "pod-image"),
        One("k8s", "pod-image-count", SelectorForm.Number), Many("k8s", "pod-init-image"), One("k8s", "pod-init-image-count", SelectorForm.Number),
        One("k8s", "container-name"), Many("k8s", "container-image"), Many("k8s", "container-image-digest"),
        One("k8s", "container-type", SelectorForm.ContainerType), NotTaken("k8s", "ns-label"), .. OfSignatures.Select(key => NotTaken("k8s", key)),
        One("containerd", "namespace"), One("containerd", "id"), Many("containerd", "label", SelectorForm.Pair), Many("containerd", "image"),
    ];

    private static readonly Dictionary<SelectorKind, Known> ByKind = Kinds.ToDictionary(k => k.Kind);

    /// <summary>Whether this version takes such evidence. What SPIRE knows and this version does not is false: an entry that names it is never earned.</summary>
    public static bool IsTaken(Selector selector) => Find(selector, out _, out _) is { IsTaken: true };

    /// <summary>Whether it speaks of the executable file and not of who runs it.</summary>
    public static bool IsExecutable(Selector selector) => KindOf(selector) is { Type: "unix", Key: "path" or "sha256" };

    /// <summary>The selector's kind, where a process has at most one of it at a time: entries with different values of it never match together.</summary>
    public static SelectorKind? SingleValuedKind(Selector selector) => Find(selector, out SelectorKind kind, out _) is { IsSingle: true } ? kind : null;

    /// <summary>What is wrong with the selector, or null.</summary>
    public static (string Problem, string Remedy)? Judge(Selector selector)
    {
        if (Find(selector, out SelectorKind kind, out ReadOnlySpan<char> value) is not { } known) return Unknown(kind);
        if (value.IsEmpty) return ("has no value behind its key", $"write {kind}:value");
        if (string.Equals(known.Kind.Key, Rootless, StringComparison.Ordinal)) return ("says nothing of a container", $"write podman:{Rootless}:1001:name:db: the user's number, then any selector of podman without its type");
        return SelectorValue.Judge(kind, known.Form, value);
    }

    /// <summary>What is wrong with a placeholder of this kind, or null.</summary>
    public static (string Problem, string Remedy)? FindPlaceholder(SelectorKind kind)
    {
        if (!ByKind.TryGetValue(kind, out Known? known)) return Unknown(kind);
        if (!known.IsSingle) return ($"has the placeholder {{{kind}}}, of which a process may have many", "use a kind that a process has one of, such as {unix:user}");
        return known.Form is SelectorForm.Path or SelectorForm.Template or SelectorForm.UserUnit
            ? ($"has the placeholder {{{kind}}}, whose values are no path segment", "use another kind, such as {unix:user}")
            : null;
    }

    /// <summary>The selector's kind and value. Behind <c>podman:rootless:UID:</c> stands another selector of Podman: its kind is <c>podman:rootless:UID:key</c>.</summary>
    private static Known? Find(Selector selector, out SelectorKind kind, out ReadOnlySpan<char> value)
    {
        kind = KindOf(selector);
        value = selector.Value.Length > kind.Key.Length ? selector.Value.AsSpan(kind.Key.Length + 1) : default;
        Known? known = ByKind.GetValueOrDefault(kind);
        if (known is null || !string.Equals(kind.Key, Rootless, StringComparison.Ordinal)) return known;

        int colon = value.IndexOf(':');
        if (colon < 1 || !SelectorValue.IsNumber(value[..colon])) return known;
        string user = value[..colon].ToString();
        Selector inner = new(kind.Type, value[(colon + 1)..].ToString());
        if (inner.Value.StartsWith(Rootless, StringComparison.Ordinal) || inner.Value.Length == 0) return known;
        Known? found = Find(inner, out SelectorKind innerKind, out ReadOnlySpan<char> innerValue);
        kind = new SelectorKind(kind.Type, $"{Rootless}:{user}:{innerKind.Key}");
        value = selector.Value.AsSpan(selector.Value.Length - innerValue.Length);
        return found;
    }

    private static SelectorKind KindOf(Selector selector)
    {
        int colon = selector.Value.IndexOf(':', StringComparison.Ordinal);
        return new SelectorKind(selector.Type, colon < 0 ? selector.Value : selector.Value[..colon]);
    }

    private static (string Problem, string Remedy) Unknown(SelectorKind kind)
    {
        bool typeKnown = Kinds.Any(k => string.Equals(k.Kind.Type, kind.Type, StringComparison.Ordinal));
        string key = kind.Key[(kind.Key.LastIndexOf(':') + 1)..];
        string nearest = Suggestion.Nearest($"{kind.Type}:{key}", Kinds.Select(k => k.Kind.ToString())) is { } found ? $"did you mean {found}? " : "";
        IEnumerable<string> known = typeKnown
            ? Kinds.Where(k => string.Equals(k.Kind.Type, kind.Type, StringComparison.Ordinal)).Select(k => k.Kind.ToString())
            : Kinds.Select(k => k.Kind.Type).Distinct();
        return (typeKnown ? $"is of the unknown kind {kind}" : $"is of the unknown type {kind.Type}", $"{nearest}known: {string.Join(", ", known)}");
    }

    private static ImmutableArray<Known> OfEngine(string type) =>
        [Many(type, "label", SelectorForm.Pair), Many(type, "env", SelectorForm.Assignment), Many(type, "image_id"), One(type, "image_config_digest")];

    private static Known One(string type, string key, SelectorForm form = SelectorForm.Text) => new(new SelectorKind(type, key), form, IsSingle: true);

    private static Known Many(string type, string key, SelectorForm form = SelectorForm.Text) => new(new SelectorKind(type, key), form, IsSingle: false);

    private static Known NotTaken(string type, string key) => new(new SelectorKind(type, key), SelectorForm.Text, IsSingle: false) { IsTaken = false };

    /// <param name="Kind">Type and key.</param>
    /// <param name="Form">What its values look like.</param>
    /// <param name="IsSingle">Whether a process has at most one at a time.</param>
    private sealed record Known(SelectorKind Kind, SelectorForm Form, bool IsSingle)
    {
        public bool IsTaken { get; init; } = true;
    }
}
