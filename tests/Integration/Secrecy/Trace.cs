using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;

namespace Spiffe.Agent.Tests.Integration.Secrecy;

/// <summary>Everything that some processes let out while they ran.</summary>
internal sealed partial class Trace
{
    // What the .NET runtime shares with nobody: code that it compiles, mapped twice, and a mark.
    private static readonly string[] RuntimeFiles = ["doublemapper", "dotnet_ipc_created"];

    private readonly Dictionary<int, int> _processes = [];

    private Trace(IReadOnlyList<TracedCall> calls)
    {
        Calls = calls;
        Root = calls[0].Thread;
        foreach (TracedCall call in calls.Where(c => c.Name is "clone" or "clone3" && c.Result > 0 && c.Arguments.Contains("CLONE_THREAD", StringComparison.Ordinal)))
        {
            _processes[(int)call.Result!] = ProcessOf(call.Thread);
        }
    }

    public IReadOnlyList<TracedCall> Calls { get; }

    /// <summary>The process that was started.</summary>
    public int Root { get; }

    /// <summary>How many bytes were looked at.</summary>
    public long Bytes => Calls.Sum(call => call.Texts.Sum(text => (long)text.Length));

    public static Trace Read(string file) => new(TraceReader.Read(File.ReadLines(file, Encoding.Latin1)));

    /// <summary>The process of a thread. Who begins as a copy of a process is one of its own.</summary>
    public int ProcessOf(int thread) => _processes.GetValueOrDefault(thread, thread);

    /// <summary>Every secret that went anywhere, in one call or in several that one place took.</summary>
    public IReadOnlyList<Sighting> Sightings(SecretFinder finder)
    {
        Dictionary<(int Process, string Place), StringBuilder> places = [];
        foreach (TracedCall call in Calls)
        {
            bool isWrite = TracedSyscalls.IsWrite(call.Name);
            string payload = call.Payload;
            bool isWhole = call.Texts.Count == 1 || call.Name is "writev" or "pwritev" or "pwritev2" || (call.Name == "sendmsg" && call.Arguments.Contains("msg_name=NULL", StringComparison.Ordinal));
            if (isWrite && isWhole && call.Result >= 0 && call.Result < payload.Length) payload = payload[..(int)call.Result]; // The rest is written again.
            string place = isWrite ? $"{call.Target}{(call.Result is < 0 or null ? " (refused)" : "")}" : call.Name;
            if (!places.TryGetValue((ProcessOf(call.Thread), place), out StringBuilder? taken)) places.Add((ProcessOf(call.Thread), place), taken = new StringBuilder());
            taken.Append(payload);
        }

        return [.. places.SelectMany(p => finder.Find(p.Value.ToString()).Select(secret => new Sighting(secret, p.Key.Process, p.Key.Place)))];
    }

    /// <summary>Calls that may have carried bytes which are not in the trace. None may be.</summary>
    public IReadOnlyList<string> Unaccounted()
    {
        HashSet<string> opened = [.. Written().Select(write => write.Path)];
        return [.. Calls.Where(call => !IsAccounted(call, opened)).Select(call => call.ToString()).Distinct(StringComparer.Ordinal)];
    }

    /// <summary>Files that were opened to be written, and by whom.</summary>
    public IReadOnlyList<(int Process, string Path)> Written() =>
    [
        .. Calls.Where(c => c.Name is "open" or "openat" or "openat2" or "creat" && c.Result >= 0 && (c.Name == "creat" || Writing().IsMatch(c.Arguments))).Select(c => (ProcessOf(c.Thread), c.Made)).Distinct(),
    ];

    /// <summary>Numbers of the sockets by which a process was connected to somebody.</summary>
    public IReadOnlySet<long> Connections(int process) => Calls.Where(c => ProcessOf(c.Thread) == process).Select(c => PeerSocket().Match(c.Target))
        .Where(m => m.Success).Select(m => long.Parse(m.Groups[1].Value, CultureInfo.InvariantCulture)).ToHashSet();

    /// <summary>The other end of a connection that came over the socket at a path; null when the place is anything else.</summary>
    public static long? PeerOf(string place, string socket)
    {
        Match match = PeerSocket().Match(place);
        return match.Success && match.Groups[3].Value == socket ? long.Parse(match.Groups[2].Value, CultureInfo.InvariantCulture) : null;
    }

    private static bool IsAccounted(TracedCall call, HashSet<string> opened) => call.Name switch
    {
        _ when !TracedSyscalls.IsSearched(call.Name) => false,
        "mmap" when call.Arguments.Contains("MAP_SHARED", StringComparison.Ordinal) => IsRuntimes(MappedFile().Match(call.Arguments).Groups[1].Value) || IsReadOnly(call, opened),
        "memfd_create" => Array.Exists(RuntimeFiles, name => name == call.Payload),
        "ioctl" => Question().IsMatch(call.Arguments),
        _ when call.Arguments.Contains("SCM_RIGHTS", StringComparison.Ordinal) => false,
        _ when call.Arguments.Contains("\"\"...", StringComparison.Ordinal) => call.Name == "prctl", // Cut off by strace; names of threads have 15 characters in any case.
        _ when call.Target.StartsWith("NETLINK:", StringComparison.Ordinal) => call.Result is null or <= MaxNetlink, // strace reads their fields, and shows no bytes.
        _ when TracedSyscalls.IsWrite(call.Name) => call.Result is null || call.Result <= call.Texts.Sum(text => text.Length),
        _ => true,
    };

    private const int MaxNetlink = 64; // Bytes: headers.

    private static bool IsReadOnly(TracedCall call, HashSet<string> opened) =>
        !call.Arguments.Contains("PROT_WRITE", StringComparison.Ordinal) && MappedFile().Match(call.Arguments) is { Success: true } file && !opened.Contains(Unescape(file.Groups[1].Value));

    private static bool IsRuntimes(string file) => Unescape(file) is ['/', 'm', 'e', 'm', 'f', 'd', ':', .. string name] && name == RuntimeFiles[0];

    private static string Unescape(string text) => TraceReader.Decode(text);

    [GeneratedRegex("O_WRONLY|O_RDWR|O_CREAT|O_TRUNC|O_TMPFILE", RegexOptions.CultureInvariant)]
    private static partial Regex Writing();

    [GeneratedRegex(@"^UNIX-STREAM:\[(\d+)->(\d+)(?:,""([^""]*)"")?\]", RegexOptions.CultureInvariant)]
    private static partial Regex PeerSocket();

    [GeneratedRegex(@", \d+<([^>]*)>", RegexOptions.CultureInvariant)]
    private static partial Regex MappedFile();

    // The last is PIDFD_GET_INFO. All take a question and give an answer.
    [GeneratedRegex(@"^, (TCGETS2?|TCSETS[WF]?2?|TIOCGWINSZ|TIOCGPGRP|FIONREAD|FIONBIO|FIOCLEX|NS_GET_USERNS|NS_GET_OWNER_UID|_IOC\(_IOC_READ\|_IOC_WRITE, 0xff, 0xb,)", RegexOptions.CultureInvariant)]
    private static partial Regex Question();
}
