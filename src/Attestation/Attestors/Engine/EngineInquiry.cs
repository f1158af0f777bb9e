using System.Buffers;
using System.Globalization;
using System.Net;
using Spiffe.Agent.Attestation.Cgroups;
using Spiffe.Agent.Attestation.Http;
using Spiffe.Agent.Attestation.Peer;
using Spiffe.Agent.Identity;

namespace Spiffe.Agent.Attestation.Attestors.Engine;

/// <summary>Asks an engine about the container that the kernel says a process is in, and believes the answer only as far as the kernel bears it out.</summary>
/// <remarks>The engine must speak of that very id, say that it runs, and name a first process that is in the very cgroup that the caller is in. So an engine that is
/// wrong, stale or somebody else's cannot lend a container's name to another; nor can a cgroup that merely looks like a container's.</remarks>
/// <param name="dialect">How it is asked.</param>
/// <param name="cgroupOf">The cgroup of a process, by its number: what the kernel says of the engine's State.Pid.</param>
/// <param name="clock">Counts how long answers are remembered.</param>
internal sealed class EngineInquiry(EngineDialect dialect, Func<int, CgroupReading> cgroupOf, TimeProvider clock) : IDisposable
{
    /// <summary>How often a container is asked about that the engine does not call running though the kernel shows a process in it: it is about to start. 5 times.</summary>
    private const int MaxAttempts = 5;

    private static readonly SearchValues<char> HexDigits = SearchValues.Create("0123456789abcdef");

    private static readonly TimeSpan BetweenAttempts = TimeSpan.FromMilliseconds(100);

    private readonly UnixHttpClient _http = new();
    private readonly Testimonies _testimonies = new(dialect.Remembered, clock);

    /// <summary>How often an engine was asked about a container; for tests.</summary>
    internal int Asked => _asked;

    private int _asked;

    /// <summary>The selectors of the container that the caller is in.</summary>
    /// <param name="endpoint">Who is asked.</param>
    /// <param name="reading">The caller's cgroup.</param>
    /// <param name="place">The container in it.</param>
    /// <param name="scope">Put before each key.</param>
    /// <param name="needed">What is asked about.</param>
    /// <param name="cancellationToken">Ends this caller's waiting.</param>
    /// <exception cref="UnixHttpException">The engine could not be asked, or answered nonsense.</exception>
    internal ValueTask<AttestorFindings> AskAsync(
        UnixEndpoint endpoint, CgroupReading reading, ContainerPlace place, string scope, SelectorKinds needed, CancellationToken cancellationToken) =>
        _testimonies.Recall(reading, place.Path, needed) is { } known
            ? new ValueTask<AttestorFindings>(FindingsOf(known, reading))
            : new ValueTask<AttestorFindings>(AskAnewAsync(endpoint, reading, place, scope, needed, cancellationToken));

    public void Dispose() => _http.Dispose();

    private async Task<AttestorFindings> AskAnewAsync(
        UnixEndpoint endpoint, CgroupReading reading, ContainerPlace place, string scope, SelectorKinds needed, CancellationToken cancellationToken) =>
        FindingsOf(await _testimonies.AskAsync(place.Path, needed, end => HearAsync(endpoint, reading, place.Id, scope, needed, end), cancellationToken), reading);

    // Who joined another's asking may by now be in a container that was made anew in the same place.
    private AttestorFindings FindingsOf(Testimony testimony, CgroupReading reading) => testimony.Container?.IsSameContainer(reading) == false
        ? new AttestorFindings([], [new RefusedEvidence(dialect.Type, "", EvidenceRefusal.RuntimeDisagrees, "the container was made anew while it was asked about")])
        : new AttestorFindings(testimony.Evidence, testimony.Refused) { Cgroup = reading };

