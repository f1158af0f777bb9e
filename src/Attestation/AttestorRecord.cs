namespace Spiffe.Agent.Attestation;

/// <summary>Counts how an attestor does. Safe for use by several threads; counting costs two interlocked additions at most.</summary>
internal sealed class AttestorRecord(string type, TimeProvider clock)
{
    private long _asked;
    private long _failed;
    private Failure? _last;

    internal AttestorStatus Status => Volatile.Read(ref _last) is { } last
        ? new AttestorStatus(type, Volatile.Read(ref _asked), Volatile.Read(ref _failed), last.Text, last.At)
        : new AttestorStatus(type, Volatile.Read(ref _asked), 0, "", null);

    internal AttestorAnswer Count(AttestorAnswer answer)
    {
        Interlocked.Increment(ref _asked);
        if (answer.Findings is not null) return answer;
        Volatile.Write(ref _last, new Failure(answer.Detail, clock.GetUtcNow()));
        Interlocked.Increment(ref _failed);
        return answer;
    }

    private sealed record Failure(string Text, DateTimeOffset At);
}
