using System.Collections.Frozen;
using System.Globalization;
using System.Text.RegularExpressions;

namespace Spiffe.Agent.Tests.TestKit.Descriptors;

/// <summary>How many descriptors a process has open, by what they refer to: for tests that say that nothing stays open.</summary>
/// <remarks>Assemblies are left out: the runtime opens them when their first method is called, twice each, and keeps them. What others hold for a moment – a file just being read, the pipe of a child just being
/// started – is waited out, and never mistaken for what stays.</remarks>
public sealed partial class OpenDescriptors
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly int _processId;
    private readonly FrozenDictionary<string, int> _kinds;

    private OpenDescriptors(int processId, FrozenDictionary<string, int> kinds) => (_processId, _kinds) = (processId, kinds);

    /// <summary>Of all kinds together.</summary>
    public int Count => _kinds.Values.Sum();

    /// <summary>Those that this process has open now.</summary>
    public static OpenDescriptors Now() => Of(Environment.ProcessId);

    /// <summary>Those that a process has open now.</summary>
    public static OpenDescriptors Of(int processId) => new(processId, Directory.GetFileSystemEntries(string.Create(CultureInfo.InvariantCulture, $"/proc/{processId}/fd"))
        .Select(static link => new FileInfo(link).LinkTarget)
        .Where(static target => target is not null && !target.EndsWith(".dll", StringComparison.Ordinal)) // Null: closed meanwhile.
        .CountBy(static target => Number.Replace(target!, "N"))
        .ToFrozenDictionary(StringComparer.Ordinal));

    /// <summary>Waits until of no kind more are open than were then, <paramref name="spare"/> aside; what is collected is collected.</summary>
    /// <exception cref="InvalidOperationException">Of some kind more stay open: which, and how many.</exception>
    public async Task NoMoreThanThenAsync(int spare)
    {
        using CancellationTokenSource patience = new(Patience);
        while (true)
        {
            GC.Collect();
            GC.WaitForPendingFinalizers();
            string[] more = [.. Of(_processId)._kinds.Where(kind => kind.Value > _kinds.GetValueOrDefault(kind.Key) + spare).Select(kind => $"{kind.Value - _kinds.GetValueOrDefault(kind.Key)} more of {kind.Key}")];
            if (more.Length == 0) return;
            if (patience.IsCancellationRequested) throw new InvalidOperationException($"descriptors stay open: {string.Join(", ", more)}");
            await Task.Delay(TimeSpan.FromMilliseconds(20));
        }
    }

    [GeneratedRegex("[0-9]+")]
    private static partial Regex Number { get; }
}