    private async Task<Testimony> HearAsync(UnixEndpoint endpoint, CgroupReading caller, string id, string scope, SelectorKinds needed, CancellationToken cancellationToken)
    {
        string source = string.Concat(dialect.Type, " ", endpoint.Path);
        for (int attempt = 1; ; attempt++)
        {
            long taken = clock.GetTimestamp();
            EngineContainer? container = await InspectAsync(endpoint, id, cancellationToken);
            if (container is null) return Testimony.None(needed, dialect.Type, EvidenceRefusal.NotKnownToRuntime, $"{source}: no container {id}");
            if (container.Id != id) return Disagreement("answers for another container");
            if (!container.IsRunning || container.ProcessId <= 0)
            {
                if (attempt == MaxAttempts) return Disagreement("does not call the container running");
                await Task.Delay(BetweenAttempts, clock, cancellationToken);
                continue;
            }

            // The start time is read first: if the pid changes hands after it, what is remembered is of the dead, and forgotten.
            ulong? started = PeerProcess.ReadStartTime(container.ProcessId);
            CgroupReading first = cgroupOf(container.ProcessId);
            if (started is null || !first.IsSameContainer(caller))
                return Disagreement(string.Create(CultureInfo.InvariantCulture, $"says that the container is process {container.ProcessId}, which the kernel shows elsewhere"));

            EngineSelectors selectors = new(dialect.Type, scope, source, needed);
            selectors.Add(container, withNames: dialect.Pods is not null);
            if (dialect.Pods is not null && container.PodId.Length > 0 && Asks("pod_name"))
                selectors.Add("pod_name", await PodNameAsync(endpoint, container, cancellationToken));
            return new Testimony(needed, selectors.Found, [], first, container.ProcessId, started.Value, taken);
        }

        Testimony Disagreement(string what) => Testimony.None(needed, dialect.Type, EvidenceRefusal.RuntimeDisagrees, $"{source} {what}");

        bool Asks(string key) => needed.Contains(dialect.Type, scope.Length == 0 ? key : scope[..scope.IndexOf(':', StringComparison.Ordinal)]);
    }

    /// <summary>Null when the engine knows no such container.</summary>
    private async Task<EngineContainer?> InspectAsync(UnixEndpoint endpoint, string id, CancellationToken cancellationToken)
    {
        Interlocked.Increment(ref _asked);
        using UnixHttpAnswer? answer = await GetAsync(endpoint, string.Concat(dialect.Containers, id, "/json"), cancellationToken);
        return answer is null ? null : EngineAnswer.ReadContainer(answer.Body) ?? throw Malformed(endpoint, "the container");
    }

    /// <summary>Empty when the engine knows no such pod, or not with this container in it.</summary>
    private async Task<string> PodNameAsync(UnixEndpoint endpoint, EngineContainer container, CancellationToken cancellationToken)
    {
        if (!IsId(container.PodId)) throw Malformed(endpoint, "the pod's id");
        using UnixHttpAnswer? answer = await GetAsync(endpoint, string.Concat(dialect.Pods, container.PodId, "/json"), cancellationToken);
        return answer is null ? "" : EngineAnswer.ReadPodName(answer.Body, container.PodId, container.Id) ?? throw Malformed(endpoint, "the pod");
    }

    /// <summary>Null for what the engine does not know.</summary>
    private async Task<UnixHttpAnswer?> GetAsync(UnixEndpoint endpoint, string path, CancellationToken cancellationToken)
    {
        UnixHttpAnswer answer = await _http.GetAsync(endpoint, path, cancellationToken);
        if (answer.Status == HttpStatusCode.OK) return answer;
        using (answer)
        {
            if (answer.Status == HttpStatusCode.NotFound && EngineAnswer.IsMessage(answer.Body)) return null;
            throw new UnixHttpException(EvidenceRefusal.AnswerMalformed, string.Create(CultureInfo.InvariantCulture, $"{endpoint.Path}: status {(int)answer.Status}"));
        }
    }

    /// <summary>Ids go into paths, so they are nothing but 64 digits of [0-9a-f].</summary>
    internal static bool IsId(string id) => id.Length == 64 && !id.AsSpan().ContainsAnyExcept(HexDigits);

    private static UnixHttpException Malformed(UnixEndpoint endpoint, string what) =>
        new(EvidenceRefusal.AnswerMalformed, $"{endpoint.Path}: {what} is not described as the API says");
}
