using Spiffe.Agent.Identity;

namespace Spiffe.Agent.Registration;

/// <summary>Keeps the values of environment variables, which is where people put passwords, out of what is shown and logged.</summary>
public static class SelectorSecrecy
{
    private const string Redacted = "[redacted]";

    /// <summary>The selector as people may see it: of <c>docker:env:NAME=value</c> the name alone, <c>docker:env:NAME=[redacted]</c>.</summary>
    public static string Shown(Selector selector) => Shown(selector.ToString());

    /// <summary>As above, for what was written as a selector and need not be one.</summary>
    public static string Shown(string written)
    {
        ArgumentNullException.ThrowIfNull(written);
        int value = EnvironmentOf(written);
        if (value < 0) return written;
        int equals = written.IndexOf('=', value);
        return string.Concat(written.AsSpan(0, equals < 0 ? value : equals + 1), Redacted);
    }

    /// <summary>Where the variable begins: behind <c>type:env:</c> or <c>type:rootless:UID:env:</c>. Negative where there is none.</summary>
    private static int EnvironmentOf(string written)
    {
        const string Key = "env:";
        int begin = written.IndexOf(':', StringComparison.Ordinal) + 1;
        if (begin == 0) return -1;
        const string Rootless = "rootless:";
        if (written.AsSpan(begin).StartsWith(Rootless, StringComparison.Ordinal)) begin = written.IndexOf(':', begin + Rootless.Length) + 1;
        return begin > 0 && written.AsSpan(begin).StartsWith(Key, StringComparison.Ordinal) ? begin + Key.Length : -1;
    }
}
